/// Chunks of tensors as rows of Parquet files.
///
/// [ChunkFileWriter] writes each chunk where it comes, as a page of its own, as it is or as a
/// Zstandard frame ([ZstdPages]): where its bytes lie is known, so they can be read again without a
/// Parquet reader, and checked against their [ChunkDigest]; [jaxon.digest.Sha256] covers the rest
/// of the file. Any Parquet reader can read the rows too. Nothing here knows what a checkpoint is.
@NullMarked
package jaxon.checkpoint.parquet;

import org.jspecify.annotations.NullMarked;
