package jaxon.layers;

import java.util.HashMap;
import java.util.Map;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;

/// Makes the parameters of a model while its init program is traced, and remembers the logical axes
/// of each.
///
/// Every parameter and every [#scope] takes the next number of its initializer and folds it into
/// the key. A layer that works in a scope of its own can therefore gain or lose parameters without
/// changing the initial values of others.
public final class Initializer {
  private final Array key;
  private final DType weightDtype;
  private final ContextParallelism context;
  private final Map<Array, LogicalAxes> axes;
  private int next;

  /// @param key a `ui32[2]` key of [Threefry]
  /// @param weightDtype type of the parameters made
  public Initializer(Array key, DType weightDtype) {
    this(key, weightDtype, new ContextParallelism.Gathered());
  }

  /// @param context how the attention of the layers made runs where the sequence is cut
  public Initializer(Array key, DType weightDtype, ContextParallelism context) {
    this(key, weightDtype, context, new HashMap<>());
  }

  private Initializer(
      Array key, DType weightDtype, ContextParallelism context, Map<Array, LogicalAxes> axes) {
    this.key = key;
    this.weightDtype = weightDtype;
    this.context = context;
    this.axes = axes;
  }

  /// A new parameter with one logical axis per dim.
  public Array param(Shape shape, LogicalAxes logicalAxes, Distribution distribution) {
    if (logicalAxes.names().size() != shape.rank()) {
      throw new ShapeException(
          "a parameter of shape " + shape + " needs one logical axis per dim, got " + logicalAxes);
    }
    Array parameter = distribution.sample(nextKey(), shape).astype(weightDtype);
    record(parameter, logicalAxes);
    return parameter;
  }

  /// An initializer for one layer within this one.
  public Initializer scope() {
    return withKey(nextKey());
  }

  /// The logical axes of a parameter made by this initializer or one of its scopes.
  public LogicalAxes axesOf(Array parameter) {
    LogicalAxes known = axes.get(parameter);
    if (known == null) {
      throw new IllegalArgumentException(
          "an array of type "
              + parameter.type()
              + " is no parameter of this initializer: make parameters with param(...) and do not"
              + " change them in init");
    }
    return known;
  }

  /// How attention runs where the sequence is cut.
  ContextParallelism context() {
    return context;
  }

  /// A key that nothing else uses.
  Array nextKey() {
    return Threefry.foldIn(key, Ops.constant(DType.UI32, next++));
  }

  /// An initializer that starts from another key and shares the record of axes.
  Initializer withKey(Array other) {
    return new Initializer(other, weightDtype, context, axes);
  }

  void record(Array parameter, LogicalAxes logicalAxes) {
    axes.put(parameter, logicalAxes);
  }
}
