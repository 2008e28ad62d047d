package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jaxon.graph.type.Shape;

/// Finds strides under which a strided view can be read in another shape.
///
/// Old and new dims are cut into the smallest groups of equal element count; a group can be
/// reshaped when its old dims walk memory with one stride. Dims of size 1 join any group.
public final class Reshaping {
  private final List<Long> dims = new ArrayList<>();
  private final List<Long> strides = new ArrayList<>();
  private final Shape target;
  private final long[] found;

  private Reshaping(View view, Shape target) {
    for (int i = 0; i < view.shape().rank(); i++) {
      if (view.dim(i) != 1) {
        dims.add(view.dim(i));
        strides.add(view.stride(i));
      }
    }
    this.target = target;
    this.found = new long[target.rank()];
  }

  /// The strides of `view` reshaped to `target`, or empty when the elements must be copied.
  public static Optional<List<Long>> strides(View view, Shape target) {
    return new Reshaping(view, target).find();
  }

  private Optional<List<Long>> find() {
    int from = 0;
    int newFrom = 0;
    while (from < dims.size()) {
      int to = from + 1;
      int newTo = newFrom + 1;
      long count = dims.get(from);
      long newCount = target.dim(newFrom);
      while (count != newCount) {
        if (newCount < count) {
          newCount *= target.dim(newTo++);
        } else {
          count *= dims.get(to++);
        }
      }
      if (!isOneWalk(from, to)) {
        return Optional.empty();
      }
      spread(strides.get(to - 1), newFrom, newTo);
      from = to;
      newFrom = newTo;
    }
    return Optional.of(Arrays.stream(found).boxed().toList());
  }

  private boolean isOneWalk(int from, int to) {
    for (int i = from; i < to - 1; i++) {
      if (strides.get(i) != dims.get(i + 1) * strides.get(i + 1)) {
        return false;
      }
    }
    return true;
  }

  private void spread(long innermost, int from, int to) {
    long stride = innermost;
    for (int i = to - 1; i >= from; i--) {
      found[i] = stride;
      stride *= target.dim(i);
    }
  }
}
