package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Var;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.CollectiveOp.SourceTarget;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.sharding.DimSharding;
import jaxon.sharding.DimSharding.Part;
import jaxon.sharding.Mesh;
import jaxon.sharding.TensorSharding;

/// From blocks of groups to groups that are dealt in turns, and back, along dim 0 and one axis.
///
/// Of S·R groups on S devices device s has the groups R·s … R·s + R − 1 in the one form and s, s +
/// S, … in the other. Where S divides R that is an all_to_all; this is for the rest. Each device
/// sends one group in each of R rounds, and in each round each device receives one: with g = gcd(R,
/// S), device s sends its group number (j + ⌊s·g / S⌋) mod R in round j, to device (R·s + that
/// number) mod S. These are different devices: R·s mod S is a multiple of g, the same for the g
/// devices that differ in ⌊s·g / S⌋, whose numbers differ mod g.
///
/// @param axis the axis of the devices
/// @param devices along the axis
/// @param rounds groups of each device
/// @param deals whether groups are dealt; otherwise they are put back
record LayerDeal(String axis, int devices, int rounds, boolean deals) {
  /// The deal that leads from one form of dim 0 to another, if one does.
  static Optional<LayerDeal> between(TensorSharding from, TensorSharding to, Mesh mesh) {
    if (from.dims().isEmpty() || from.dim(0).axes().size() != 1 || from.dim(0).size() == 0) {
      return Optional.empty();
    }
    String axis = from.dim(0).axes().getFirst();
    long size = from.dim(0).size();
    DimSharding blocks = DimSharding.of(size, List.of(axis));
    boolean deals = from.dim(0).equals(blocks);
    List<Part> parts = (deals ? to : from).dim(0).parts();
    long rounds = parts.getFirst().size();
    List<Part> dealt = List.of(new Part(rounds, List.of()), new Part(size / rounds, List.of(axis)));
    return parts.equals(dealt) && (deals || to.dim(0).equals(blocks))
        ? Optional.of(new LayerDeal(axis, mesh.size(axis), Math.toIntExact(rounds), deals))
        : Optional.empty();
  }

  /// Where a group lies before and after.
  private record Move(int from, int fromSlot, int to, int toSlot) {}

  /// What each device sends in a round.
  private List<Move> round(int round) {
    int common = gcd(rounds, devices);
    List<Move> moves = new ArrayList<>();
    for (int device = 0; device < devices; device++) {
      int slot = (round + device * common / devices) % rounds;
      int group = rounds * device + slot;
      Move dealt = new Move(device, slot, group % devices, group / devices);
      moves.add(deals ? dealt : new Move(dealt.to(), dealt.toSlot(), device, slot));
    }
    return moves;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /// The other form of a local value.
  Var emit(Emitter emitter, Var local) {
    Var result = emitter.full(local.type(), 0);
    long layers = local.type().shape().dim(0) / rounds;
    Shape group = local.type().shape().with(0, layers);
    for (int round = 0; round < rounds; round++) {
      int[] slots = new int[devices];
      int[] places = new int[devices];
      List<SourceTarget> pairs = new ArrayList<>();
      for (Move move : round(round)) {
        slots[move.from()] = Math.toIntExact(move.fromSlot() * layers);
        places[move.to()] = Math.toIntExact(move.toSlot() * layers);
        pairs.add(new SourceTarget(move.from(), move.to()));
      }
      List<Var> source = new ArrayList<>(List.of(local));
      source.addAll(emitter.starts(group.rank(), 0, own(emitter, slots)));
      Var sent = emitter.emit(new IndexOp.DynamicSlice(group.toList()), source);
      CollectiveOp permute =
          new CollectiveOp.CollectivePermute(emitter.mesh().group(List.of(axis)), pairs);
      List<Var> target = new ArrayList<>(List.of(result, emitter.emit(permute, sent)));
      target.addAll(emitter.starts(group.rank(), 0, own(emitter, places)));
      result = emitter.emit(new IndexOp.DynamicUpdateSlice(), target);
    }
    return result;
  }

  /// This device's number of a table.
  private Var own(Emitter emitter, int[] table) {
    Literal all = Literal.wrap(TensorType.of(DType.I32, table.length), table);
    List<Var> operands = new ArrayList<>(List.of(emitter.emit(new SourceOp.Constant(all))));
    operands.add(emitter.place(List.of(axis)));
    Var one = emitter.emit(new IndexOp.DynamicSlice(List.of(1L)), operands);
    return emitter.emit(new ShapeOp.Reshape(Shape.of(List.of())), one);
  }
}
