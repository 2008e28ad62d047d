/// Blocks of tensors in memory: cut, transposed, converted.
///
/// Flow: a [jaxon.checkpoint.tensor.Block] says which part of a tensor; a
/// [jaxon.checkpoint.tensor.ConvertedSource] gives a source's tensors in other element types;
/// [jaxon.checkpoint.tensor.TensorLiterals] reads whole tensors onto the heap and
/// [jaxon.checkpoint.tensor.LiteralSource] offers such tensors as a source. Start at
/// [jaxon.checkpoint.tensor.Block]. Nothing here knows of files or of models.
@NullMarked
package jaxon.checkpoint.tensor;

import org.jspecify.annotations.NullMarked;
