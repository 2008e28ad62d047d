package jaxon.sharding.partition;

import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.type.DType;

/// What a stage does in a turn, as values of the program: `i32[]` numbers and `i1[]` answers.
///
/// A stage that has nothing to do computes as well, on whatever is there; it is not `busy`, and
/// nothing of that is kept.
///
/// @param microbatch the number of the micro-batch
/// @param repeat the round, of a pipeline with several; else zero
/// @param busy whether there is such work
/// @param takesBatch whether the micro-batch comes from the batch
/// @param isFirst whether this is the first stage, to which micro-batches come around
record PipelineTurn(Var microbatch, Var repeat, Var busy, Var takesBatch, Var isFirst) {
  /// @param turn the number of the turn
  /// @param place the stage's place in the order in which a micro-batch goes through them
  static PipelineTurn of(Emitter emitter, PipelineSchedule schedule, Var turn, Var place) {
    Var zero = emitter.scalar(DType.I32, 0);
    Var number = emitter.emit(BinaryOp.SUBTRACT, turn, place);
    Var isFirst = equal(emitter, place, zero);
    if (!schedule.isCircular()) {
      Var own = clamped(emitter, number, schedule.microbatches());
      return new PipelineTurn(own, zero, equal(emitter, own, number), isFirst, isFirst);
    }
    Var period = emitter.scalar(DType.I32, schedule.period());
    Var known = clamped(emitter, number, schedule.repeats() * schedule.period());
    Var repeat = emitter.emit(BinaryOp.DIVIDE, known, period);
    Var slot =
        emitter.emit(BinaryOp.SUBTRACT, known, emitter.emit(BinaryOp.MULTIPLY, repeat, period));
    Var own = clamped(emitter, slot, schedule.microbatches());
    Var busy = emitter.emit(BinaryOp.AND, equal(emitter, known, number), equal(emitter, own, slot));
    Var takesBatch = emitter.emit(BinaryOp.AND, isFirst, equal(emitter, repeat, zero));
    return new PipelineTurn(own, repeat, busy, takesBatch, isFirst);
  }

  /// `value`, at least 0 and less than `limit`.
  private static Var clamped(Emitter emitter, Var value, int limit) {
    Var last = emitter.scalar(DType.I32, limit - 1);
    return emitter.emit(new ElementwiseOp.Clamp(), emitter.scalar(DType.I32, 0), value, last);
  }

  private static Var equal(Emitter emitter, Var left, Var right) {
    return emitter.emit(new ElementwiseOp.Compare(ElementwiseOp.Direction.EQ), left, right);
  }
}
