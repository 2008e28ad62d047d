package jaxon.objectstore;

import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.RemoteFiles;
import jaxon.config.Place;

/// Opens addresses `s3://BUCKET/PREFIX`.
public final class S3Places implements RemoteFiles {
  @Override
  public String scheme() {
    return S3Address.SCHEME;
  }

  @Override
  public CheckpointFiles at(Place place) {
    S3Address address = S3Address.of(place);
    return new S3Files(S3Connection.shared(), address);
  }
}
