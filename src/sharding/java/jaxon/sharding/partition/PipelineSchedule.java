package jaxon.sharding.partition;

/// Who works on what in a pipeline, counted in turns.
///
/// The layers lie on the stages in `repeats` rounds: with 2 stages and 3 rounds the first stage has
/// the groups of layers 0, 2 and 4. A micro-batch goes through all stages once for each round, and
/// micro-batches follow each other at a distance of one turn: in turn t the stage at place p does
/// its work number t − p, which is micro-batch (t − p) mod `period` of round (t − p) div `period`.
/// The first stage starts a round when it has started all micro-batches in the one before, but not
/// before the first of them has come around: a period has at least as many turns as stages.
///
/// With one round this is GPipe (Huang et al. 2019), with several the circular pipeline of MaxText,
/// whose stages wait for S − 1 turns of R·M + S − 1 instead of M + S − 1.
///
/// @param repeats rounds; each stage has as many groups of layers
record PipelineSchedule(int stages, int microbatches, int repeats) {
  /// Turns until the last stage is done.
  long turns() {
    return (long) (repeats - 1) * period() + microbatches + stages - 1;
  }

  /// Turns from one round to the next.
  int period() {
    return repeats == 1 ? microbatches : Math.max(microbatches, stages);
  }

  /// Turns that what has come around waits for the first stage.
  int delay() {
    return repeats == 1 ? 0 : period() - stages;
  }

  /// Micro-batches of which a stage keeps something at one time if each goes back as soon as it is
  /// through: the first stage runs it backward 2(S − 1) turns after it ran it forward.
  int ring() {
    return Math.min(microbatches, 2 * stages - 1);
  }

  boolean isCircular() {
    return repeats > 1;
  }
}
