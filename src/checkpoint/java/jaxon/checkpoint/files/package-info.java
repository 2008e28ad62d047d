/// The file system as checkpoints use it: few operations, each of which may fail.
///
/// [CheckpointFiles] are the files of one place: [LocalFiles], which writes large files past the
/// page cache by way of a `StagedFile`, or those of a module that says through [RemoteFiles] which
/// addresses it knows; [PlaceException] is a mistake of who has named the place. Tests inject
/// failures and crashes there. What is written is durable only after the file and each new name's
/// directory were forced. Nothing here knows what the files hold.
@NullMarked
package jaxon.checkpoint.files;

import org.jspecify.annotations.NullMarked;
