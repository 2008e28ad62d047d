package jaxon.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Tells keys of Jaxon, keys that only MaxText has, and keys that nobody has apart.
final class KnownKeys {

  /// The key by which a file names the file it builds on; it is about loading and so no parameter.
  static final String BASE_CONFIG = "base_config";

  private static final Set<String> MAXTEXT = readMaxText();
  private static final List<String> ALL = all();

  private KnownKeys() {}

  static boolean isMaxText(String key) {
    return MAXTEXT.contains(key);
  }

  /// Reports a setting whose key is not one of Jaxon's; true when it is.
  static boolean check(Setting setting, Problems problems) {
    String key = setting.key();
    if (Schema.find(key).isPresent()) {
      return true;
    }
    if (key.equals(BASE_CONFIG)) {
      checkBaseConfig(setting, problems);
    } else if (key.equals("config")) {
      problems.add(
          key, setting.origin(), "there is no such key", "Choose the file with --config=NAME.");
    } else if (isMaxText(key)) {
      problems.add(
          key,
          setting.origin(),
          key + " is a MaxText key that Jaxon does not do yet",
          "Remove it, if the run can do without.");
    } else {
      problems.add(ShownText.of(key), setting.origin(), "there is no such key", advice(key));
    }
    return false;
  }

  private static void checkBaseConfig(Setting setting, Problems problems) {
    if (!(setting.origin() instanceof Origin.Line)) {
      problems.add(
          BASE_CONFIG,
          setting.origin(),
          "the key can only stand in a YAML file",
          "Choose the file with --config=NAME.");
    }
  }

  /// What to do about a key that nobody has.
  static String advice(String key) {
    return NearestName.of(key, ALL)
        .map(near -> "Did you mean " + near + "?")
        .orElse("--help lists all keys.");
  }

  private static List<String> all() {
    Set<String> all = new LinkedHashSet<>();
    Schema.parameters().forEach(parameter -> all.add(parameter.key()));
    all.add(BASE_CONFIG);
    all.addAll(MAXTEXT);
    return List.copyOf(all);
  }

  private static Set<String> readMaxText() {
    try (InputStream stream = KnownKeys.class.getResourceAsStream("maxtext-keys.txt")) {
      if (stream == null) {
        throw new IllegalStateException("maxtext-keys.txt is missing from the installation");
      }
      List<String> lines =
          new ArrayList<>(
              new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
      lines.removeIf(line -> line.isBlank() || line.startsWith("#"));
      return new LinkedHashSet<>(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
