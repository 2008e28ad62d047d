package jaxon.checkpoint.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Consumer;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.safetensors.SafetensorsFile;
import jaxon.checkpoint.safetensors.SafetensorsWriter;
import jaxon.checkpoint.tensor.LiteralSource;
import jaxon.checkpoint.tensor.TensorLiterals;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// The logits of a model for some lists of tokens, to be written or compared with a reference.
public final class LogitVerification {
  private static final String PREFIX = "logits_";

  private final SequencedMap<String, Literal> logits = new LinkedHashMap<>();

  /// Computes all logits.
  ///
  /// Lists are filled up to the longest one of at most twice their length, so that few programs are
  /// compiled.
  public LogitVerification(ModelProbe probe, SequencedMap<String, int[]> lists) {
    lists.forEach((name, tokens) ->
        logits.put(PREFIX + name, probe.logits(tokens, length(tokens.length, lists))));
  }

  /// The longest length of the same order, where lengths 2^k + 1 to 2^(k + 1) are one order.
  static int length(int own, SequencedMap<String, int[]> lists) {
    int longest = own;
    for (int[] other : lists.values()) {
      if (order(other.length) == order(own)) {
        longest = Math.max(longest, other.length);
      }
    }
    return longest;
  }

  private static int order(int length) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(length - 1);
  }

  /// Writes the tensors `logits_NAME` `f32[n, V]` as one safetensors file.
  public void write(Path file) {
    try (TensorSource source = new LiteralSource(logits)) {
      SafetensorsWriter.writeFile(file, source);
    }
  }

  /// Compares with the tensors of the same names in a safetensors file and prints a table.
  ///
  /// @return whether all differences keep the thresholds
  /// @throws CheckpointException if the file lacks a tensor or has one of another shape
  public boolean compare(Path reference, Thresholds limits, Consumer<String> out) {
    List<LogitDifference> differences = new ArrayList<>();
    try (SafetensorsFile source = SafetensorsFile.open(reference)) {
      logits.forEach((name, found) -> {
        Literal expected = reference(reference, source, name, found.type());
        String list = name.substring(PREFIX.length());
        differences.add(LogitDifference.of(list, found, expected, limits));
      });
    }
    table(differences, limits).forEach(out);
    return differences.stream().allMatch(difference -> difference.passes(limits));
  }

  private static Literal reference(
      Path file, SafetensorsFile source, String name, TensorType found) {
    TensorType type = source.tensors().get(name);
    if (type == null) {
      throw CheckpointException.usage("'%s' has no tensor '%s'".formatted(file, name));
    }
    if (!type.dtype().isFloat() || !type.shape().equals(found.shape())) {
      throw CheckpointException.usage(
          "'%s': tensor '%s' is %s, but the model gives %s".formatted(file, name, type, found));
    }
    return TensorLiterals.read(source, name);
  }

  private static List<String> table(List<LogitDifference> differences, Thresholds limits) {
    String row = "%-20s %9s %12s %12s %12s %12s %12s  %s";
    List<String> lines = new ArrayList<>();
    lines.add(
        row.formatted(
            "tokens",
            "positions",
            "max |diff|",
            "beyond tol",
            "cosine dist",
            "max KL",
            "mean KL",
            ""));
    for (LogitDifference d : differences) {
      lines.add(
          row.formatted(
              shortened(d.name()),
              d.positions(),
              number(d.largest()),
              d.beyond(),
              number(d.cosine()),
              number(d.kl()),
              number(d.meanKl()),
              d.passes(limits) ? "ok" : "BEYOND"));
    }
    lines.add(
        "allowed: |diff| %s + %s · |reference|, cosine distance %s, KL %s per token"
            .formatted(
                number(limits.absolute()),
                number(limits.relative()),
                number(limits.cosine()),
                number(limits.kl())));
    return lines;
  }

  private static String shortened(String name) {
    String plain = name.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= 20 ? plain : plain.substring(0, 19) + "…";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
