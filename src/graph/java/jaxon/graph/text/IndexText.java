package jaxon.graph.text;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.ElementwiseOp.Direction;
import jaxon.graph.op.IndexOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Writes the ops whose element positions are data.
final class IndexText {
  private IndexText() {}

  static List<String> write(IndexOp op, Equation equation, FunctionText out) {
    String operands = out.names(equation.inputs());
    String types = " : " + Spelling.signature(equation.inputs(), equation.outputs());
    return switch (op) {
      case IndexOp.DynamicSlice slice -> {
        String sizes = ", sizes = " + Spelling.list(slice.sizes());
        yield List.of(out.emit(op.opName() + " " + operands + sizes + types));
      }
      case IndexOp.DynamicUpdateSlice _ -> List.of(out.emit(op.opName() + " " + operands + types));
      case IndexOp.Gather gather -> List.of(gather(gather, operands, types, out));
      case IndexOp.Scatter scatter -> List.of(scatter(scatter, equation, out));
      case IndexOp.Sort sort -> sort(sort, equation, types, out);
    };
  }

  private static String gather(IndexOp.Gather op, String operands, String types, FunctionText out) {
    IndexOp.GatherDims dims = op.dims();
    List<String> numbers = new ArrayList<>();
    numbers.add("offset_dims = " + Spelling.list(dims.offsetDims()));
    add(numbers, "collapsed_slice_dims", dims.collapsedSliceDims());
    add(numbers, "operand_batching_dims", dims.operandBatchingDims());
    add(numbers, "start_indices_batching_dims", dims.startIndicesBatchingDims());
    numbers.add("start_index_map = " + Spelling.list(dims.startIndexMap()));
    numbers.add("index_vector_dim = " + dims.indexVectorDim());
    return out.emit(
        "\"%s\"(%s) <{dimension_numbers = #stablehlo.gather<%s>, %s, slice_sizes = %s}>%s"
            .formatted(
                op.opName(),
                operands,
                String.join(", ", numbers),
                "indices_are_sorted = false",
                Spelling.array(op.sliceSizes()),
                types));
  }

  private static void add(List<String> numbers, String name, List<Integer> dims) {
    if (!dims.isEmpty()) {
      numbers.add(name + " = " + Spelling.list(dims));
    }
  }

  private static String scatter(IndexOp.Scatter op, Equation equation, FunctionText out) {
    IndexOp.GatherDims dims = op.dims();
    List<String> numbers = new ArrayList<>();
    numbers.add("update_window_dims = " + Spelling.list(dims.offsetDims()));
    add(numbers, "inserted_window_dims", dims.collapsedSliceDims());
    add(numbers, "input_batching_dims", dims.operandBatchingDims());
    add(numbers, "scatter_indices_batching_dims", dims.startIndicesBatchingDims());
    numbers.add("scatter_dims_to_operand_dims = " + Spelling.list(dims.startIndexMap()));
    numbers.add("index_vector_dim = " + dims.indexVectorDim());
    TensorType given = equation.output().type();
    boolean sums = op.combiner() == IndexOp.Combiner.ADD;
    DType dtype = sums ? FoldText.widened(given.dtype()) : given.dtype();
    TensorType type = given.withDType(dtype);
    Var updates = equation.inputs().get(2);
    String operand =
        ElementwiseText.converted(out.name(equation.inputs().get(0)), given, dtype, out);
    String indices = out.name(equation.inputs().get(1));
    String from = ElementwiseText.converted(out.name(updates), updates.type(), dtype, out);
    List<String> results =
        out.open(
            1,
            "\"%s\"(%s, %s, %s) <{indices_are_sorted = false, %s, unique_indices = false}> ({"
                .formatted(
                    op.opName(),
                    operand,
                    indices,
                    from,
                    "scatter_dimension_numbers = #stablehlo.scatter<"
                        + String.join(", ", numbers)
                        + ">"));
    TensorType element = type.withShape(Shape.SCALAR);
    String old = out.blockArgument("old");
    String update = out.blockArgument("update");
    block(out, List.of(old, update), List.of(element, element));
    String combined =
        sums ? out.emit(sum(element) + " " + old + ", " + update + colon(element)) : update;
    List<TensorType> types =
        List.of(type, equation.inputs().get(1).type(), updates.type().withDType(dtype));
    end(out, combined, element, " : (" + Spelling.types(types) + ") -> " + Spelling.type(type));
    return ElementwiseText.converted(results.getFirst(), type, given.dtype(), out);
  }

  /// Addition as StableHLO has it; on `i1` it is the logical or.
  private static String sum(TensorType element) {
    return element.dtype() == DType.I1 ? "stablehlo.or" : "stablehlo.add";
  }

  private static List<String> sort(
      IndexOp.Sort op, Equation equation, String types, FunctionText out) {
    String start =
        "\"%s\"(%s) <{dimension = %d : i64, is_stable = true}> ({"
            .formatted(op.opName(), out.names(equation.inputs()), op.dim());
    List<String> results = out.open(equation.outputs().size(), start);
    List<String> args = new ArrayList<>();
    List<TensorType> argTypes = new ArrayList<>();
    for (Var input : equation.inputs()) {
      for (int side = 0; side < 2; side++) {
        args.add(out.blockArgument(side == 0 ? "lhs" : "rhs"));
        argTypes.add(input.type().withShape(Shape.SCALAR));
      }
    }
    block(out, args, argTypes);
    String before = before(op.descending(), args.get(0), args.get(1), argTypes.getFirst(), out);
    end(out, before, TensorType.of(DType.I1), types);
    return results;
  }

  /// Whether `lhs` comes before `rhs`: a number before any NaN, else by value (so -0 equals 0,
  /// which a total order would not say).
  private static String before(
      boolean descending, String lhs, String rhs, TensorType type, FunctionText out) {
    Direction direction = descending ? Direction.GT : Direction.LT;
    String both = lhs + ", " + rhs;
    String ordered = out.emit(ElementwiseText.compare(direction, both, type));
    if (!type.dtype().isFloat()) {
      return ordered;
    }
    TensorType bool = TensorType.of(DType.I1);
    String number = out.emit(ElementwiseText.compare(Direction.EQ, lhs + ", " + lhs, type));
    String nan = out.emit(ElementwiseText.compare(Direction.NE, rhs + ", " + rhs, type));
    String beforeNan = out.emit("stablehlo.and " + number + ", " + nan + colon(bool));
    return out.emit("stablehlo.or " + ordered + ", " + beforeNan + colon(bool));
  }

  private static void block(FunctionText out, List<String> args, List<TensorType> types) {
    List<String> typed = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      typed.add(args.get(i) + colon(types.get(i)).substring(1));
    }
    out.line("^bb0(" + String.join(", ", typed) + "):");
    out.indent();
  }

  private static void end(FunctionText out, String value, TensorType type, String types) {
    out.line("stablehlo.return " + value + colon(type));
    out.dedent();
    out.close("})" + types);
  }

  private static String colon(TensorType type) {
    return " : " + Spelling.type(type);
  }
}
