package jaxon.runtime.program;

import java.util.List;

/// One step of a program before memory is planned: what it reads and writes, and how to make its
/// kernel once addresses are known.
public record Action(List<View> reads, List<Write> writes, Link link) {
  public Action {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
  }

  /// An action with one result that may be put over the reads at positions `over`.
  public static Action of(List<View> reads, View result, List<Integer> over, Link link) {
    return new Action(reads, List.of(new Write(result.slot(), over)), link);
  }

  /// A slot that this action alone writes; scratch memory is a slot that nothing reads.
  ///
  /// @param over reads (positions) over which the slot may be put if they die here
  public record Write(Slot slot, List<Integer> over) {
    public Write {
      over = List.copyOf(over);
    }

    public static Write fresh(Slot slot) {
      return new Write(slot, List.of());
    }
  }

  /// Makes the kernel of an action.
  @FunctionalInterface
  public interface Link {
    Kernel link(Linkage linkage);
  }
}
