/// Other programs that train the same model, for `bin/jaxon bench peers`.
///
/// [jaxon.peers.PyTorch] is the process: it reads the configuration, the initial weights that Jaxon
/// drew, and Jaxon's data, and serves a [jaxon.peers.TorchTrainer] over its input and output. The
/// model is [jaxon.peers.TorchLlama], written with PyTorch's operations in the way that makes them
/// fastest here. [jaxon.peers.AttentionPeer] measures attention alone.
///
/// Nothing of Jaxon but its configuration, data and measuring is used here.
@NullMarked
package jaxon.peers;

import org.jspecify.annotations.NullMarked;
