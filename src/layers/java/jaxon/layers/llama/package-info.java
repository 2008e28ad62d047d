/// The Llama family: Llama 2, 3, 3.1, 3.2 and models with the same layers.
///
/// A [jaxon.layers.llama.Llama] is a token embedding, a stack of
/// [jaxon.layers.llama.DecoderLayer]s, a final norm, and an output layer of its own or the
/// embedding's. Start there.
@NullMarked
package jaxon.layers.llama;

import org.jspecify.annotations.NullMarked;
