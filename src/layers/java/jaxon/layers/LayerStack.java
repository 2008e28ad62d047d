package jaxon.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;

/// Layers of one kind that are applied one after the other.
///
/// Both forms give the same numbers, initial parameters included; [Scanned] traces and compiles one
/// layer, whatever their number.
public sealed interface LayerStack<L> {
  /// Logical axis of the leading dim of stacked parameters.
  String LAYERS_AXIS = "layers";

  /// `x` after all layers, where `body` applies one; `body` may use other arrays of the trace.
  Array apply(Array x, BiFunction<L, Array, Array> body);

  /// The layers' number.
  long length();

  /// Values that go from layer to layer, after all layers, without anything for a backward pass.
  List<Array> fold(List<Array> carry, Fold<L> body);

  /// What one layer does to the values that go through all.
  @FunctionalInterface
  interface Fold<L> {
    /// The values after `layer`.
    ///
    /// @param index the number of the layer, `i32[]`
    List<Array> apply(L layer, Array index, List<Array> carry);
  }

  /// The layers as one tree with a leading dim of `length` in each parameter.
  ///
  /// @param remat what each layer keeps for the backward pass; empty: everything
  record Scanned<L>(L stacked, long length, Optional<RematPolicy> remat) implements LayerStack<L> {
    @Override
    public Array apply(Array x, BiFunction<L, Array, Array> body) {
      BiFunction<List<Array>, List<Array>, ScanResult> step =
          (carry, slices) -> {
            L layer = Tree.rebuild(stacked, slices);
            return new ScanResult(List.of(run(remat, layer, carry.getFirst(), body)), List.of());
          };
      return Control.scan(length, false, List.of(x), Tree.leaves(stacked), step).carry().getFirst();
    }

    @Override
    public List<Array> fold(List<Array> carry, Fold<L> body) {
      List<Array> xs = new ArrayList<>(List.of(Ops.arange(DType.I32, length)));
      xs.addAll(Tree.leaves(stacked));
      BiFunction<List<Array>, List<Array>, ScanResult> step =
          (values, slices) -> {
            L layer = Tree.rebuild(stacked, slices.subList(1, slices.size()));
            return new ScanResult(body.apply(layer, slices.getFirst(), values), List.of());
          };
      return Control.scan(length, false, carry, xs, step).carry();
    }
  }

  /// The layers as they are.
  ///
  /// @param remat what each layer keeps for the backward pass; empty: everything
  record Unrolled<L>(List<L> layers, Optional<RematPolicy> remat) implements LayerStack<L> {
    public Unrolled {
      layers = List.copyOf(layers);
    }

    @Override
    public Array apply(Array x, BiFunction<L, Array, Array> body) {
      Array value = x;
      for (L layer : layers) {
        value = run(remat, layer, value, body);
      }
      return value;
    }

    @Override
    public long length() {
      return layers.size();
    }

    @Override
    public List<Array> fold(List<Array> carry, Fold<L> body) {
      List<Array> values = carry;
      for (int i = 0; i < layers.size(); i++) {
        values = body.apply(layers.get(i), Ops.constant(DType.I32, i), values);
      }
      return values;
    }
  }

  /// Makes `length` layers with `layer`, each from a key of its own.
  static <L> LayerStack<L> init(
      Initializer init,
      long length,
      boolean scan,
      Optional<RematPolicy> remat,
      Function<Initializer, L> layer) {
    Array key = init.nextKey();
    if (scan) {
      return new Scanned<>(initScanned(init, key, length, layer), length, remat);
    }
    List<L> layers = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      Array layerKey = Threefry.foldIn(key, Ops.constant(DType.UI32, (double) i));
      layers.add(layer.apply(init.withKey(layerKey)));
    }
    return new Unrolled<>(layers, remat);
  }

  private static <L> L initScanned(
      Initializer init, Array key, long length, Function<Initializer, L> layer) {
    List<L> traced = new ArrayList<>();
    ScanResult result =
        Control.scan(
            length,
            false,
            List.of(),
            List.of(Ops.arange(DType.UI32, length)),
            (_, index) -> {
              Array layerKey = Threefry.foldIn(key, index.getFirst());
              traced.add(layer.apply(init.withKey(layerKey)));
              return new ScanResult(List.of(), Tree.leaves(traced.getFirst()));
            });
    L one = traced.getFirst();
    List<Array> leaves = Tree.leaves(one);
    for (int i = 0; i < leaves.size(); i++) {
      init.record(result.ys().get(i), init.axesOf(leaves.get(i)).prepend(LAYERS_AXIS));
    }
    return Tree.rebuild(one, result.ys());
  }

  private static <L> Array run(
      Optional<RematPolicy> remat, L layer, Array x, BiFunction<L, Array, Array> body) {
    if (remat.isEmpty()) {
      return body.apply(layer, x);
    }
    List<Array> operands = new ArrayList<>(List.of(x));
    operands.addAll(Tree.leaves(layer));
    return Control.remat(
            remat.get(),
            operands,
            args -> {
              L inner = Tree.rebuild(layer, args.subList(1, args.size()));
              return List.of(body.apply(inner, args.getFirst()));
            })
        .getFirst();
  }
}
