package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.runtime.program.Layout;

/// Values of a region at the indices of one box, found from the outputs back to the inputs.
final class Evaluation {
  private record Place(Var value, IndexMap map) {}

  private final Space space;
  private final Box box;
  private final List<Layout> layouts;
  private final NodeTable nodes;
  private final RowFolds folds;
  private final Map<Var, Integer> inputs = new HashMap<>();
  private final Map<Var, Equation> definitions = new HashMap<>();
  private final Map<Place, Node> known = new HashMap<>();
  private final SortedSet<Integer> usedFolds = new TreeSet<>();

  Evaluation(
      Graph region, Space space, Box box, List<Layout> layouts, NodeTable nodes, RowFolds folds) {
    this.space = space;
    this.box = box;
    this.layouts = layouts;
    this.nodes = nodes;
    this.folds = folds;
    for (int i = 0; i < region.inputs().size(); i++) {
      inputs.put(region.inputs().get(i), i);
    }
    for (Equation equation : region.equations()) {
      equation.outputs().forEach(output -> definitions.put(output, equation));
    }
  }

  Box box() {
    return box;
  }

  /// Numbers of the row reductions met so far.
  SortedSet<Integer> usedFolds() {
    return usedFolds;
  }

  /// The element of `value` with row-major number `number`.
  Node at(Var value, Affine number) {
    return value(value, Delinearize.apply(number, value.type().shape(), space, box));
  }

  private Node value(Var value, IndexMap map) {
    Place place = new Place(value, map);
    Node node = known.get(place);
    if (node == null) {
      node = evaluate(value, map);
      known.put(place, node);
    }
    return node;
  }

  private Node evaluate(Var value, IndexMap map) {
    Integer input = inputs.get(value);
    DType dtype = value.type().dtype();
    if (input != null) {
      Affine address = map.dot(layouts.get(input).strides(), space.dims());
      return nodes.make(new Node.Read(input, address), List.of(), dtype);
    }
    Equation equation = definitions.get(value);
    if (equation == null) {
      throw new IllegalStateException("value " + value + " is not defined in the region");
    }
    return switch (equation.op()) {
      case UnaryOp op -> elementwise(equation, new Node.Apply(op), map);
      case BinaryOp op -> elementwise(equation, new Node.Apply(op), map);
      case ElementwiseOp op -> elementwise(equation, new Node.Apply(op), map);
      case SourceOp.Constant op -> constant(op.value());
      case SourceOp.Iota op ->
          nodes.make(new Node.Index(map.dims().get(op.dim())), List.of(), dtype);
      case ShapeOp op -> moved(op, equation, map);
      case ReduceOp.Reduce op -> folded(op, equation, map);
      case AnnotationOp _ -> value(equation.inputs().get(equation.outputs().indexOf(value)), map);
      case ContractOp op -> throw unsupported(op.opName());
      case ControlOp op -> throw unsupported(op.opName());
      case IndexOp op -> throw unsupported(op.opName());
      case CollectiveOp op -> throw unsupported(op.opName());
    };
  }

  private static UnsupportedLoopException unsupported(String op) {
    return new UnsupportedLoopException(op + " in a loop");
  }

  private Node elementwise(Equation equation, Node.Apply apply, IndexMap map) {
    List<Node> operands = new ArrayList<>();
    for (Var operand : equation.inputs()) {
      operands.add(value(operand, map));
    }
    return nodes.make(apply, operands, equation.output().type().dtype());
  }

  private Node constant(Literal value) {
    DType dtype = value.type().dtype();
    long elements = value.isSplat() ? 1 : value.type().shape().elements();
    boolean floats = dtype.isFloat();
    for (long i = 1; i < elements; i++) {
      boolean same =
          floats
              ? Double.compare(value.get(i), value.get(0)) == 0
              : value.getLong(i) == value.getLong(0);
      if (!same) {
        throw new UnsupportedLoopException("constant of several values: " + value.type());
      }
    }
    Node.Splat splat =
        floats ? new Node.Splat(value.get(0), 0) : new Node.Splat(0, value.getLong(0));
    return nodes.make(splat, List.of(), dtype);
  }

