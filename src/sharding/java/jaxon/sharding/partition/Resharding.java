package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Var;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.TensorSharding;

/// Brings values from one sharding to another; the only place that writes collectives.
final class Resharding {
  private final Emitter emitter;
  private final Mesh mesh;

  Resharding(Emitter emitter) {
    this.emitter = emitter;
    this.mesh = emitter.mesh();
  }

  /// `value` in the sharding `to`, no longer partial.
  Placed apply(Placed value, TensorSharding to) {
    if (value.sharding().equals(to) && value.partial().isEmpty()) {
      return value;
    }
    TensorSharding between = between(value.sharding(), to, mesh);
    if (between.equals(to)) {
      return direct(value, to);
    }
    Optional<LayerDeal> deal = LayerDeal.between(value.sharding(), to, mesh);
    if (deal.isPresent()) {
      Var dealt = deal.get().emit(emitter, value.local());
      TensorSharding reached = value.sharding().with(0, to.dim(0));
      return apply(new Placed(dealt, reached, value.partial()), to);
    }
    return direct(direct(value, between), to);
  }

  /// Bytes that one device sends for it.
  static double cost(Placed value, TensorSharding to, Mesh mesh) {
    List<String> partial = value.partial().map(Partial::axes).orElse(List.of());
    return cost(value.sharding(), partial, to, (double) value.local().type().bytes(), mesh);
  }

  /// Bytes that one device sends to bring a local tensor of `bytes` from one sharding to another.
  static double cost(
      TensorSharding from, List<String> partial, TensorSharding to, double bytes, Mesh mesh) {
    TensorSharding between = between(from, to, mesh);
    List<ReshardStep> first =
        ReshardRoute.of(
            digits(from, between, mesh, true), partial, digits(from, between, mesh, false));
    double sent = ReshardCost.bytes(first, bytes, mesh);
    if (between.equals(to)) {
      return sent;
    }
    double middle = bytes * mesh.size(from.axes()) / mesh.size(between.axes());
    List<ReshardStep> second =
        ReshardRoute.of(
            digits(between, to, mesh, true), List.of(), digits(between, to, mesh, false));
    return sent + ReshardCost.bytes(second, middle, mesh);
  }

  /// `to`, but whole on the dims whose two cuts have no common digits.
  private static TensorSharding between(TensorSharding from, TensorSharding to, Mesh mesh) {
    TensorSharding between = to;
    for (int dim = 0; dim < to.dims().size(); dim++) {
      if (DimDigits.of(from.dim(dim), to.dim(dim), mesh).isEmpty()) {
        between = between.with(dim, DimSharding.whole(to.dim(dim).size()));
      }
    }
    return between;
  }

  private static List<List<String>> digits(
      TensorSharding from, TensorSharding to, Mesh mesh, boolean left) {
    List<List<String>> all = new ArrayList<>();
    for (int dim = 0; dim < to.dims().size(); dim++) {
      DimDigits digits = DimDigits.of(from.dim(dim), to.dim(dim), mesh).orElseThrow();
      (left ? digits.from() : digits.to()).forEach(digit -> all.add(digit.axes()));
    }
    return all;
  }

  private Placed direct(Placed value, TensorSharding to) {
    List<Long> sizes = new ArrayList<>();
    for (int dim = 0; dim < to.dims().size(); dim++) {
      DimDigits.of(value.sharding().dim(dim), to.dim(dim), mesh)
          .orElseThrow()
          .from()
          .forEach(digit -> sizes.add(digit.localSize(mesh)));
    }
    List<String> partial = value.partial().map(Partial::axes).orElse(List.of());
    List<ReshardStep> steps =
        ReshardRoute.of(
            digits(value.sharding(), to, mesh, true),
            partial,
            digits(value.sharding(), to, mesh, false));
    ReduceOp.Kind kind = value.partial().map(Partial::kind).orElse(ReduceOp.Kind.SUM);
    Var local = reshaped(value.local(), Shape.of(sizes));
    for (ReshardStep step : steps) {
      local = emit(step, kind, local);
    }
    return new Placed(reshaped(local, to.localShape(mesh)), to, Optional.empty());
  }

  private Var reshaped(Var local, Shape shape) {
    return local.type().shape().equals(shape)
        ? local
        : emitter.emit(new ShapeOp.Reshape(shape), local);
  }

  private Var emit(ReshardStep step, ReduceOp.Kind kind, Var local) {
    return switch (step) {
      case ReshardStep.AllReduce(List<String> axes) ->
          emitter.emit(new CollectiveOp.AllReduce(kind, mesh.group(axes)), local);
      case ReshardStep.ReduceScatter(int dim, List<String> axes) ->
          emitter.emit(new CollectiveOp.ReduceScatter(kind, dim, mesh.group(axes)), local);
      case ReshardStep.AllGather(int dim, List<String> axes) ->
          emitter.emit(new CollectiveOp.AllGather(dim, mesh.group(axes)), local);
      case ReshardStep.AllToAll(int split, int concat, List<String> axes) ->
          emitter.emit(new CollectiveOp.AllToAll(split, concat, mesh.group(axes)), local);
      case ReshardStep.Slice(int dim, List<String> axes) -> slice(local, dim, axes);
    };
  }

  private Var slice(Var local, int dim, List<String> axes) {
    Shape shape = local.type().shape();
    long block = shape.dim(dim) / mesh.size(axes);
    List<Var> operands = new ArrayList<>(List.of(local));
    operands.addAll(emitter.starts(shape.rank(), dim, emitter.offset(axes, block)));
    return emitter.emit(new IndexOp.DynamicSlice(shape.with(dim, block).toList()), operands);
  }
}
