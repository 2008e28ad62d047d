package jaxon.sharding.propagate;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.BlockSpec;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.Shape;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.ShardingException;
import jaxon.sharding.TensorSharding;

/// What lies on both sides of a [ControlOp.ShardMap]: outside whole tensors, inside the blocks that
/// its own axes make of them, both cut further along the other axes of the mesh.
public final class ManualRegions {
  private ManualRegions() {}

  /// How a block is cut within a region, by how its tensor is cut outside.
  ///
  /// @param block the shape of the block
  public static TensorSharding inner(
      TensorSharding outer, ControlOp.ShardMap op, Shape block, Mesh mesh) {
    List<DimSharding> dims = new ArrayList<>();
    for (int dim = 0; dim < block.rank(); dim++) {
      long size = block.dim(dim);
      List<String> axes = new ArrayList<>(outer.dim(dim).axes());
      axes.removeAll(op.devices().axes());
      boolean fits = outer.dim(dim).isBlocks() && size % mesh.size(axes) == 0;
      dims.add(DimSharding.of(size, fits ? axes : List.of()));
    }
    return new TensorSharding(dims);
  }

  /// How a tensor is cut outside, by how its block is cut within a region: the blocks of the
  /// region's axes, and within them those of the other axes.
  public static TensorSharding outer(TensorSharding inner, BlockSpec spec) {
    List<DimSharding> dims = new ArrayList<>();
    for (int dim = 0; dim < spec.dims().size(); dim++) {
      AxisGroup group = spec.dims().get(dim);
      List<String> axes = new ArrayList<>(group.axes());
      axes.addAll(inner.dim(dim).axes());
      dims.add(DimSharding.of(inner.dim(dim).size() * group.size(), axes));
    }
    return new TensorSharding(dims);
  }

  /// `inner` with what is no block held whole.
  public static TensorSharding inBlocks(TensorSharding inner) {
    return new TensorSharding(
        inner.dims().stream()
            .map(dim -> dim.isBlocks() ? dim : DimSharding.whole(dim.size()))
            .toList());
  }

  /// Throws unless manual regions are for this mesh, and collectives stand in them alone.
  static void check(Graph graph, Mesh mesh) {
    check(graph, mesh, List.of());
  }

  private static void check(Graph graph, Mesh mesh, List<String> manual) {
    for (Equation equation : graph.equations()) {
      List<String> inside = manual;
      if (equation.op() instanceof CollectiveOp op) {
        requireInside(op, equation, manual);
        requireSize(op.group(), equation, mesh);
      } else if (equation.op() instanceof ControlOp.ShardMap map) {
        requireSize(map.devices(), equation, mesh);
        inside = new ArrayList<>(manual);
        inside.addAll(map.devices().axes());
      }
      for (Graph region : equation.regions()) {
        check(region, mesh, inside);
      }
    }
  }

  private static void requireInside(CollectiveOp op, Equation equation, List<String> manual) {
    if (manual.isEmpty()) {
      throw new ShardingException(
          "%s at %s: the graph is partitioned already; partition a graph once"
              .formatted(op.opName(), equation.source()));
    }
    if (!manual.containsAll(op.group().axes())) {
      throw new ShardingException(
          "%s over %s at %s stands in a region over %s, which is one device along other axes"
              .formatted(op.opName(), op.group(), equation.source(), manual));
    }
  }

  private static void requireSize(AxisGroup group, Equation equation, Mesh mesh) {
    if (mesh.group(group.axes()).size() != group.size()) {
      throw new ShardingException(
          "%s at %s was written for %d devices along %s; the mesh is %s"
              .formatted(equation.op().opName(), equation.source(), group.size(), group, mesh));
    }
  }

  /// Carries shardings of operands or results between the two sides.
  ///
  /// @param tensors outside
  /// @param blocks inside, as many
  static void carry(
      ControlOp.ShardMap op,
      List<Var> tensors,
      List<Var> blocks,
      List<BlockSpec> specs,
      boolean inward,
      Shardings shardings,
      Mesh mesh) {
    for (int i = 0; i < tensors.size(); i++) {
      Var tensor = tensors.get(i);
      Var block = blocks.get(i);
      if (inward) {
        Shape shape = block.type().shape();
        shardings.offer(block, inner(shardings.of(tensor), op, shape, mesh));
      } else {
        shardings.offer(tensor, outer(inBlocks(shardings.of(block)), specs.get(i)));
      }
    }
  }
}
