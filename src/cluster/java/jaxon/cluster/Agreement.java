package jaxon.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import jaxon.digest.Sha256;

/// Compares what processes must agree on.
final class Agreement {
  private static final int SHOWN = 10;
  private static final int LONGEST_VALUE = 60;
  private static final String NONE = "(none)";

  private Agreement() {}

  /// SHA-256 of the keys and values, in hex.
  static String digest(SortedMap<String, String> agreed) {
    return Sha256.hex(write(agreed));
  }

  /// One line for each key; [#read] takes it back.
  static String write(SortedMap<String, String> agreed) {
    StringBuilder text = new StringBuilder();
    agreed.forEach(
        (key, value) -> text.append(key).append('=').append(value.replace('\n', ' ')).append('\n'));
    return text.toString();
  }

  static SortedMap<String, String> read(String text) {
    SortedMap<String, String> agreed = new TreeMap<>();
    text.lines()
        .forEach(line -> {
          int end = line.indexOf('=');
          if (end >= 0) {
            agreed.put(line.substring(0, end), line.substring(end + 1));
          }
        });
    return agreed;
  }

  /// The keys whose values differ, one a line: `steps: 10 and 20`.
  static List<String> differences(
      SortedMap<String, String> first, SortedMap<String, String> other) {
    SortedSet<String> keys = new TreeSet<>(first.keySet());
    keys.addAll(other.keySet());
    List<String> lines = new ArrayList<>();
    for (String key : keys) {
      String a = first.getOrDefault(key, NONE);
      String b = other.getOrDefault(key, NONE);
      if (!a.equals(b)) {
        lines.add("%s: %s and %s".formatted(key, shorten(a), shorten(b)));
      }
    }
    if (lines.size() <= SHOWN) {
      return lines;
    }
    List<String> shown = new ArrayList<>(lines.subList(0, SHOWN));
    shown.add("and %d more".formatted(lines.size() - SHOWN));
    return shown;
  }

  private static String shorten(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…";
  }
}
