package jaxon.sharding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How one dim is cut, also where a reshape has merged dims that were cut apart.
///
/// Mostly a dim is one part: its size and the axes that cut it into blocks. Merging `[B, T]`, with
/// `B` cut along `data` and `T` along `context`, to `[B · T]` gives a dim of two parts: a device
/// holds some tokens of some rows, which is no block of the merged dim. Keeping the parts lets such
/// a value pass through everything that does not care for the order of tokens, without
/// communication.
///
/// @param parts at least one; sizes multiply to the dim's size, row-major
public record DimSharding(List<Part> parts) {
  /// A factor of a dim's size, cut into equal blocks along `axes`, major first.
  public record Part(long size, List<String> axes) {
    public Part {
      axes = List.copyOf(axes);
    }
  }

  public DimSharding {
    parts = List.copyOf(parts);
  }

  /// A dim that is not cut.
  public static DimSharding whole(long size) {
    return of(size, List.of());
  }

  /// A dim cut into blocks.
  public static DimSharding of(long size, List<String> axes) {
    return new DimSharding(List.of(new Part(size, axes)));
  }

  /// The dim whose row-major digits are those of `dims`, in the fewest parts.
  public static DimSharding join(List<DimSharding> dims, Mesh mesh) {
    List<Part> joined = new ArrayList<>();
    for (DimSharding dim : dims) {
      for (Part part : dim.parts()) {
        if (part.size() == 1 && part.axes().isEmpty()) {
          continue;
        }
        Part last = joined.isEmpty() ? new Part(1, List.of()) : joined.getLast();
        boolean single = last.size() == mesh.size(last.axes());
        if (!joined.isEmpty() && !single && !part.axes().isEmpty()) {
          joined.add(part);
          continue;
        }
        // Blocks of whole minor parts are blocks; so are blocks within single elements.
        List<String> axes = new ArrayList<>(last.axes());
        axes.addAll(part.axes());
        Part merged = new Part(last.size() * part.size(), axes);
        if (joined.isEmpty()) {
          joined.add(merged);
        } else {
          joined.set(joined.size() - 1, merged);
        }
      }
    }
    return joined.isEmpty() ? whole(1) : new DimSharding(joined);
  }

  /// This dim as digits of the given sizes, or empty if the cuts do not follow them.
  public Optional<List<DimSharding>> split(List<Long> sizes, Mesh mesh) {
    if (isWhole()) {
      return Optional.of(sizes.stream().map(DimSharding::whole).toList());
    }
    if (size() == 0) {
      return Optional.empty();
    }
    List<Part> rest = new ArrayList<>(parts);
    List<DimSharding> pieces = new ArrayList<>();
    for (long size : sizes) {
      List<DimSharding> piece = new ArrayList<>();
      long left = size;
      while (left > 1) {
        Part part = rest.removeFirst();
        if (left % part.size() != 0) {
          Optional<List<Part>> cut = cut(part, left, mesh);
          if (cut.isEmpty()) {
            return Optional.empty();
          }
          part = cut.get().getFirst();
          rest.addFirst(cut.get().getLast());
        }
        piece.add(new DimSharding(List.of(part)));
        left /= part.size();
      }
      pieces.add(piece.isEmpty() ? whole(1) : join(piece, mesh));
    }
    return Optional.of(pieces);
  }

  /// A part as one of size `major` and one of the rest.
  private static Optional<List<Part>> cut(Part part, long major, Mesh mesh) {
    if (part.size() % major != 0) {
      return Optional.empty();
    }
    long minor = part.size() / major;
    List<String> axes = part.axes();
    if (major % mesh.size(axes) == 0) {
      return Optional.of(List.of(new Part(major, axes), new Part(minor, List.of())));
    }
    for (int i = 1; i < axes.size(); i++) {
      List<String> first = axes.subList(0, i);
      List<String> second = axes.subList(i, axes.size());
      if (mesh.size(first) == major && minor % mesh.size(second) == 0) {
        return Optional.of(List.of(new Part(major, first), new Part(minor, second)));
      }
    }
    return Optional.empty();
  }

  /// This dim with what `axis` cuts held whole. Blocks of blocks become blocks of another order:
  /// where only the number of elements on a device matters.
  public DimSharding without(String axis) {
    if (!axes().contains(axis)) {
      return this;
    }
    return new DimSharding(
        parts.stream()
            .map(part -> {
              List<String> axes = part.axes().stream().filter(each -> !each.equals(axis)).toList();
              return new Part(part.size(), axes);
            })
            .toList());
  }

  /// The dim's size over all devices.
  public long size() {
    return parts.stream().mapToLong(Part::size).reduce(1, Math::multiplyExact);
  }

  /// The dim's size on one device.
  public long localSize(Mesh mesh) {
    return size() / mesh.size(axes());
  }

  /// All axes that cut this dim.
  public List<String> axes() {
    return parts.stream().flatMap(part -> part.axes().stream()).toList();
  }

  public boolean isWhole() {
    return axes().isEmpty();
  }

  /// True when each device has one block.
  public boolean isBlocks() {
    return parts.size() == 1;
  }

  /// For example `-`, `data+fsdp`, or `4:data·8:context`.
  @Override
  public String toString() {
    if (isBlocks()) {
      return isWhole() ? "-" : String.join("+", axes());
    }
    return parts.stream()
        .map(part -> part.size() + ":" + String.join("+", part.axes()))
        .collect(Collectors.joining("·"));
  }
}
