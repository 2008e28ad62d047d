package jaxon.graph.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.TensorType;

/// Writes the ops with regions.
final class ControlText {
  private ControlText() {}

  static List<String> write(ControlOp op, Equation equation, FunctionText out) {
    return switch (op) {
      case ControlOp.While _ -> whileLoop(equation, out);
      case ControlOp.Case _ -> caseOf(equation, out);
      case ControlOp.Scan _ ->
          throw new IllegalStateException("a scan is lowered before it is printed");
      case ControlOp.Composite composite -> composite(composite, equation, out);
      case ControlOp.CustomVjp custom -> call(custom.name(), equation, out);
      case ControlOp.Remat _ -> call("remat", equation, out);
      case ControlOp.ShardMap map -> shardMap(map, equation, out);
    };
  }

  private static List<String> whileLoop(Equation equation, FunctionText out) {
    List<String> args = new ArrayList<>();
    List<String> bindings = new ArrayList<>();
    for (Var init : equation.inputs()) {
      String arg = out.blockArgument("iter");
      args.add(arg);
      bindings.add(arg + " = " + out.name(init));
    }
    List<TensorType> types = equation.inputs().stream().map(Var::type).toList();
    String start =
        "stablehlo.while(" + String.join(", ", bindings) + ") : " + Spelling.types(types);
    List<String> results = out.open(types.size(), start);
    out.line("cond {");
    region(equation.regions().get(0), args, out);
    out.line("} do {");
    region(equation.regions().get(1), args, out);
    out.close("}");
    return results;
  }

  /// Branches of `stablehlo.case` take no arguments: they name the operands themselves.
  private static List<String> caseOf(Equation equation, FunctionText out) {
    Var index = equation.inputs().getFirst();
    List<Var> operands = equation.inputs().subList(1, equation.inputs().size());
    List<String> args = operands.stream().map(out::name).toList();
    List<String> results =
        out.open(equation.outputs().size(), "\"stablehlo.case\"(" + out.name(index) + ") ({");
    for (int i = 0; i < equation.regions().size(); i++) {
      if (i > 0) {
        out.line("}, {");
      }
      region(equation.regions().get(i), args, out);
    }
    out.close("}) : " + Spelling.signature(List.of(index), equation.outputs()));
    return results;
  }

  /// For readers: the program of a device has no such op any more.
  private static List<String> shardMap(ControlOp.ShardMap op, Equation equation, FunctionText out) {
    Graph body = equation.regions().getFirst();
    List<String> args = body.inputs().stream().map(_ -> out.blockArgument("block")).toList();
    String start = "\"" + op.opName() + "\"(" + out.names(equation.inputs()) + ") ({";
    List<String> results = out.open(equation.outputs().size(), start);
    List<String> typed = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      typed.add(args.get(i) + ": " + Spelling.type(body.inputs().get(i).type()));
    }
    out.line("^bb0(" + String.join(", ", typed) + "):");
    region(body, args, out);
    out.close(
        "}) {jaxon.devices = %s, jaxon.in = %s, jaxon.out = %s} : %s"
            .formatted(
                Spelling.quoted(op.devices().toString()),
                Spelling.quoted(op.inputs().toString()),
                Spelling.quoted(op.outputs().toString()),
                Spelling.signature(equation.inputs(), equation.outputs())));
    return results;
  }

  private static void region(Graph region, List<String> args, FunctionText out) {
    out.indent();
    out.region(region, args, "stablehlo.return");
    out.dedent();
  }

  private static List<String> composite(
      ControlOp.Composite op, Equation equation, FunctionText out) {
    String function = out.module().function(op.name() + ".impl", equation.regions().getFirst());
    String attributes =
        op.attributes().entrySet().stream()
            .map(entry ->
                Spelling.identifier(entry.getKey()) + " = " + Spelling.quoted(entry.getValue()))
            .collect(Collectors.joining(", ", "composite_attributes = {", "}, "));
    String text =
        "%s %s %s {%sdecomposition = %s} : %s"
            .formatted(
                op.opName(),
                Spelling.quoted(namespaced(op.name())),
                out.names(equation.inputs()),
                op.attributes().isEmpty() ? "" : attributes,
                function,
                Spelling.signature(equation.inputs(), equation.outputs()));
    return out.emitAll(equation.outputs().size(), text);
  }

  /// StableHLO wants a namespace and word characters in a composite's name.
  private static String namespaced(String name) {
    if (name.matches("[a-zA-Z][a-zA-Z0-9_]*([.][a-zA-Z0-9_$]+)+")) {
      return name;
    }
    return "jaxon." + name.replaceAll("[^a-zA-Z0-9_$]", "_");
  }

  /// A call of the first region.
  private static List<String> call(String name, Equation equation, FunctionText out) {
    String function = out.module().function(name, equation.regions().getFirst());
    String types = Spelling.signature(equation.inputs(), equation.outputs());
    String text = "func.call " + function + "(" + out.names(equation.inputs()) + ") : " + types;
    return out.emitAll(equation.outputs().size(), text);
  }
}
