/// The loss over the output layer as one kernel, without whole logits.
///
/// Flow: the composite's attributes and operand layouts -> [LossShape] ->
/// [LinearCrossEntropyKernel], which takes a tile of tokens at a time: logits by blocks of the
/// vocabulary, of which it keeps the maximum and sum of each row in each block and, for the
/// gradient, their powers ([LossRows]) -> log-sum-exps and losses -> the powers become the logits'
/// cotangents block by block, each with its part of the kernel's gradient -> the gradient of the
/// hidden values. Start at [LinearCrossEntropyKernel].
///
/// Nothing here knows the graph but for the composite's attributes.
@NullMarked
package jaxon.runtime.cpu.loss;

import org.jspecify.annotations.NullMarked;
