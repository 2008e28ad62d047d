package jaxon.sharding.simulate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.sharding.Blocks;
import jaxon.sharding.Mesh;
import jaxon.sharding.partition.PartitionedGraph;

/// Runs a per-device program on every device of a mesh, in lockstep.
///
/// A value is one literal per device. Devices must agree on control flow.
public final class MeshInterpreter {
  private final Mesh mesh;

  private MeshInterpreter(Mesh mesh) {
    this.mesh = mesh;
  }

  /// The global results of a partitioned graph on global inputs.
  public static List<Literal> run(PartitionedGraph program, List<Literal> inputs) {
    Mesh mesh = program.mesh();
    List<List<Literal>> blocks = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      blocks.add(Blocks.cut(inputs.get(i), program.inputs().get(i), mesh));
    }
    List<List<Literal>> results = run(program.graph(), mesh, blocks);
    List<Literal> joined = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      TensorType type = program.plan().graph().outputs().get(i).type();
      joined.add(Blocks.join(results.get(i), program.outputs().get(i), mesh, 0, type));
    }
    return joined;
  }

  /// The results of each device, by result; `inputs` are by input, one literal for each device.
  public static List<List<Literal>> run(Graph graph, Mesh mesh, List<List<Literal>> inputs) {
    return new MeshInterpreter(mesh).run(graph, inputs);
  }

  private List<List<Literal>> run(Graph graph, List<List<Literal>> inputs) {
    Map<Var, List<Literal>> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put(graph.inputs().get(i), inputs.get(i));
    }
    for (Equation equation : graph.equations()) {
      List<List<Literal>> operands = equation.inputs().stream().map(values::get).toList();
      List<List<Literal>> results = apply(equation, operands);
      for (int i = 0; i < results.size(); i++) {
        values.put(equation.outputs().get(i), results.get(i));
      }
    }
    return graph.outputs().stream().map(values::get).toList();
  }

  private List<List<Literal>> apply(Equation equation, List<List<Literal>> operands) {
    return switch (equation.op()) {
      case CollectiveOp op -> List.of(collective(op, operands));
      case ControlOp.Scan scan -> scan(scan, equation, operands);
      case ControlOp.While _ -> whileLoop(equation, operands);
      case ControlOp.Case _ -> {
        long index = agreed(operands.getFirst());
        int last = equation.regions().size() - 1;
        Graph branch = equation.regions().get(index < 0 || index > last ? last : (int) index);
        yield run(branch, operands.subList(1, operands.size()));
      }
      case ControlOp.Composite _, ControlOp.CustomVjp _, ControlOp.Remat _ ->
          run(equation.regions().getFirst(), operands);
      case ControlOp.ShardMap map ->
          throw new IllegalStateException(map.opName() + " is gone when a graph is partitioned");
      default -> alone(equation.op(), operands, equation.outputs().size());
    };
  }

  /// Each device by itself.
  private List<List<Literal>> alone(Op op, List<List<Literal>> operands, int results) {
    List<List<Literal>> byResult = new ArrayList<>();
    IntStream.range(0, results).forEach(_ -> byResult.add(new ArrayList<>()));
    for (int device = 0; device < mesh.devices(); device++) {
      int d = device;
      List<Literal> own = operands.stream().map(operand -> operand.get(d)).toList();
      List<Literal> found = Interpreter.apply(op, List.of(), own);
      for (int i = 0; i < results; i++) {
        byResult.get(i).add(found.get(i));
      }
    }
    return byResult;
  }

  private List<Literal> collective(CollectiveOp op, List<List<Literal>> operands) {
    Literal none = Literal.splat(TensorType.of(DType.I1), 0);
    List<Literal> results = new ArrayList<>(Collections.nCopies(mesh.devices(), none));
    for (List<Integer> group : mesh.groups(op.group())) {
      List<Literal> own =
          operands.isEmpty() ? List.of() : group.stream().map(operands.getFirst()::get).toList();
      List<Literal> found = Collectives.apply(op, own);
      for (int place = 0; place < group.size(); place++) {
        results.set(group.get(place), found.get(place));
      }
    }
    return results;
  }

  private long agreed(List<Literal> scalars) {
    long value = scalars.getFirst().getLong(0);
    if (scalars.stream().anyMatch(scalar -> scalar.getLong(0) != value)) {
      throw new IllegalStateException("devices of " + mesh + " disagree on control flow");
    }
    return value;
  }

  private List<List<Literal>> whileLoop(Equation equation, List<List<Literal>> init) {
    List<List<Literal>> carry = init;
    while (agreed(run(equation.regions().get(0), carry).getFirst()) != 0) {
      carry = run(equation.regions().get(1), carry);
    }
    return carry;
  }

  private List<List<Literal>> scan(
      ControlOp.Scan op, Equation equation, List<List<Literal>> operands) {
    int fixed = op.consts() + op.carries();
    List<List<Literal>> consts = operands.subList(0, op.consts());
    List<List<Literal>> carry = operands.subList(op.consts(), fixed);
    List<List<Literal>> xs = operands.subList(fixed, operands.size());
    List<List<List<Literal>>> rows = new ArrayList<>();
    for (long step = 0; step < op.length(); step++) {
      long at = op.reverse() ? op.length() - 1 - step : step;
      List<List<Literal>> args = new ArrayList<>(consts);
      args.addAll(carry);
      xs.forEach(x -> args.add(x.stream().map(literal -> row(literal, at)).toList()));
      List<List<Literal>> results = run(equation.regions().getFirst(), args);
      carry = results.subList(0, op.carries());
      rows.add(op.reverse() ? 0 : rows.size(), results.subList(op.carries(), results.size()));
    }
    List<List<Literal>> all = new ArrayList<>(carry);
    for (int y = op.carries(); y < equation.outputs().size(); y++) {
      all.add(stacked(rows, y - op.carries(), equation.outputs().get(y).type()));
    }
    return all;
  }

  private List<Literal> stacked(List<List<List<Literal>>> rows, int y, TensorType type) {
    List<Literal> byDevice = new ArrayList<>();
    for (int device = 0; device < mesh.devices(); device++) {
      int d = device;
      List<Literal> slices =
          rows.stream()
              .map(row -> row.get(y).get(d))
              .map(slice -> reshaped(slice, slice.type().shape().insert(0, 1)))
              .toList();
      byDevice.add(
          slices.isEmpty()
              ? Literal.splat(type, 0)
              : Interpreter.apply(new ShapeOp.Concatenate(0), List.of(), slices).getFirst());
    }
    return byDevice;
  }

  private static Literal row(Literal stack, long at) {
    Shape shape = stack.type().shape();
    List<Long> start = new ArrayList<>(Collections.nCopies(shape.rank(), 0L));
    start.set(0, at);
    List<Long> ones = Collections.nCopies(shape.rank(), 1L);
    ShapeOp.Slice slice = new ShapeOp.Slice(start, shape.with(0, at + 1).toList(), ones);
    Literal piece = Interpreter.apply(slice, List.of(), List.of(stack)).getFirst();
    return reshaped(piece, shape.without(List.of(0)));
  }

  private static Literal reshaped(Literal value, Shape shape) {
    return Interpreter.apply(new ShapeOp.Reshape(shape), List.of(), List.of(value)).getFirst();
  }
}
