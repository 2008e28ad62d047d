package jaxon.runtime.cpu.loop;

import java.util.function.UnaryOperator;

/// The region cannot be read in this [Space] but in a finer one: reading starts again there.
final class RefineSpaceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient UnaryOperator<Space> refinement;

  RefineSpaceException(UnaryOperator<Space> refinement) {
    super("the index space must be refined", null, false, false);
    this.refinement = refinement;
  }

  Space refine(Space space) {
    return refinement.apply(space);
  }
}
