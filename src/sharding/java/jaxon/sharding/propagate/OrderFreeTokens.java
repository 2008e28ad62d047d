package jaxon.sharding.propagate;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.op.ControlOp;
import jaxon.sharding.DimSharding;
import jaxon.sharding.DimSharding.Part;
import jaxon.sharding.Mesh;
import jaxon.sharding.TensorSharding;

/// Composites that take tokens `[N, …]` in any order and go over them in tiles.
///
/// Their decomposition reshapes `[N, …]` to `[tiles, N / tiles, …]` and loops over the tiles.
/// Tokens cut into blocks would cut the tiles, and the loop would have to gather them. But the
/// results are sums over tokens (or one value for each token), so a device may as well take its
/// tokens for its share of each tile: inside, dim 0 is seen as `tiles · (N / tiles cut)`.
public final class OrderFreeTokens {
  private static final List<String> NAMES =
      List.of("jaxon.linear_cross_entropy", "jaxon.linear_cross_entropy_grad");
  private static final List<Integer> OPERANDS = List.of(0, 2, 3);
  private static final List<Integer> RESULTS = List.of(2);

  private OrderFreeTokens() {}

  /// The number of tiles, if this is such a composite and has more than one.
  public static Optional<Long> tiles(Equation equation) {
    if (!(equation.op() instanceof ControlOp.Composite composite)
        || !NAMES.contains(composite.name())) {
      return Optional.empty();
    }
    return equation.regions().getFirst().equations().stream()
        .filter(inner -> inner.op() instanceof ControlOp.Scan)
        .map(inner -> ((ControlOp.Scan) inner.op()).length())
        .findFirst();
  }

  /// True when dim 0 of this operand counts tokens.
  public static boolean isOperand(int index) {
    return OPERANDS.contains(index);
  }

  /// True when dim 0 of this result counts tokens.
  public static boolean isResult(int index) {
    return RESULTS.contains(index);
  }

  /// How the decomposition sees a tensor that is `outer` outside; `outer` itself if its cut does
  /// not divide a tile.
  public static TensorSharding inner(TensorSharding outer, long tiles, Mesh mesh) {
    DimSharding tokens = outer.dim(0);
    long tile = tokens.size() / tiles;
    if (tokens.isWhole() || tile % mesh.size(tokens.axes()) != 0) {
      return outer;
    }
    List<Part> parts = List.of(new Part(tiles, List.of()), new Part(tile, tokens.axes()));
    return outer.with(0, new DimSharding(parts));
  }
}
