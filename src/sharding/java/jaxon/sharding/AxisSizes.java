package jaxon.sharding;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a configuration says of the mesh: for each axis its size within a slice (`ici_*`, fast
/// links) and between slices (`dcn_*`, slow links). One −1 on each level takes what is left.
///
/// The size of an axis is the product of both.
///
/// @param ici size by axis within a slice; an axis that is not named has 1
/// @param dcn size by axis between slices
public record AxisSizes(SequencedMap<String, Integer> ici, SequencedMap<String, Integer> dcn) {
  /// The mesh over `axes` for as many slices as the sizes between slices make; one if they say
  /// nothing.
  public Mesh mesh(List<String> axes, int devices) {
    int slices = dcn.values().stream().filter(size -> size > 1).reduce(1, Math::multiplyExact);
    if (devices % slices != 0) {
      throw new ShardingException(
          "%s make %d slices, which do not divide the %d devices"
              .formatted(text("dcn", dcn), slices, devices));
    }
    return mesh(axes, devices / slices, slices);
  }

  /// The mesh over `axes` for `slices` slices of `devicesPerSlice` devices.
  public Mesh mesh(List<String> axes, int devicesPerSlice, int slices) {
    Map<String, Integer> inner = fill("ici", ici, devicesPerSlice, "devices");
    Map<String, Integer> outer = fill("dcn", dcn, slices, "slices");
    List<Integer> sizes = new ArrayList<>();
    for (String axis : axes) {
      sizes.add(inner.getOrDefault(axis, 1) * outer.getOrDefault(axis, 1));
    }
    requireListed(axes, inner);
    requireListed(axes, outer);
    return new Mesh(axes, sizes);
  }

  private static void requireListed(List<String> axes, Map<String, Integer> sizes) {
    sizes.forEach((axis, size) -> {
      if (size > 1 && !axes.contains(axis)) {
        throw new ShardingException(
            "axis " + axis + " has size " + size + " but is not among mesh_axes " + axes);
      }
    });
  }

  private static Map<String, Integer> fill(
      String level, SequencedMap<String, Integer> sizes, int count, String what) {
    long product = 1;
    String open = "";
    for (Map.Entry<String, Integer> entry : sizes.entrySet()) {
      int size = entry.getValue();
      if (size == -1 && open.isEmpty()) {
        open = entry.getKey();
      } else if (size < 1) {
        throw new ShardingException(
            size == -1
                ? "only one " + level + " size may be -1, got " + text(level, sizes)
                : "sizes are at least 1, or -1 for what is left, got " + text(level, sizes));
      } else {
        product *= size;
      }
    }
    boolean fits = open.isEmpty() ? product == count : count % product == 0;
    if (!fits) {
      throw new ShardingException(
          "%s multiply to %d%s, but there %s %d %s"
              .formatted(
                  text(level, sizes),
                  product,
                  open.isEmpty() ? "" : " without the -1, which must divide",
                  count == 1 ? "is" : "are",
                  count,
                  count == 1 ? what.replaceAll("s$", "") : what));
    }
    Map<String, Integer> filled = new TreeMap<>(sizes);
    if (!open.isEmpty()) {
      filled.put(open, (int) (count / product));
    }
    return filled;
  }

  /// The sizes that say something, for example `ici_fsdp_parallelism=4`.
  private static String text(String level, SequencedMap<String, Integer> sizes) {
    String text =
        sizes.entrySet().stream()
            .filter(entry -> entry.getValue() != 1)
            .map(entry -> level + "_" + key(entry.getKey()) + "_parallelism=" + entry.getValue())
            .collect(Collectors.joining(" "));
    return text.isEmpty() ? "the " + level + " sizes (all 1)" : text;
  }

  /// The axis in the names of keys, which call stages a pipeline.
  private static String key(String axis) {
    return axis.equals(MeshAxis.STAGE) ? "pipeline" : axis;
  }
}
