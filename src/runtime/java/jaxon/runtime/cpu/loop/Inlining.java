package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts the bodies of [LaneFunctions] in the place of their calls, which are written `#name(…)`.
///
/// A line with calls becomes several: operands and results get variables of their own.
final class Inlining {
  private static final Pattern HEAD = Pattern.compile("(\\w+) (\\w+)\\((.*)\\) \\{");
  private static final Pattern CALL = Pattern.compile("#(\\w+)\\(");
  private static final Pattern DECLARATION =
      Pattern.compile("^(?:\\w+Vector|VectorMask<\\w+>) (\\w+) =");
  private static final Pattern NAME = Pattern.compile("\\w+");
  private static final String TEXT =
      LaneFunctions.CONVERSIONS + LaneFunctions.SIMPLE + LaneFunctions.SMOOTH;

  /// @param parameters names, with their types in `types`
  /// @param body statements, the last of them a `return`
  private record LaneFunction(
      String result, String name, List<String> types, List<String> parameters, List<String> body) {}

  /// By lanes: parsed once, not for each loop.
  private static final Map<Integer, Map<String, LaneFunction>> FUNCTIONS =
      new ConcurrentHashMap<>();

  private final Map<String, LaneFunction> functions;
  private int names;

  /// Into code whose vectors have `lanes`.
  Inlining(int lanes) {
    functions = FUNCTIONS.computeIfAbsent(lanes, n -> parseAll(TEXT + LaneFunctions.byLane(n)));
  }

  /// `code` without calls.
  Code expand(Code code) {
    Code expanded = new Code();
    for (String line : code.lines()) {
      String indent = line.substring(0, line.length() - line.stripLeading().length());
      expandLine(line.strip(), indent, expanded);
    }
    return expanded;
  }

  private void expandLine(String line, String indent, Code out) {
    String rest = line;
    // The last call has no calls in its operands.
    for (Matcher call = lastCall(rest); call != null; call = lastCall(rest)) {
      int end = closing(rest, call.end() - 1);
      List<String> operands = operands(rest.substring(call.end(), end));
      String result = inline(call.group(1), operands, indent, out);
      rest = rest.substring(0, call.start()) + result + rest.substring(end + 1);
    }
    out.line(indent + rest);
  }

  private static @Nullable Matcher lastCall(String line) {
    int at = line.lastIndexOf('#');
    if (at < 0) {
      return null;
    }
    Matcher matcher = CALL.matcher(line);
    return matcher.find(at) ? matcher : null;
  }

  /// The index of the parenthesis that closes the one at `open`.
  private static int closing(String line, int open) {
    int depth = 0;
    for (int i = open; i < line.length(); i++) {
      depth += line.charAt(i) == '(' ? 1 : line.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw new IllegalStateException("unbalanced: " + line);
  }

  private static List<String> operands(String text) {
    List<String> operands = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        operands.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    operands.add(text.substring(start).strip());
    return operands;
  }

  /// Writes the function's body; returns the variable of its result.
  private String inline(String name, List<String> operands, String indent, Code out) {
    LaneFunction function = functions.get(name);
    if (function == null || function.parameters().size() != operands.size()) {
      throw new IllegalStateException("no function " + name + " of " + operands);
    }
    String suffix = "_" + names++;
    Map<String, String> renamed = new LinkedHashMap<>();
    for (int i = 0; i < operands.size(); i++) {
      String operand = operands.get(i);
      if (!NAME.matcher(operand).matches()) {
        String variable = function.parameters().get(i) + suffix;
        out.line(indent + function.types().get(i) + " " + variable + " = " + operand + ";");
        operand = variable;
      }
      renamed.put(function.parameters().get(i), operand);
    }
    String result = name + suffix;
    for (String statement : function.body()) {
      Matcher declaration = DECLARATION.matcher(statement);
      if (declaration.find()) {
        renamed.put(declaration.group(1), declaration.group(1) + suffix);
      }
      String text = rename(statement, renamed);
      if (text.startsWith("return ")) {
        text = function.result() + " " + result + " =" + text.substring("return".length());
      }
      expandLine(text, indent, out);
    }
    return result;
  }

  private static String rename(String statement, Map<String, String> renamed) {
    // A name after a dot is a method, one before a parenthesis a function.
    return Pattern.compile("(?<![.\\w#])([a-z]\\w*)\\b(?!\\()")
        .matcher(statement)
        .replaceAll(m -> renamed.getOrDefault(m.group(1), m.group(1)));
  }

  private static Map<String, LaneFunction> parseAll(String all) {
    Map<String, LaneFunction> functions = new LinkedHashMap<>();
    for (String text : all.split("(?m)^}$", -1)) {
      if (!text.isBlank()) {
        LaneFunction function = parse(text);
        functions.put(function.name(), function);
      }
    }
    return functions;
  }

  private static LaneFunction parse(String text) {
    List<String> types = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    List<String> body = new ArrayList<>();
    Matcher head = HEAD.matcher(text);
    if (!head.find()) {
      throw new IllegalStateException("no function: " + text);
    }
    for (String parameter : head.group(3).split(", ", -1)) {
      types.add(parameter.substring(0, parameter.indexOf(' ')));
      parameters.add(parameter.substring(parameter.indexOf(' ') + 1));
    }
    StringBuilder statement = new StringBuilder();
    for (String line : text.substring(head.end()).lines().map(String::strip).toList()) {
      if (!line.isEmpty() && !line.startsWith("//")) {
        statement.append(statement.isEmpty() ? "" : " ").append(line);
        if (line.endsWith(";")) {
          body.add(statement.toString());
          statement.setLength(0);
        }
      }
    }
    return new LaneFunction(head.group(1), head.group(2), types, parameters, body);
  }
}
