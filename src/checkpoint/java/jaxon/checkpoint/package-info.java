/// Checkpoints: what a run needs to go on exactly where it was, on disk.
///
/// Writing: each process hands its blocks of the tensors to [CheckpointStore#writePart], which cuts
/// them into chunks of a Parquet file; when all have, the first process calls
/// [CheckpointStore#commit], and only then the checkpoint exists. Reading: [CheckpointStore#read]
/// gives the manifest, a [Checkpoint]; [CheckpointStore#open] gives its tensors, any block of them,
/// each byte checked against a digest. Start at [CheckpointStore]; `docs/checkpoints.md` is the
/// format. Nothing here knows models, devices or the training loop.
///
/// The packages below read and write the files of other programs and compare what models make of
/// them; all meet in [TensorSource].
@NullMarked
package jaxon.checkpoint;

import org.jspecify.annotations.NullMarked;
