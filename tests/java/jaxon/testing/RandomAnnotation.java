package jaxon.testing;

import java.util.Collections;
import java.util.List;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.LogicalAxes;

/// Random annotations, and repetitions of a value on both sides of a barrier.
final class RandomAnnotation {
  private RandomAnnotation() {}

  static void emit(RandomScope scope) {
    Var x = scope.any();
    List<String> unsharded = Collections.nCopies(x.type().shape().rank(), "");
    switch (scope.random().nextInt(4)) {
      case 0 -> scope.emit(new AnnotationOp.Name("kept"), x);
      case 1 -> scope.emit(new AnnotationOp.StopGradient(), x);
      case 2 -> scope.emit(new AnnotationOp.ShardingConstraint(new LogicalAxes(unsharded)), x);
      default ->
          scope.emit(new AnnotationOp.OptimizationBarrier(), List.of(x, scope.any()), List.of());
    }
  }
}
