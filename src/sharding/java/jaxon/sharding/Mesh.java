package jaxon.sharding;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.text.DeviceGroups;

/// Devices in a grid with named axes.
///
/// A device's id is its row-major place: the first axis varies slowest. Processes hold consecutive
/// blocks of ids. A mesh is a description: it needs no devices.
///
/// @param axes names, slowest-varying first
/// @param sizes number of devices along each axis
public record Mesh(List<String> axes, List<Integer> sizes) implements DeviceGroups {
  public Mesh {
    axes = List.copyOf(axes);
    sizes = List.copyOf(sizes);
    if (axes.size() != sizes.size() || new LinkedHashSet<>(axes).size() != axes.size()) {
      throw new ShardingException(
          "a mesh has one size for each of its distinct axes, got " + axes + " and " + sizes);
    }
    if (sizes.stream().anyMatch(size -> size < 1)) {
      throw new ShardingException("sizes of mesh axes must be at least 1, got " + sizes);
    }
  }

  /// A mesh of one axis.
  public static Mesh of(String axis, int size) {
    return new Mesh(List.of(axis), List.of(size));
  }

  /// A mesh of two axes.
  public static Mesh of(String first, int firstSize, String second, int secondSize) {
    return new Mesh(List.of(first, second), List.of(firstSize, secondSize));
  }

  /// This mesh with one more axis, which varies fastest.
  public Mesh with(String axis, int size) {
    List<String> names = new ArrayList<>(axes);
    List<Integer> all = new ArrayList<>(sizes);
    names.add(axis);
    all.add(size);
    return new Mesh(names, all);
  }

  /// Number of devices.
  public int devices() {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }

  /// Number of devices along an axis; 1 for an axis that the mesh does not have.
  public int size(String axis) {
    int at = axes.indexOf(axis);
    return at < 0 ? 1 : sizes.get(at);
  }

  /// Number of devices along several axes together.
  public int size(List<String> some) {
    return some.stream().mapToInt(this::size).reduce(1, Math::multiplyExact);
  }

  /// `some` in the order of the mesh.
  public List<String> inOrder(List<String> some) {
    return axes.stream().filter(some::contains).toList();
  }

  /// The group of the devices that differ only in these axes.
  public AxisGroup group(List<String> some) {
    some.forEach(this::at);
    return new AxisGroup(some, size(some));
  }

  /// Row-major place of a device among those that differ only in `some`.
  public int place(int device, List<String> some) {
    int place = 0;
    for (String axis : some) {
      AxisPlace along = place(axis);
      place = place * along.size() + device / along.stride() % along.size();
    }
    return place;
  }

  @Override
  public AxisPlace place(String axis) {
    int at = at(axis);
    int stride = sizes.subList(at + 1, sizes.size()).stream().reduce(1, Math::multiplyExact);
    return new AxisPlace(stride, sizes.get(at));
  }

  /// Ids by group, each in the order of the places; groups in the order of their first device.
  @Override
  public List<List<Integer>> groups(AxisGroup group) {
    List<String> others = axes.stream().filter(axis -> !group.axes().contains(axis)).toList();
    List<List<Integer>> groups = new ArrayList<>();
    IntStream.range(0, devices() / group.size()).forEach(_ -> groups.add(new ArrayList<>()));
    for (int device = 0; device < devices(); device++) {
      groups.get(place(device, others)).add(device);
    }
    groups.forEach(ids -> ids.sort((a, b) -> place(a, group.axes()) - place(b, group.axes())));
    return groups;
  }

  private int at(String axis) {
    int at = axes.indexOf(axis);
    if (at < 0) {
      throw new ShardingException("there is no mesh axis " + axis + "; the axes are " + axes);
    }
    return at;
  }

  /// For example `(data 2, fsdp 4)`, without axes of size 1.
  @Override
  public String toString() {
    return IntStream.range(0, axes.size())
        .filter(i -> sizes.get(i) > 1)
        .mapToObj(i -> axes.get(i) + " " + sizes.get(i))
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
