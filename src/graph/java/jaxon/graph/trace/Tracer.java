package jaxon.graph.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.GraphVerifier;
import jaxon.graph.SourceLine;
import jaxon.graph.Var;
import jaxon.graph.op.Op;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// Records the operations of one function into one graph.
///
/// The tracer of the innermost function being traced is [#current]; it is bound for the dynamic
/// extent of the trace, on the thread that traces.
public final class Tracer {
  private static final ScopedValue<Tracer> CURRENT = ScopedValue.newInstance();

  private final @Nullable Tracer parent;
  private final GraphBuilder builder = new GraphBuilder();
  private final Map<Var, Var> captured = new HashMap<>();
  private final List<Array> captures = new ArrayList<>();
  private final List<Var> captureInputs = new ArrayList<>();

  private Tracer(@Nullable Tracer parent) {
    this.parent = parent;
  }

  /// A traced function: its graph takes `captures` (values of the enclosing trace) first, then the
  /// arguments.
  public record Traced(Graph graph, List<Array> captures) {
    public Traced {
      captures = List.copyOf(captures);
    }
  }

  /// The tracer of the function being traced; fails with advice outside a trace.
  public static Tracer current() {
    if (!CURRENT.isBound()) {
      throw new IllegalStateException(
          "an operation on Arrays outside a trace: wrap it in Tracer.trace or a Program");
    }
    return CURRENT.get();
  }

  /// Runs `function` on fresh inputs of the given types, as a region of the current trace if there
  /// is one.
  public static Traced trace(
      String name, List<TensorType> inputs, Function<List<Array>, List<Array>> function) {
    return run(new Tracer(CURRENT.isBound() ? CURRENT.get() : null), name, inputs, function);
  }

  /// Runs `function` on fresh inputs as a graph of its own, which may use nothing from outside.
  public static Graph traceClosed(
      String name, List<TensorType> inputs, Function<List<Array>, List<Array>> function) {
    return run(new Tracer(null), name, inputs, function).graph();
  }

  private static Traced run(
      Tracer tracer,
      String name,
      List<TensorType> inputs,
      Function<List<Array>, List<Array>> function) {
    List<Var> arguments = inputs.stream().map(Var::new).toList();
    List<Array> arrays = arguments.stream().map(var -> new Array(tracer, var)).toList();
    List<Array> results = ScopedValue.where(CURRENT, tracer).call(() -> function.apply(arrays));
    List<Var> outputs = results.stream().map(tracer::read).toList();
    Graph body = tracer.builder.build(name, outputs);
    List<Var> allInputs = new ArrayList<>(tracer.captureInputs);
    allInputs.addAll(arguments);
    Graph graph = new Graph(name, allInputs, body.equations(), outputs);
    GraphVerifier.verify(graph, "tracing");
    return new Traced(graph, tracer.captures);
  }

  /// Appends `op` with region graphs, which take exactly the operands that the op gives them.
  public List<Array> emit(Op op, List<Array> operands, List<Graph> regions) {
    List<Var> vars = operands.stream().map(this::read).toList();
    return wrap(builder.emit(op, vars, regions));
  }

  /// Appends `op` on behalf of a known source line, as transforms of traced graphs do.
  public List<Array> emit(Op op, List<Array> operands, List<Graph> regions, SourceLine source) {
    List<Var> vars = operands.stream().map(this::read).toList();
    return wrap(builder.emit(op, vars, regions, source));
  }

  /// Appends a copy of `graph` applied to `arguments`; a result that is an input is the argument
  /// itself.
  public List<Array> inline(Graph graph, List<Array> arguments) {
    List<Var> vars = arguments.stream().map(this::read).toList();
    Map<Var, Array> given = new HashMap<>();
    for (int i = 0; i < vars.size(); i++) {
      given.put(vars.get(i), arguments.get(i));
    }
    return builder.inline(graph, vars).stream()
        .map(var -> given.getOrDefault(var, new Array(this, var)))
        .toList();
  }

  private List<Array> wrap(List<Var> vars) {
    return vars.stream().map(var -> new Array(this, var)).toList();
  }

  /// The value of this graph that stands for `array`, which may belong to an enclosing trace.
  Var read(Array array) {
    Tracer owner = array.tracer();
    if (owner == this) {
      return array.var();
    }
    Var known = captured.get(array.var());
    if (known != null) {
      return known;
    }
    if (!isEnclosedBy(owner)) {
      throw new IllegalStateException(
          "an Array of type "
              + array.type()
              + " is used outside the function that it was traced in: return it from that function,"
              + " or pass it as an operand to a function that may not capture");
    }
    Var input = new Var(array.type());
    captured.put(array.var(), input);
    captures.add(array);
    captureInputs.add(input);
    return input;
  }

  private boolean isEnclosedBy(@Nullable Tracer owner) {
    for (Tracer t = parent; t != null; t = t.parent) {
      if (t == owner) {
        return true;
      }
    }
    return false;
  }
}
