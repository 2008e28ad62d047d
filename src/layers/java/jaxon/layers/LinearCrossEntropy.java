package jaxon.layers;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.ShapeException;

/// Cross entropy summed over tokens, straight from hidden values: the logits of all tokens never
/// exist at once (Wijmans et al., "Cut your losses", 2024; MaxText's vocabulary tiling).
///
/// Two composite operations: the loss, and the loss with its gradient. When it is differentiated
/// only the second runs; the gradient is then ready and the backward pass but multiplies it with
/// the cotangent of the loss.
///
/// @param zLossMultiplier λ of [CrossEntropy]
/// @param numVocabTiling number of pieces that the tokens are cut into, at most; each piece has its
///   own logits
public record LinearCrossEntropy(double zLossMultiplier, int numVocabTiling) {
  /// Name of the composite `(hidden [N, D], kernel, targets i32[N], weights [N]) -> (total,
  /// z-loss)`; the kernel comes in the type of the matmul.
  public static final String COMPOSITE = "jaxon.linear_cross_entropy";

  /// Name of the composite with the same operands and attributes `-> (total, z-loss, gradient of
  /// the total in hidden, in the kernel)`; the last is float32 (float64 for float64).
  public static final String GRAD_COMPOSITE = "jaxon.linear_cross_entropy_grad";

  /// Sums over tokens, each token times its weight.
  ///
  /// @param total cross entropy and z-loss
  /// @param zLoss the z-loss alone, which has no derivative: `total` holds it too
  public record Sums(Array total, Array zLoss) {}

  /// Sums for targets `[...]` (integers below V), hidden values `[..., D]` and weights `[...]`,
  /// which are constants to differentiation.
  public Sums apply(OutputLayer output, Array hidden, Array targets, Array weights) {
    requireFit(hidden, targets, weights);
    long tokens = targets.shape().elements();
    DType precise = DTypes.precise(output.dotType());
    List<Array> operands =
        List.of(
            hidden.reshape(tokens, hidden.dim(-1)),
            output.kernel(),
            targets.reshape(tokens).astype(DType.I32),
            weights.reshape(tokens).astype(precise).stopGradient());
    List<Array> sums =
        Control.customVjp(
            "linear_cross_entropy",
            operands,
            args -> run(COMPOSITE, output, args),
            args -> {
              List<Array> all = run(GRAD_COMPOSITE, output, args);
              // Rounded like the gradient of every matmul, whatever type the kernel is kept in.
              Array dKernel = all.get(3).astype(output.dotType()).astype(args.get(1).dtype());
              return List.of(all.get(0), all.get(1), all.get(2), dKernel, args.get(2), args.get(3));
            },
            LinearCrossEntropy::backward);
    return new Sums(sums.get(0), sums.get(1).stopGradient());
  }

  /// `(gradients…, targets, weights, cotangents of the sums)` to the operands' cotangents.
  private static List<Array> backward(List<Array> args) {
    Array cotangent = args.get(4);
    return List.of(
        times(args.get(0), cotangent),
        times(args.get(1), cotangent),
        Ops.zeros(args.get(2).type()),
        Ops.zeros(args.get(3).type()));
  }

  private static Array times(Array gradient, Array cotangent) {
    return gradient.mul(cotangent.astype(gradient.dtype()));
  }

  private List<Array> run(String name, OutputLayer output, List<Array> args) {
    List<Array> operands =
        List.of(args.get(0), args.get(1).astype(output.dotType()), args.get(2), args.get(3));
    DType kernelType = DTypes.precise(output.dotType());
    return Control.composite(
        name,
        attributes(output),
        operands,
        inner -> {
          TiledLoss loss =
              new TiledLoss(output.withKernel(inner.get(1)), zLossMultiplier, kernelType);
          return tiles(loss, name.equals(GRAD_COMPOSITE), inner);
        });
  }

  /// Folds the pieces of the tokens.
  private List<Array> tiles(TiledLoss loss, boolean withGradient, List<Array> operands) {
    long tokens = operands.get(0).dim(0);
    long tiles = tiles(tokens);
    List<Array> rows = List.of(operands.get(0), operands.get(2), operands.get(3));
    Array zero = Ops.constant(operands.get(3).dtype(), 0);
    if (tiles == 1) {
      return withGradient ? loss.gradient(rows) : loss.sums(rows);
    }
    List<Array> pieces =
        rows.stream()
            .map(x -> x.reshape(x.shape().with(0, tokens / tiles).insert(0, tiles)))
            .toList();
    if (!withGradient) {
      return Control.scan(
              tiles,
              false,
              List.of(zero, zero),
              pieces,
              (carry, piece) -> new ScanResult(added(carry, loss.sums(piece)), List.of()))
          .carry();
    }
    Array kernel = Ops.zeros(loss.kernelGradientType());
    ScanResult result =
        Control.scan(
            tiles,
            false,
            List.of(zero, zero, kernel),
            pieces,
            (carry, piece) -> {
              List<Array> found = loss.gradient(piece);
              List<Array> sums = List.of(found.get(0), found.get(1), found.get(3));
              return new ScanResult(added(carry, sums), List.of(found.get(2)));
            });
    Array hidden = result.ys().getFirst().reshape(operands.get(0).shape());
    List<Array> carry = result.carry();
    return List.of(carry.get(0), carry.get(1), hidden, carry.get(2));
  }

  private static List<Array> added(List<Array> sums, List<Array> more) {
    return IntStream.range(0, sums.size()).mapToObj(i -> sums.get(i).add(more.get(i))).toList();
  }

  /// The largest number of equal pieces that is not above the one asked for.
  private long tiles(long tokens) {
    for (long tiles = Math.min(numVocabTiling, tokens); tiles > 1; tiles--) {
      if (tokens % tiles == 0) {
        return tiles;
      }
    }
    return 1;
  }

  private Map<String, String> attributes(OutputLayer output) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("z_loss_multiplier", Double.toString(zLossMultiplier));
    attributes.put("num_vocab_tiling", Integer.toString(numVocabTiling));
    attributes.put("kernel_is_embedding", Boolean.toString(output.isEmbedding()));
    attributes.put("divisor", Double.toString(output.divisor()));
    attributes.put("cast_logits_to_fp32", Boolean.toString(output.castToFp32()));
    attributes.put("final_logits_soft_cap", Double.toString(output.softCap()));
    return attributes;
  }

  private static void requireFit(Array hidden, Array targets, Array weights) {
    if (hidden.rank() < 1
        || !hidden.shape().without(List.of(hidden.rank() - 1)).equals(targets.shape())
        || !weights.shape().equals(targets.shape())) {
      throw new ShapeException(
          "cross entropy takes hidden values [..., D], targets [...] and weights [...], got "
              + List.of(hidden.type(), targets.type(), weights.type()));
    }
  }
}
