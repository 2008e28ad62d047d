package jaxon.runtime.cpu.dnnl;

import java.util.List;

/// What is done to each result before it is stored, in order; after accumulation.
public record PostOps(List<PostOp> steps) {
  /// Nothing.
  public static final PostOps NONE = new PostOps(List.of());

  public PostOps {
    steps = List.copyOf(steps);
  }

  /// The given steps in order.
  public static PostOps of(PostOp... steps) {
    return new PostOps(List.of(steps));
  }

  /// How many steps read a matrix of their own.
  public int operands() {
    return (int) steps.stream().filter(PostOp.Binary.class::isInstance).count();
  }
}
