package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import jaxon.sharding.DimSharding;
import jaxon.sharding.DimSharding.Part;
import jaxon.sharding.Mesh;

/// Two cuts of one dim over common digits, on each of which both are blocks.
record DimDigits(List<DimSharding> from, List<DimSharding> to) {
  /// The common digits, or empty if the cuts have none.
  static Optional<DimDigits> of(DimSharding from, DimSharding to, Mesh mesh) {
    if (from.isBlocks() && to.isBlocks()) {
      return Optional.of(new DimDigits(List.of(from), List.of(to)));
    }
    if (from.size() == 0) {
      return Optional.empty();
    }
    TreeSet<Long> borders = new TreeSet<>();
    borders(from, borders);
    borders(to, borders);
    List<Long> sizes = new ArrayList<>();
    long below = 1;
    for (long border : borders) {
      if (border % below != 0) {
        return Optional.empty();
      }
      if (border > below) {
        sizes.addFirst(border / below);
      }
      below = border;
    }
    Optional<List<DimSharding>> a = from.split(sizes, mesh);
    Optional<List<DimSharding>> b = to.split(sizes, mesh);
    boolean both = a.isPresent() && b.isPresent();
    return both ? Optional.of(new DimDigits(a.get(), b.get())) : Optional.empty();
  }

  private static void borders(DimSharding dim, TreeSet<Long> borders) {
    long product = 1;
    for (Part part : dim.parts().reversed()) {
      product *= part.size();
      borders.add(product);
    }
  }
}
