/// Making text with a model: a prompt is read at once, then each step adds a token to each row.
///
/// Flow: prompts -> [Prompts] (tokens) -> [Generator], which has a [DecodeEngine] read each prompt
/// into a row of its cache and step all rows at once, and a [Sampler] draw a token from the logits
/// of each row -> [TextStream] (whole characters). [DecodePrograms] traces the programs that the
/// engine runs, on the model's cached form ([jaxon.layers.CausalLm#extend]). Start at
/// [DecodeSession].
///
/// It knows nothing of training, of checkpoints ([ParameterSource] is all it asks of them) or of
/// the terminal.
@NullMarked
package jaxon.inference;

import org.jspecify.annotations.NullMarked;
