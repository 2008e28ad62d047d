/// Tensors that outlive a process: what the packages below share.
///
/// Flow: files are opened as a [jaxon.checkpoint.TensorSource], which is read by blocks; sources
/// are changed by sources around them (converted, transposed, renamed) and read by a writer or a
/// program. Start at [jaxon.checkpoint.TensorSource]. This package knows of no file format.
@NullMarked
package jaxon.checkpoint;

import org.jspecify.annotations.NullMarked;
