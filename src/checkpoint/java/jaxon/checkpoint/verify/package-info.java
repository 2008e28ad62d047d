/// Checks a model's logits and gradients against those of another implementation.
///
/// Flow: [jaxon.checkpoint.verify.TokenLists] reads token ids; [jaxon.checkpoint.verify.ModelProbe]
/// puts a model's parameters on a device and computes logits and gradients there;
/// [jaxon.checkpoint.verify.LogitVerification] writes them as safetensors or compares them with a
/// file of [jaxon.checkpoint.verify.LogitDifference]s. Start at
/// [jaxon.checkpoint.verify.LogitVerification]. Nothing here knows where parameters come from.
@NullMarked
package jaxon.checkpoint.verify;

import org.jspecify.annotations.NullMarked;
