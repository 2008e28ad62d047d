package jaxon.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where something lies: a path of this machine, or an address such as `s3://bucket/prefix`.
///
/// @param text the path as the system writes it; or the address, without slashes at its end
public record Place(String text) {
  private static final Pattern ADDRESS = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://(.*)");

  public Place {
    if (isAddress(text)) {
      int start = text.indexOf("://") + "://".length();
      int end = text.length();
      while (end > start && text.charAt(end - 1) == '/') {
        end--;
      }
      text = text.substring(0, end);
    }
  }

  /// The place of a path.
  public static Place of(Path path) {
    return new Place(path.toString());
  }

  static boolean isAddress(String text) {
    return ADDRESS.matcher(text).matches();
  }

  /// What a user calls a place: an address, or a path.
  ///
  /// @throws InvalidPathException if it can be neither
  public static Place of(String text) {
    return isAddress(text) ? new Place(text) : of(Path.of(text));
  }

  /// The scheme of an address, empty for a path of this machine.
  public Optional<String> scheme() {
    Matcher address = ADDRESS.matcher(text);
    return address.matches() ? Optional.of(address.group(1)) : Optional.empty();
  }

  /// What follows the scheme of an address; the text of a path.
  public String afterScheme() {
    Matcher address = ADDRESS.matcher(text);
    return address.matches() ? address.group(2) : text;
  }

  /// The path, if it is one of this machine.
  public Optional<Path> local() {
    return scheme().isPresent() ? Optional.empty() : Optional.of(Path.of(text));
  }

  /// The path.
  ///
  /// @throws IllegalStateException if it is an address
  public Path path() {
    return local().orElseThrow(() -> new IllegalStateException(text + " is no path"));
  }

  /// The place of a name in this one.
  public Place resolve(String name) {
    return local()
        .map(path -> of(path.resolve(name)))
        .orElseGet(() -> new Place(text + "/" + name));
  }

  /// The place that this one is in; an address ends above its first part, a bucket or host.
  public Optional<Place> parent() {
    if (scheme().isEmpty()) {
      return Optional.ofNullable(path().toAbsolutePath().normalize().getParent()).map(Place::of);
    }
    int end = afterScheme().lastIndexOf('/');
    return end < 0
        ? Optional.empty()
        : Optional.of(new Place(text.substring(0, text.length() - afterScheme().length() + end)));
  }

  /// The last part of the name, empty where there is none.
  public String name() {
    if (scheme().isEmpty()) {
      Path name = path().toAbsolutePath().normalize().getFileName();
      return name == null ? "" : name.toString();
    }
    return afterScheme().substring(afterScheme().lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return text;
  }
}
