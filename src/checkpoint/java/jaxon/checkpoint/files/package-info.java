/// The file system as checkpoints use it: few operations, each of which may fail.
///
/// [CheckpointFiles] is the seam where tests inject failures and crashes; [LocalFiles] is the real
/// one, which writes large files past the page cache by way of a `StagedFile`. What is written is
/// durable only after the file and each new name's directory were forced. Nothing here knows what
/// the files hold.
@NullMarked
package jaxon.checkpoint.files;

import org.jspecify.annotations.NullMarked;
