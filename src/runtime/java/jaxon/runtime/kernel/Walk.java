package jaxon.runtime.kernel;

import java.util.ArrayList;
import java.util.List;
import jaxon.runtime.program.View;

/// How several views of one shape are walked together: dims of size 1 are dropped, and neighbouring
/// dims that every view walks with one stride are merged.
///
/// @param dims at least one; the innermost last
/// @param strides one list per view, in elements, one stride per dim
public record Walk(List<Long> dims, List<List<Long>> strides) {
  public Walk {
    dims = List.copyOf(dims);
    strides = strides.stream().map(List::copyOf).toList();
  }

  public static Walk of(List<View> views) {
    List<Long> dims = new ArrayList<>();
    List<List<Long>> strides = new ArrayList<>();
    views.forEach(_ -> strides.add(new ArrayList<>()));
    View first = views.getFirst();
    for (int dim = 0; dim < first.shape().rank(); dim++) {
      if (first.dim(dim) != 1) {
        add(dims, strides, views, dim);
      }
    }
    if (dims.isEmpty()) {
      dims.add(1L);
      strides.forEach(list -> list.add(0L));
    }
    return new Walk(dims, strides);
  }

  private static void add(List<Long> dims, List<List<Long>> strides, List<View> views, int dim) {
    long size = views.getFirst().dim(dim);
    int last = dims.size() - 1;
    boolean merges = last >= 0;
    for (int i = 0; merges && i < views.size(); i++) {
      merges = strides.get(i).get(last) == size * views.get(i).stride(dim);
    }
    if (merges) {
      dims.set(last, dims.get(last) * size);
      for (int i = 0; i < views.size(); i++) {
        strides.get(i).set(last, views.get(i).stride(dim));
      }
    } else {
      dims.add(size);
      for (int i = 0; i < views.size(); i++) {
        strides.get(i).add(views.get(i).stride(dim));
      }
    }
  }

  int rank() {
    return dims.size();
  }

  /// The dims of view `index` with those it repeats cut to 1, as NumPy's broadcasting wants them.
  public List<Long> broadcastDims(int index) {
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      result.add(strides.get(index).get(i) == 0 ? 1L : dims.get(i));
    }
    return result;
  }
}
