package jaxon.runtime.program;

import java.util.List;
import java.util.Optional;
import jaxon.runtime.profile.KernelWork;

/// One step of a program before memory is planned: what it reads and writes, and how to make its
/// kernel once addresses are known.
///
/// @param work what the profiler is told, unless the kernel knows better
/// @param transfer for a collective: how to run it beside other kernels
/// @param holds views whose memory must stay until here although the kernel does not read it
/// @param begins whether the kernel only starts what it is about: an action that holds its operands
///   follows
public record Action(
    List<View> reads,
    List<Write> writes,
    Link link,
    KernelWork work,
    Optional<Transfer.Link> transfer,
    List<View> holds,
    boolean begins) {
  public Action {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    holds = List.copyOf(holds);
  }

  /// An action that has ended when its kernel has.
  private Action(List<View> reads, List<Write> writes, Link link, KernelWork work) {
    this(reads, writes, link, work, Optional.empty(), List.of(), false);
  }

  /// An action of which the profiler is told nothing yet.
  public Action(List<View> reads, List<Write> writes, Link link) {
    this(reads, writes, link, KernelWork.UNKNOWN);
  }

  /// This action with what the profiler is told.
  public Action doing(KernelWork known) {
    return new Action(reads, writes, link, known, transfer, holds, begins);
  }

  /// A collective, which may be run beside other kernels.
  public static Action of(
      View operand, View result, List<Integer> over, Transfer.Link transfer, KernelWork work) {
    return new Action(
        List.of(operand),
        List.of(new Write(result.slot(), over)),
        linkage -> linkage.transfer(transfer)::run,
        work,
        Optional.of(transfer),
        List.of(),
        false);
  }

  /// The first half of this collective: starts it and returns.
  public Action start() {
    Transfer.Link own = transfer.orElseThrow();
    return new Action(
        reads,
        writes,
        linkage -> linkage.transfer(own)::start,
        work.start(),
        Optional.empty(),
        List.of(),
        true);
  }

  /// The second half of this collective: waits for its end.
  ///
  /// @param results views of the result, if it was not written in an earlier turn of a loop
  /// @param held operands, if they may be overwritten from here on
  public Action finish(List<View> results, List<View> held) {
    Transfer.Link own = transfer.orElseThrow();
    return new Action(
        results,
        List.of(),
        linkage -> linkage.transfer(own)::finish,
        work.finish(),
        Optional.empty(),
        held,
        false);
  }

  /// Whether this waits for the end of a collective that was started before.
  public boolean isFinish() {
    return work.waits() && transfer.isEmpty();
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
