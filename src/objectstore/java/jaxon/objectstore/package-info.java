/// Checkpoints in an object store that speaks the S3 protocol.
///
/// [S3Places] is found by `ServiceLoader` and takes addresses `s3://BUCKET/PREFIX`; `S3Files` does
/// the operations of checkpoints with requests: a large file is a multipart upload
/// (`PartedUpload`), a small one a single PUT, a read a ranged GET (`StoredObject`). `S3Connection`
/// is the one place for endpoint, region and credentials, `Refusal` the one that turns failures of
/// the SDK into sentences. Nothing here knows what the files hold.
@NullMarked
package jaxon.objectstore;

import org.jspecify.annotations.NullMarked;