  private Node moved(ShapeOp op, Equation equation, IndexMap map) {
    Var operand = equation.inputs().getFirst();
    Shape shape = operand.type().shape();
    return switch (op) {
      case ShapeOp.BroadcastInDim o -> value(operand, map.ofBroadcast(o, shape, space.dims()));
      case ShapeOp.Reshape o -> at(operand, map.linear(o.shape(), space.dims()));
      case ShapeOp.Transpose o -> value(operand, map.ofTranspose(o));
      case ShapeOp.Slice o -> value(operand, map.ofSlice(o));
      case ShapeOp.Reverse o -> value(operand, map.ofReverse(o, shape));
      case ShapeOp.Pad o -> padded(o, equation, map);
      case ShapeOp.Concatenate o -> concatenated(o.dim(), equation.inputs(), map);
    };
  }

  private Node padded(ShapeOp.Pad op, Equation equation, IndexMap map) {
    Var operand = equation.inputs().getFirst();
    IndexMap inner = map;
    for (int dim = 0; dim < op.low().size(); dim++) {
      long size = operand.type().shape().dim(dim);
      if (op.interior().get(dim) != 0 && size > 1) {
        throw new UnsupportedLoopException("pad between elements");
      }
      inner = inner.moved(dim, -op.low().get(dim));
      Affine index = inner.dims().get(dim);
      requireOneSide(index, 0);
      requireOneSide(index, size);
      if (index.max(box) < 0 || index.min(box) >= size) {
        return value(equation.inputs().get(1), IndexMap.SCALAR);
      }
    }
    return value(operand, inner);
  }

  private Node concatenated(int dim, List<Var> operands, IndexMap map) {
    long start = 0;
    for (Var operand : operands) {
      long size = operand.type().shape().dim(dim);
      Affine index = map.dims().get(dim).plus(-start);
      requireOneSide(index, size);
      if (index.max(box) < size) {
        return value(operand, map.moved(dim, -start));
      }
      start += size;
    }
    throw new IllegalStateException("index " + map + " is beyond the concatenation");
  }

  /// Asks for a cut unless `index` is below `bound` all over the box, or nowhere.
  private void requireOneSide(Affine index, long bound) {
    if (index.max(box) < bound || index.min(box) >= bound) {
      return;
    }
    int dim = -1;
    long rest = index.offset();
    for (int k = 0; k < index.dims(); k++) {
      if (index.coefficient(k) == 0) {
        continue;
      }
      if (box.size(k) == 1) {
        rest += index.coefficient(k) * box.from(k);
      } else if (dim >= 0) {
        throw new UnsupportedLoopException("pad or concatenate along dims that are one here");
      } else {
        dim = k;
      }
    }
    long step = index.coefficient(dim);
    // The first index on the other side.
    long at = step > 0 ? Math.ceilDiv(bound - rest, step) : Math.floorDiv(bound - rest, step) + 1;
    int cutDim = dim;
    throw new RefineSpaceException(s -> s.cut(cutDim, at));
  }

  private Node folded(ReduceOp.Reduce op, Equation equation, IndexMap map) {
    Var operand = equation.inputs().getFirst();
    Shape shape = operand.type().shape();
    if (shape.elements() == equation.output().type().shape().elements()) {
      return at(operand, map.linear(equation.output().type().shape(), space.dims()));
    }
    Affine row = map.linear(equation.output().type().shape(), space.dims());
    Affine distance = row.plus(space.linear(0, space.rows()).times(-1));
    boolean ofThisRow = distance.min(box) == 0 && distance.max(box) == 0;
    boolean ofColumns =
        shape.elements() == space.rowCount() * space.columnCount()
            && equation.output().type().shape().elements() == space.rowCount()
            && Reductions.foldsTrailing(op, shape);
    if (!ofThisRow || !ofColumns) {
      throw new UnsupportedLoopException(
          "reduce of " + operand.type() + " over " + op.dims() + " inside the loop");
    }
    int number = folds.number(equation.output(), op.kind(), operand);
    usedFolds.add(number);
    return nodes.folded(number, folds.get(number));
  }
}
