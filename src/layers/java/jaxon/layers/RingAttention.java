package jaxon.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.BlockSpec;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Collectives;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// Attention on devices in a ring, each with a part of the queries and of the keys: blocks of keys
/// and values go around, and each device attends with its queries to every block as it comes (Liu
/// et al., "Ring attention with blockwise transformers", 2023).
///
/// Results for single blocks are joined by their log-sum-exps: with total L = log(exp(a) + exp(b)),
/// the whole result is exp(a - L) · A + exp(b - L) · B. Backward, the derivative for a block
/// follows from the log-sum-exps of the whole; gradients of keys and values travel with their block
/// and come home after one round. The next block is on its way while the present one is worked on.
///
/// @param form attention of one block, on operands that end with positions
/// @param devices the ring, in which a sequence is cut into consecutive blocks
record RingAttention(DotProductAttention form, AxisGroup devices) {
  private static final int KEYS = 1;
  private static final int SEGMENTS = 4;
  private static final int SINKS = 5;

  /// Result `[B, T, H, K]` and log-sum-exps `[B, H, T]` from the operands of
  /// [DotProductAttention#COMPOSITE] with positions.
  List<Array> forward(List<Array> operands) {
    List<BlockSpec> results = List.of(tokens(4, 1), tokens(3, 2));
    return Control.shardMap(devices, specs(operands), results, operands, this::forwardBlock);
  }

  /// Cotangents of q, k, v and, if there are any, the sinks.
  ///
  /// @param results result, log-sum-exps and cotangent of the result
  List<Array> gradients(List<Array> operands, List<Array> results) {
    List<Array> all = new ArrayList<>(operands);
    all.addAll(results);
    List<BlockSpec> inputs = new ArrayList<>(specs(operands));
    inputs.addAll(List.of(tokens(4, 1), tokens(3, 2), tokens(4, 1)));
    List<BlockSpec> outputs = new ArrayList<>(List.of(tokens(4, 1), tokens(4, 1), tokens(4, 1)));
    if (DotProductAttention.hasSinks(operands)) {
      outputs.add(BlockSpec.whole(1));
    }
    int count = operands.size();
    return Control.shardMap(
        devices,
        inputs,
        outputs,
        all,
        blocks -> backwardBlock(blocks.subList(0, count), blocks.subList(count, blocks.size())));
  }

  private BlockSpec tokens(int rank, int dim) {
    return BlockSpec.cut(rank, dim, devices);
  }

