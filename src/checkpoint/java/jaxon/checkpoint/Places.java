package jaxon.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.LocalFiles;
import jaxon.checkpoint.files.RemoteFiles;
import jaxon.config.Place;

/// Finds out how the files of a place are reached.
final class Places {
  private Places() {}

  /// The files below a place, which need not be there yet.
  ///
  /// @throws CheckpointException if nobody knows the scheme of its address
  static CheckpointFiles files(Place place) {
    if (place.scheme().isEmpty()) {
      return new LocalFiles(place.path());
    }
    String scheme = place.scheme().get();
    TreeMap<String, RemoteFiles> known = new TreeMap<>();
    for (RemoteFiles remote : ServiceLoader.load(RemoteFiles.class)) {
      known.putIfAbsent(remote.scheme(), remote);
    }
    RemoteFiles remote = known.get(scheme);
    if (remote == null) {
      List<String> schemes = new ArrayList<>();
      known.keySet().forEach(name -> schemes.add(name + "://"));
      throw CheckpointException.usage(
          "%s: checkpoints cannot be at %s://; they can be in a directory%s"
              .formatted(
                  place, scheme, schemes.isEmpty() ? "" : " or at " + String.join(", ", schemes)));
    }
    return remote.at(place);
  }
}
