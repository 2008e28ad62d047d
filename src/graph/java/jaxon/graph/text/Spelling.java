package jaxon.graph.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import jaxon.graph.Var;
import jaxon.graph.type.TensorType;

/// MLIR's spelling of types, lists, names and strings.
final class Spelling {
  private Spelling() {}

  /// For example `tensor<8x128xf32>`; a scalar is `tensor<f32>`.
  static String type(TensorType type) {
    String dims =
        type.shape().toList().stream().map(dim -> dim + "x").collect(Collectors.joining());
    return "tensor<" + dims + type.dtype().text() + ">";
  }

  /// Types with commas between.
  static String types(List<TensorType> types) {
    return types.stream().map(Spelling::type).collect(Collectors.joining(", "));
  }

  /// Result types: one bare, several in parentheses.
  static String results(List<TensorType> types) {
    return types.size() == 1 ? type(types.getFirst()) : "(" + types(types) + ")";
  }

  /// `(operand types) -> result types`.
  static String signature(List<Var> inputs, List<Var> outputs) {
    List<TensorType> to = outputs.stream().map(Var::type).toList();
    return "(" + types(inputs.stream().map(Var::type).toList()) + ") -> " + results(to);
  }

  /// For example `[0, 2]`.
  static String list(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
  }

  /// For example `array<i64: 1, 8>`.
  static String array(List<Long> values) {
    return values.isEmpty()
        ? "array<i64>"
        : values.stream()
            .map(Object::toString)
            .collect(Collectors.joining(", ", "array<i64: ", ">"));
  }

  /// `@name`, quoted unless it is a bare identifier.
  static String symbol(String name) {
    return "@" + identifier(name);
  }

  /// A bare identifier as it is, anything else as a string.
  static String identifier(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_$.]*") ? name : quoted(name);
  }

  /// A string literal; quotes, backslashes and bytes outside printable ASCII (of UTF-8) as `\XX`.
  static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b >= ' ' && b < 0x7F && b != '"' && b != '\\';
      text.append(plain ? Character.toString((char) b) : String.format("\\%02X", b & 0xFF));
    }
    return text.append('"').toString();
  }
}
