package jaxon.sharding.propagate;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.UnaryOp;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.Pipelining;

/// The loops over layers that lie on several stages: those that scan values whose first dim, the
/// layers, is cut along [MeshAxis#STAGE].
///
/// Such values are inputs and outputs of the graph that are cut so (parameters, moments) and what
/// is made of them element by element (copies in another type, gradients). What one such loop
/// stacks, another may scan (residuals). The rest of propagation must know these loops from the
/// start: inside of them nothing is cut along the stages, since each stage runs its own layers on
/// all it is given.
///
/// Pipelines of several rounds deal the layers to the stages ([Pipelining]). What such loops alone
/// see is dealt; what is combined element by element with inputs or outputs of the graph is cut in
/// blocks as these are, and is dealt where a loop takes it.
final class LayerLoops {
  private final Shardings shardings;
  private final Mesh mesh;
  private final Pipelining pipelining;
  private final Set<Var> stacks = new HashSet<>();
  private final Set<Graph> bodies = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Connected connected = new Connected();
  private final Set<Var> inBlocks = new HashSet<>();
  private final Set<Var> scanned = new LinkedHashSet<>();
  private boolean changed;

  private LayerLoops(Shardings shardings, Mesh mesh, Pipelining pipelining) {
    this.shardings = shardings;
    this.mesh = mesh;
    this.pipelining = pipelining;
  }

  /// The loops of a graph, and all they scan and stack cut along the stages.
  ///
  /// @param shardings of the graph's inputs and outputs
  static LayerLoops find(Graph graph, Shardings shardings, Mesh mesh, Pipelining pipelining) {
    LayerLoops loops = new LayerLoops(shardings, mesh, pipelining);
    graph.inputs().forEach(loops::addIfCut);
    graph.outputs().forEach(loops::addIfCut);
    while (loops.changed) {
      loops.changed = false;
      loops.visit(graph);
    }
    loops.cut();
    return loops;
  }

  /// The bodies of the loops.
  Set<Graph> bodies() {
    return bodies;
  }

  private void addIfCut(Var var) {
    List<DimSharding> dims = shardings.of(var).dims();
    if (!dims.isEmpty() && dims.getFirst().axes().equals(List.of(MeshAxis.STAGE))) {
      add(var);
      inBlocks.add(var);
    }
  }

  private void add(Var var) {
    changed |= stacks.add(var);
  }

  private void connect(Var left, Var right) {
    add(left);
    add(right);
    connected.join(left, right);
  }

  /// Cuts all that loops scan and stack.
  private void cut() {
    Set<Var> blocks = inBlocks.stream().map(connected::group).collect(Collectors.toSet());
    for (Var var : scanned) {
      long length = var.type().shape().dim(0);
      DimSharding layers =
          blocks.contains(connected.group(var))
              ? DimSharding.of(length, List.of(MeshAxis.STAGE))
              : pipelining.layers(mesh, length);
      shardings.offer(var, Shardings.whole(var).with(0, layers));
    }
  }

  private void visit(Graph graph) {
    for (Equation equation : graph.equations()) {
      switch (equation.op()) {
        case UnaryOp _, BinaryOp _, ElementwiseOp _ -> together(equation);
        case AnnotationOp _ -> pairs(equation.inputs(), equation.outputs());
        case ControlOp.Composite _ -> {}
        case ControlOp.Scan scan -> scan(scan, equation);
        case ControlOp.While _ ->
            equation.regions().forEach(region -> pairs(equation.inputs(), region.inputs()));
        case ControlOp.Case _ ->
            equation
                .regions()
                .forEach(branch -> {
                  pairs(equation.inputs().subList(1, equation.inputs().size()), branch.inputs());
                  pairs(equation.outputs(), branch.outputs());
                });
        case ControlOp.Remat _, ControlOp.CustomVjp _ -> {
          pairs(equation.inputs(), equation.regions().getFirst().inputs());
          pairs(equation.outputs(), equation.regions().getFirst().outputs());
        }
        default -> {}
      }
      if (!(equation.op() instanceof ControlOp.Composite)) {
        equation.regions().forEach(this::visit);
      }
    }
  }

  /// Operands and result of one shape.
  private void together(Equation equation) {
    List<Var> all =
        Stream.concat(equation.inputs().stream(), equation.outputs().stream())
            .filter(var -> var.type().shape().rank() > 0)
            .toList();
    if (all.stream().anyMatch(stacks::contains)) {
      all.forEach(var -> connect(var, all.getFirst()));
    }
  }

  private void pairs(List<Var> left, List<Var> right) {
    for (int i = 0; i < left.size(); i++) {
      if (stacks.contains(left.get(i)) || stacks.contains(right.get(i))) {
        connect(left.get(i), right.get(i));
      }
    }
  }

  private void scan(ControlOp.Scan op, Equation equation) {
    Graph body = equation.regions().getFirst();
    int fixed = op.consts() + op.carries();
    pairs(equation.inputs().subList(0, fixed), body.inputs().subList(0, fixed));
    List<Var> carried = equation.outputs().subList(0, op.carries());
    pairs(carried, body.outputs().subList(0, op.carries()));
    pairs(carried, equation.inputs().subList(op.consts(), fixed));
    List<Var> xs = equation.inputs().subList(fixed, equation.inputs().size());
    List<Var> ys = equation.outputs().subList(op.carries(), equation.outputs().size());
    if (bodies.contains(body)
        || xs.stream().anyMatch(stacks::contains)
        || ys.stream().anyMatch(stacks::contains)) {
      bodies.add(body);
      for (Var var : Stream.concat(xs.stream(), ys.stream()).toList()) {
        add(var);
        scanned.add(var);
        if (op.carries() == 0) {
          // No pipeline: each stage runs its part of the loop on its blocks.
          inBlocks.add(var);
        }
      }
    }
  }
}
