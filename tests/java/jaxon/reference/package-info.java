/// A tiny Llama and its training step written by hand on plain `double[]`: the answer key of the
/// traced model.
///
/// Flow: [LlamaWeights] (Hugging Face names and layouts) and [TokenRows] ->
/// [HandWrittenLlama#forward] -> [TokenLoss] -> [HandWrittenLlama#backward] -> [AdamWStep] with a
/// rate of [LearningRates]. Start at [HandWrittenLlama]. Every backward pass is derived on paper
/// and checked by central differences. The arithmetic here must know nothing of `jaxon.graph`,
/// `jaxon.autodiff` or `jaxon.layers`: only the tests that compare the two sides do.
@NullMarked
package jaxon.reference;

import org.jspecify.annotations.NullMarked;
