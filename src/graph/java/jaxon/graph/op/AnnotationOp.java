package jaxon.graph.op;

/// Identities that tell the compiler something; backends need no kernel for them.
public sealed interface AnnotationOp extends Op {
  /// Names a value for [RematPolicy].
  record Name(String name) implements AnnotationOp {
    @Override
    public String opName() {
      return "jaxon.name";
    }
  }

  /// Asks that the value be sharded as `axes` map to the mesh.
  record ShardingConstraint(LogicalAxes axes) implements AnnotationOp {
    @Override
    public String opName() {
      return "jaxon.sharding_constraint";
    }
  }

  /// An identity with derivative zero.
  record StopGradient() implements AnnotationOp {
    @Override
    public String opName() {
      return "jaxon.stop_gradient";
    }
  }

  /// All operands pass unchanged, and nothing is merged or moved across; keeps recomputation in
  /// place.
  record OptimizationBarrier() implements AnnotationOp {
    @Override
    public String opName() {
      return "stablehlo.optimization_barrier";
    }
  }
}
