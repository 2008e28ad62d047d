package jaxon.graph.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.SourceLine;
import jaxon.graph.Var;

/// One function under construction: its lines and the names of its values.
///
/// Names are unique in the whole function, since MLIR lets no region shadow a name around it.
final class FunctionText {
  private final ModuleText module;
  private final boolean locations;
  private final Map<Var, String> names = new HashMap<>();
  private final StringBuilder text = new StringBuilder();
  private int nextValue;
  private int nextBlockArgument;
  private int depth = 2;
  private String location = "";

  private FunctionText(ModuleText module, boolean locations) {
    this.module = module;
    this.locations = locations;
  }

  /// What follows the function's name: arguments, result types and body.
  static String of(ModuleText module, boolean locations, Graph graph) {
    FunctionText function = new FunctionText(module, locations);
    List<String> args =
        IntStream.range(0, graph.inputs().size()).mapToObj(i -> "%arg" + i).toList();
    String signature =
        IntStream.range(0, args.size())
            .mapToObj(i -> args.get(i) + ": " + Spelling.type(graph.inputs().get(i).type()))
            .collect(Collectors.joining(", ", "(", ")"));
    if (!graph.outputs().isEmpty()) {
      signature += " -> " + Spelling.results(graph.outputTypes());
    }
    function.region(graph, args, "return");
    return signature + " {\n" + function.text + "  }\n";
  }

  ModuleText module() {
    return module;
  }

  /// Writes a region's equations on the given argument names, ended by `terminator`.
  void region(Graph region, List<String> args, String terminator) {
    for (int i = 0; i < args.size(); i++) {
      names.put(region.inputs().get(i), args.get(i));
    }
    region.equations().forEach(this::equation);
    String values = names(region.outputs());
    String types = Spelling.types(region.outputTypes());
    line(region.outputs().isEmpty() ? terminator : terminator + " " + values + " : " + types);
  }

  private void equation(Equation equation) {
    // An op has no effects, so one without results has nothing to say.
    if (equation.outputs().isEmpty()) {
      return;
    }
    String outer = location;
    location = locations ? location(equation.source()) : "";
    List<String> results = EquationText.write(equation, this);
    for (int i = 0; i < results.size(); i++) {
      names.put(equation.outputs().get(i), results.get(i));
    }
    location = outer;
  }

  private static String location(SourceLine source) {
    return source.equals(SourceLine.UNKNOWN)
        ? ""
        : " loc(" + Spelling.quoted(source.file()) + ":" + source.line() + ":0)";
  }

  String name(Var var) {
    String name = names.get(var);
    if (name == null) {
      throw new IllegalStateException("value " + var + " is used before it is defined");
    }
    return name;
  }

  /// The names of values, in order, with commas between.
  String names(List<Var> vars) {
    return vars.stream().map(this::name).collect(Collectors.joining(", "));
  }

  /// A fresh name for a block argument, for example `%iter3`.
  String blockArgument(String kind) {
    return "%" + kind + nextBlockArgument++;
  }

  void line(String content) {
    text.append("  ".repeat(depth)).append(content).append('\n');
  }

  /// Writes an operation of one result on one line and returns the result's name.
  String emit(String operation) {
    return emitAll(1, operation).getFirst();
  }

  /// Writes an operation on one line and returns its results' names.
  List<String> emitAll(int results, String operation) {
    return open(results, operation + location);
  }

  /// Writes the first line of an operation that goes on, and returns its results' names.
  List<String> open(int results, String start) {
    String name = "%" + nextValue++;
    if (results == 1) {
      line(name + " = " + start);
      return List.of(name);
    }
    line(name + ":" + results + " = " + start);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      names.add(name + "#" + i);
    }
    return names;
  }

  /// Writes the last line of an operation begun by [#open].
  void close(String end) {
    line(end + location);
  }

  void indent() {
    depth++;
  }

  void dedent() {
    depth--;
  }
}
