package jaxon.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Reads YAML into settings; the only class that touches the YAML library.
///
/// The input is hostile: it is bounded in size, depth and aliases, no object is ever constructed
/// from it, and whatever is wrong with it becomes a problem with a line number. Only the node tree
/// is used, because it has the line numbers and the text as written.
final class YamlReader {

  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_KEYS = 2000;
  private static final int DEEPEST_NESTING = 20;
  private static final int MOST_ALIASES = 10;

  private static final Set<Tag> SCALAR_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE);

  private final Problems problems;

  YamlReader(Problems problems) {
    this.problems = problems;
  }

  /// The settings of a file in the order of its lines; empty, with a problem reported, when it
  /// cannot be read.
  List<Setting> read(SourceFile file) {
    String text = text(file);
    if (text == null) {
      return List.of();
    }
    try {
      Node root = compose(text);
      if (root == null || isEmptyDocument(root)) {
        return List.of();
      }
      if (root instanceof MappingNode mapping && mapping.getValue().size() > MOST_KEYS) {
        report(
            file,
            root,
            "the file has "
                + mapping.getValue().size()
                + " keys; a configuration has at most "
                + MOST_KEYS);
      } else if (root instanceof MappingNode mapping) {
        return settings(mapping, file);
      } else {
        report(
            file, root, "the file must be a list of `key: value` lines, but it is " + what(root));
      }
    } catch (YAMLException e) {
      reportSyntax(file, e);
    }
    return List.of();
  }

  /// The value that a text means as YAML.
  ///
  /// @throws IllegalArgumentException if it is not YAML, with the reason
  static YamlValue value(String text) {
    try {
      Node node = compose(text);
      return node == null ? new YamlValue.Scalar("", true) : value(node);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(reason(e), e);
    }
  }

  private static @Nullable Node compose(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_BYTES);
    options.setNestingDepthLimit(DEEPEST_NESTING);
    options.setMaxAliasesForCollections(MOST_ALIASES);
    options.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
  }

  private @Nullable String text(SourceFile file) {
    try {
      long size = Files.size(file.path());
      if (size > MOST_BYTES) {
        problems.add(
            file.shown(),
            "the file has " + size + " bytes; a configuration has at most " + MOST_BYTES,
            "Is this the right file?");
        return null;
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file.path()));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      problems.add(file.shown(), "the file is not UTF-8 text", "Save it as UTF-8.");
    } catch (IOException e) {
      problems.add(file.shown(), "the file cannot be read: " + e, "Check its permissions.");
    }
    return null;
  }

  private List<Setting> settings(MappingNode mapping, SourceFile file) {
    List<Setting> settings = new ArrayList<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (!(keyNode instanceof ScalarNode scalar)) {
        report(file, keyNode, "a key must be a name, but it is " + what(keyNode));
        continue;
      }
      String key = scalar.getValue();
      Origin.Line origin = new Origin.Line(file, line(keyNode));
      Integer earlier = lines.putIfAbsent(key, origin.number());
      if (earlier == null) {
        settings.add(new Setting(key, value(tuple.getValueNode()), origin));
      } else {
        problems.add(
            ShownText.of(key),
            origin,
            "the key stands already in line " + earlier,
            "Keep one of the two lines.");
      }
    }
    return settings;
  }

  private static YamlValue value(Node node) {
    return switch (node) {
      case ScalarNode scalar when SCALAR_TAGS.contains(scalar.getTag()) ->
          new YamlValue.Scalar(scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN);
      case SequenceNode sequence when sequence.getTag().equals(Tag.SEQ) -> sequence(sequence);
      default -> new YamlValue.Other(what(node));
    };
  }

  private static YamlValue sequence(SequenceNode node) {
    List<YamlValue.Scalar> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      // Lists in lists are not followed, so aliases cannot blow a small text up.
      if (!(item instanceof ScalarNode) || !(value(item) instanceof YamlValue.Scalar scalar)) {
        return new YamlValue.Other("a list that holds " + what(item));
      }
      items.add(scalar);
    }
    return new YamlValue.Sequence(items);
  }

  private static String what(Node node) {
    return switch (node) {
      case ScalarNode scalar when SCALAR_TAGS.contains(scalar.getTag()) ->
          "the text " + ShownText.of(scalar.getValue());
      case SequenceNode sequence when sequence.getTag().equals(Tag.SEQ) -> "a list";
      case MappingNode mapping when mapping.getTag().equals(Tag.MAP) -> "a mapping";
      default -> "a value tagged " + ShownText.of(node.getTag().getValue());
    };
  }

  private static boolean isEmptyDocument(Node root) {
    return root instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private void report(SourceFile file, Node node, String message) {
    problems.add(file.shown() + ":" + line(node), message, "");
  }

  private void reportSyntax(SourceFile file, YAMLException e) {
    String line =
        e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
            ? ":" + (marked.getProblemMark().getLine() + 1)
            : "";
    problems.add(file.shown() + line, "this is not valid YAML: " + reason(e), "");
  }

  private static String reason(YAMLException e) {
    String problem = e instanceof MarkedYAMLException marked ? marked.getProblem() : e.getMessage();
    return problem == null ? "malformed" : problem.lines().findFirst().orElse("malformed").strip();
  }
}
