package jaxon.layers;

import java.util.List;
import java.util.Optional;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.layers.DotProductAttention.Positions;

/// How queries meet the keys of other devices where the sequence is cut.
public sealed interface ContextParallelism {
  /// Attention `[B, T, H, K]` of tokens to themselves.
  Array attend(DotProductAttention core, Tokens tokens);

  /// What attention takes of tokens.
  ///
  /// @param q queries `[B, T, H, K]`
  /// @param k keys `[B, T, G, K]`
  /// @param v values, shaped as the keys
  /// @param segments `[B, T]`
  /// @param order the position of each token in the sequence, `i32[T]`; empty: counted from 0
  record Tokens(Array q, Array k, Array v, Array segments, Optional<Array> order) {
    Tokens constrain(LogicalAxes axes, LogicalAxes ofSegments) {
      return new Tokens(
          q.constrain(axes),
          k.constrain(axes),
          v.constrain(axes),
          segments.constrain(ofSegments),
          order);
    }
  }

  /// Every device gets all keys and values: what the partitioner makes of attention by itself, on
  /// one device nothing at all.
  record Gathered() implements ContextParallelism {
    @Override
    public Array attend(DotProductAttention core, Tokens tokens) {
      Array segments = tokens.segments();
      Optional<Positions> positions = tokens.order().map(Positions::of);
      return core.apply(
          tokens.q(), tokens.k(), tokens.v(), segments, segments, Optional.empty(), positions);
    }
  }

  /// Every device gets whole sequences of some heads ("DeepSpeed Ulysses", Jacobs et al., 2023): a
  /// matter of sharding alone, which the partitioner turns into all-to-alls.
  record Ulysses() implements ContextParallelism {
    /// Whole sequences; heads are cut along what cuts the sequence elsewhere, too.
    private static final LogicalAxes AXES =
        LogicalAxes.of("activation_batch_attn", "", "activation_heads_ulysses", "activation_kv");

    private static final LogicalAxes SEGMENT_AXES = LogicalAxes.of("activation_batch_attn", "");

    @Override
    public Array attend(DotProductAttention core, Tokens tokens) {
      return new Gathered().attend(core, tokens.constrain(AXES, SEGMENT_AXES)).constrain(AXES);
    }
  }

  /// Blocks of keys and values go from device to device, once around ("Ring attention", Liu et al.,
  /// 2023).
  ///
  /// @param devices those that the sequence is cut over
  record Ring(AxisGroup devices) implements ContextParallelism {
    @Override
    public Array attend(DotProductAttention core, Tokens tokens) {
      Array q = tokens.q();
      Array segments = tokens.segments();
      Array places = tokens.order().orElseGet(() -> Ops.arange(DType.I32, q.dim(1)));
      Optional<Positions> positions = Optional.of(Positions.of(places));
      List<Array> operands =
          core.operands(q, tokens.k(), tokens.v(), segments, segments, Optional.empty(), positions);
      RingAttention ring = new RingAttention(core, devices);
      return SavedAttention.apply(operands, ring::forward, ring::gradients);
    }
  }
}
