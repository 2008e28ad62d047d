/// Reverse-mode differentiation of traced functions.
///
/// Flow: [Grad#valueAndGrad] traces the objective as a graph; [Linearization] replays it into the
/// current trace and, from the cotangents of its results, walks its equations backward, asking
/// [VjpRules] for each op and [RegionRules] for each op with regions. Forward values that a rule
/// reads are captured by tracing itself: in a region, what the backward function captures is what
/// the forward function must save. Start at [Grad]. Nothing here knows of layers or backends.
@NullMarked
package jaxon.autodiff;

import org.jspecify.annotations.NullMarked;
