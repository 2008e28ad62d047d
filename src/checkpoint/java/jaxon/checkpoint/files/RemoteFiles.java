package jaxon.checkpoint.files;

import jaxon.config.Place;

/// Opens places of one kind that are not of this machine; found by `ServiceLoader`.
public interface RemoteFiles {
  /// What the addresses of such places begin with, for example `s3`.
  String scheme();

  /// The files below a place, which need not be there yet.
  ///
  /// @throws RuntimeException with a message for the user, if the address is wrong, or the settings
  ///   are
  CheckpointFiles at(Place place);
}
