package jaxon.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Random equations with regions.
final class RandomControl {
  private static final TensorType COUNTER = TensorType.of(DType.I32);

  private RandomControl() {}

  static void emit(RandomScope scope) {
    switch (scope.random().nextInt(6)) {
      case 0, 1 -> scan(scope);
      case 2 -> whileLoop(scope);
      case 3 -> branches(scope);
      case 4 -> call(scope);
      default -> customVjp(scope);
    }
  }

  private static List<TensorType> types(List<Var> vars) {
    return vars.stream().map(Var::type).toList();
  }

  /// Some carries and consts are passed on unchanged, some values are not used.
  private static void scan(RandomScope scope) {
    long length = RandomGraphs.dim(scope.random());
    List<Var> consts = scope.some(2);
    List<Var> carries = scope.some(3);
    List<Var> operands = new ArrayList<>(consts);
    operands.addAll(carries);
    List<TensorType> inputs = new ArrayList<>(types(operands));
    for (int i = 0; i < scope.random().nextInt(3); i++) {
      TensorType slice = RandomGraphs.type(scope.random());
      inputs.add(slice);
      operands.add(scope.ofType(slice.withShape(slice.shape().insert(0, length))));
    }
    List<TensorType> outputs = new ArrayList<>(types(carries));
    for (int i = 0; i < scope.random().nextInt(3); i++) {
      outputs.add(RandomGraphs.type(scope.random()));
    }
    Graph body = RandomGraphs.region(scope, "scan_body", inputs, outputs);
    Graph passing = passOn(body, consts.size(), carries.size(), scope);
    boolean reverse = scope.random().nextBoolean();
    ControlOp.Scan op = new ControlOp.Scan(length, consts.size(), carries.size(), reverse);
    scope.emit(op, operands, List.of(passing));
  }

  /// `body` with about one carry in three given back as it came.
  private static Graph passOn(Graph body, int consts, int carries, RandomScope scope) {
    List<Var> outputs = new ArrayList<>(body.outputs());
    for (int i = 0; i < carries; i++) {
      if (scope.random().nextInt(3) == 0) {
        outputs.set(i, body.inputs().get(consts + i));
      }
    }
    return new Graph(body.name(), body.inputs(), body.equations(), outputs);
  }

  /// Runs zero to three times: the first carry counts.
  private static void whileLoop(RandomScope scope) {
    List<Var> carries = new ArrayList<>();
    carries.add(scope.emit(new SourceOp.Constant(Literal.splat(COUNTER, 0))));
    carries.addAll(scope.some(3));
    GraphBuilder condition = new GraphBuilder();
    List<Var> tested = carries.stream().map(carry -> condition.input(carry.type())).toList();
    Literal limit = Literal.splat(COUNTER, scope.random().nextInt(4));
    Var end = condition.emit(new SourceOp.Constant(limit), List.of(), List.of()).getFirst();
    List<Var> goOn =
        condition.emit(
            new ElementwiseOp.Compare(ElementwiseOp.Direction.LT),
            List.of(tested.getFirst(), end),
            List.of());
    Graph body = RandomGraphs.region(scope, "while_body", types(carries), types(carries));
    Graph counting = counting(passOn(body, 0, carries.size(), scope));
    scope.emit(
        new ControlOp.While(), carries, List.of(condition.build("while_cond", goOn), counting));
  }

  /// `body` with its first output replaced by its first input plus one.
  private static Graph counting(Graph body) {
    GraphBuilder builder = new GraphBuilder();
    List<Var> inputs = body.inputs().stream().map(input -> builder.input(input.type())).toList();
    List<Var> outputs = new ArrayList<>(builder.inline(body, inputs));
    Literal one = Literal.splat(COUNTER, 1);
    Var step = builder.emit(new SourceOp.Constant(one), List.of(), List.of()).getFirst();
    List<Var> operands = List.of(inputs.getFirst(), step);
    outputs.set(0, builder.emit(BinaryOp.ADD, operands, List.of()).getFirst());
    return builder.build(body.name(), outputs);
  }

  private static void branches(RandomScope scope) {
    List<Var> operands = new ArrayList<>(List.of(scope.index()));
    operands.addAll(scope.some(3));
    List<TensorType> inputs = types(operands.subList(1, operands.size()));
    List<TensorType> outputs = outputs(scope);
    List<Graph> regions = new ArrayList<>();
    for (int i = 0; i <= scope.random().nextInt(3); i++) {
      regions.add(RandomGraphs.region(scope, "branch", inputs, outputs));
    }
    scope.emit(new ControlOp.Case(), operands, regions);
  }

  private static void call(RandomScope scope) {
    List<Var> operands = scope.some(3);
    Graph region = RandomGraphs.region(scope, "called", types(operands), outputs(scope));
    if (scope.random().nextBoolean()) {
      scope.emit(new ControlOp.Remat(RematPolicy.FULL), operands, List.of(region));
    } else {
      scope.emit(
          new ControlOp.Composite("jaxon.random", new TreeMap<>()), operands, List.of(region));
    }
  }

  private static void customVjp(RandomScope scope) {
    List<Var> operands = scope.some(2);
    List<TensorType> inputs = types(operands);
    List<TensorType> outputs = outputs(scope);
    Graph primal = RandomGraphs.region(scope, "primal", inputs, outputs);
    Graph forward = RandomGraphs.region(scope, "forward", inputs, outputs);
    Graph backward = RandomGraphs.region(scope, "backward", outputs, inputs);
    scope.emit(
        new ControlOp.CustomVjp("jaxon.random"), operands, List.of(primal, forward, backward));
  }

  private static List<TensorType> outputs(RandomScope scope) {
    List<TensorType> outputs = new ArrayList<>();
    for (int i = 0; i <= scope.random().nextInt(3); i++) {
      outputs.add(RandomGraphs.type(scope.random()));
    }
    return outputs;
  }
}
