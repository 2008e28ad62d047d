/// The values every floor speaks of: [DType], [Shape], [TensorType], [Literal].
///
/// Start at [TensorType]: a dtype and a static shape. A [Literal] is a tensor that lives on the
/// host (constants in graphs, inputs and results of programs). Nothing here knows of operations.
@NullMarked
package jaxon.graph.type;

import org.jspecify.annotations.NullMarked;
