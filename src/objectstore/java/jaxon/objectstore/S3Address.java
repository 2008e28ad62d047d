package jaxon.objectstore;

import java.util.regex.Pattern;
import jaxon.checkpoint.CheckpointException;
import jaxon.config.Place;

/// What `s3://BUCKET/PREFIX` says.
///
/// @param prefix of all keys, empty or with `/` at its end
record S3Address(Place place, String bucket, String prefix) {
  static final String SCHEME = "s3";

  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]*");

  /// @throws CheckpointException if there is no bucket in it, or an empty part
  static S3Address of(Place place) {
    String text = place.afterScheme();
    int slash = text.indexOf('/');
    String bucket = slash < 0 ? text : text.substring(0, slash);
    String prefix = slash < 0 ? "" : text.substring(slash + 1) + "/";
    if (!BUCKET.matcher(bucket).matches() || prefix.startsWith("/") || prefix.contains("//")) {
      throw CheckpointException.usage(
          "'%s' is no address of an object store; write s3://BUCKET/PREFIX".formatted(place));
    }
    return new S3Address(place, bucket, prefix);
  }

  /// The key of a name relative to the address.
  String key(String name) {
    return prefix + name;
  }

  /// What all keys in a directory begin with; the empty name is the address itself.
  String below(String directory) {
    return directory.isEmpty() ? prefix : prefix + directory + "/";
  }

  /// A name as an address, for messages.
  String text(String name) {
    return name.isEmpty() ? place.toString() : place.resolve(name).toString();
  }
}