  private List<BlockSpec> specs(List<Array> operands) {
    List<BlockSpec> specs = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      int rank = operands.get(i).rank();
      boolean sinks = i == SINKS && DotProductAttention.hasSinks(operands);
      specs.add(sinks ? BlockSpec.whole(1) : tokens(rank, rank == 1 ? 0 : 1));
    }
    return specs;
  }

  /// A block of keys as it goes around: keys, values, their segments, their positions.
  private static List<Array> travelling(List<Array> operands) {
    return List.of(
        operands.get(KEYS), operands.get(KEYS + 1), operands.get(SEGMENTS), operands.getLast());
  }

  /// The operands of the form for one block of keys, without sinks.
  private static List<Array> on(List<Array> block, List<Array> operands) {
    Array queryPositions = operands.get(operands.size() - 2);
    return List.of(
        operands.getFirst(),
        block.get(0),
        block.get(1),
        operands.get(SEGMENTS - 1),
        block.get(2),
        queryPositions,
        block.get(3));
  }

  private List<Array> shifted(List<Array> arrays) {
    return arrays.stream().map(array -> Collectives.shift(array, devices)).toList();
  }

  /// Applies `step` to the own block and to each that comes; what it takes and gives is the sums.
  ///
  /// @param along what is added up for a block and goes with it, at the end of the sums
  private List<Array> round(List<Array> block, List<Array> sums, int along, RingStep step) {
    int sent = block.size();
    List<Array> init = joined(block, sums);
    int kept = sums.size() - along;
    List<Array> carry =
        Control.scan(
                devices.size() - 1L,
                false,
                init,
                List.of(),
                (now, _) -> {
                  List<Array> here = now.subList(0, sent);
                  List<Array> next = shifted(here);
                  List<Array> done = step.apply(here, now.subList(sent, now.size()));
                  List<Array> moved =
                      joined(done.subList(0, kept), shifted(done.subList(kept, done.size())));
                  return new ScanResult(joined(next, moved), List.of());
                })
            .carry();
    List<Array> last = step.apply(carry.subList(0, sent), carry.subList(sent, carry.size()));
    return joined(last.subList(0, kept), shifted(last.subList(kept, last.size())));
  }

  /// What is done with one block.
  @FunctionalInterface
  private interface RingStep {
    List<Array> apply(List<Array> block, List<Array> sums);
  }

  private static List<Array> joined(List<Array> first, List<Array> second) {
    List<Array> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private List<Array> forwardBlock(List<Array> operands) {
    Array q = operands.getFirst();
    DType precise = DTypes.precise(q.dtype());
    TensorType rows = TensorType.of(precise, q.dim(0), q.dim(2), q.dim(1));
    // Nothing is seen yet but the sinks, which are no one's value.
    Array seen =
        DotProductAttention.hasSinks(operands)
            ? operands.get(SINKS).reshape(1, q.dim(2), 1).broadcastTo(rows.shape())
            : Ops.full(rows, DotProductAttention.NOTHING_SEEN);
    List<Array> none = List.of(Ops.zeros(q.type().withDType(precise)), seen);
    List<Array> found =
        round(
            travelling(operands),
            none,
            0,
            (block, sums) -> merged(sums, form.forward(on(block, operands))));
    return List.of(found.get(0).astype(q.dtype()), found.get(1));
  }

  /// Two results with their log-sum-exps as one; that of two that saw nothing is zero, too.
  private static List<Array> merged(List<Array> a, List<Array> b) {
    Array most = a.get(1).max(b.get(1));
    Array ofA = a.get(1).sub(most).exp();
    Array ofB = b.get(1).sub(most).exp();
    Array total = ofA.add(ofB);
    Array out =
        a.get(0)
            .mul(perRow(ofA.div(total)))
            .add(b.get(0).astype(a.get(0).dtype()).mul(perRow(ofB.div(total))));
    return List.of(out, most.add(total.log()));
  }

  /// `[B, T, H, 1]` from `[B, H, T]`.
  private static Array perRow(Array rows) {
    return rows.transpose(0, 2, 1).expandDims(-1);
  }

  private List<Array> backwardBlock(List<Array> operands, List<Array> results) {
    Array q = operands.getFirst();
    Array k = operands.get(KEYS);
    DType precise = DTypes.precise(q.dtype());
    Array dKeys = Ops.zeros(k.type().withDType(precise));
    List<Array> none = List.of(Ops.zeros(q.type().withDType(precise)), dKeys, dKeys);
    List<Array> found =
        round(
            travelling(operands),
            none,
            2,
            (block, sums) -> {
              List<Array> more = form.gradients(on(block, operands), results);
              List<Array> all = new ArrayList<>();
              for (int i = 0; i < sums.size(); i++) {
                all.add(sums.get(i).add(more.get(i).astype(precise)));
              }
              return all;
            });
    UnaryOperator<Array> rounded = sum -> sum.astype(q.dtype());
    List<Array> all = new ArrayList<>(found.stream().map(rounded).toList());
    if (DotProductAttention.hasSinks(operands)) {
      all.add(sinkGradient(operands.get(SINKS), results));
    }
    return all;
  }

  /// -Σ exp(sink - lse) · δ with δ = rowsum(result ∘ cotangent), over the queries of all devices.
  private Array sinkGradient(Array sinks, List<Array> results) {
    DType precise = sinks.dtype();
    Array delta = results.get(0).astype(precise).mul(results.get(2).astype(precise)).sum(-1);
    Array lse = results.get(1);
    Array share = sinks.reshape(1, sinks.dim(0), 1).broadcastTo(lse.shape()).sub(lse).exp();
    return Collectives.allReduce(share.mul(delta.transpose(0, 2, 1)).sum(0, 2).neg(), devices);
  }
}
