package jaxon.graph.text;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Writes the ops between devices.
///
/// With a mesh ([DeviceGroups]) groups are lists of partition ids, as StableHLO has them. Without,
/// the attribute `jaxon.axes` names the mesh axes, which is for readers: XLA would not take it.
final class CollectiveText {
  private static final TensorType INDEX = TensorType.of(DType.I32);
  private static final TensorType PARTITION = TensorType.of(DType.UI32);

  /// Ids of partitions of one program, not of replicas, so a channel is needed.
  private static final String CHANNEL =
      ", channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>";

  private CollectiveText() {}

  static String write(CollectiveOp op, Equation equation, FunctionText out) {
    return switch (op) {
      case CollectiveOp.AllReduce reduce -> folded(op, reduce.kind(), "", equation, out);
      case CollectiveOp.ReduceScatter scatter ->
          folded(op, scatter.kind(), "scatter_dimension = " + i64(scatter.dim()), equation, out);
      case CollectiveOp.AllGather gather ->
          plain(op, "all_gather_dim = " + i64(gather.dim()), equation, out);
      case CollectiveOp.AllToAll move ->
          plain(
              op,
              "split_dimension = %s, concat_dimension = %s, split_count = %s"
                  .formatted(i64(move.splitDim()), i64(move.concatDim()), i64(op.group().size())),
              equation,
              out);
      case CollectiveOp.CollectivePermute permute -> permute(permute, equation, out);
      case CollectiveOp.CollectiveBroadcast broadcast -> broadcast(broadcast, equation, out);
      case CollectiveOp.AxisIndex _ -> axisIndex(op.group(), out);
    };
  }

  private static String i64(int value) {
    return value + " : i64";
  }

  private static String plain(
      CollectiveOp op, String attributes, Equation equation, FunctionText out) {
    boolean gathers = op instanceof CollectiveOp.AllGather;
    String groups = gathers ? global(op.group(), out) : groups(op.group(), out);
    return out.emit(
        "\"%s\"(%s) <{%s}>%s%s"
            .formatted(
                op.opName(),
                out.names(equation.inputs()),
                attributes + known(groups),
                named(op.group(), out),
                signature(equation)));
  }

  /// A collective with a reduction; 16-bit floats are summed in float32.
  private static String folded(
      CollectiveOp op, ReduceOp.Kind kind, String attributes, Equation equation, FunctionText out) {
    TensorType given = equation.inputs().getFirst().type();
    DType dtype = FoldText.sums(kind) ? FoldText.widened(given.dtype()) : given.dtype();
    String name = out.name(equation.inputs().getFirst());
    String operand = ElementwiseText.converted(name, given, dtype, out);
    String all = attributes + known(global(op.group(), out));
    String properties = all.startsWith(", ") ? all.substring(2) : all;
    String start = "\"" + op.opName() + "\"(" + operand + ") ";
    String result =
        out.open(1, start + (properties.isEmpty() ? "" : "<{" + properties + "}> ") + "({")
            .getFirst();
    TensorType element = new TensorType(dtype, Shape.SCALAR);
    String lhs = out.blockArgument("lhs");
    String rhs = out.blockArgument("rhs");
    String type = Spelling.type(element);
    out.line("^bb0(" + lhs + ": " + type + ", " + rhs + ": " + type + "):");
    out.indent();
    String combined =
        out.emit("stablehlo." + FoldText.combiner(kind) + " " + lhs + ", " + rhs + " : " + type);
    out.line("stablehlo.return " + combined + " : " + type);
    out.dedent();
    TensorType to = equation.output().type();
    out.close(
        "})%s : (%s) -> %s"
            .formatted(
                named(op.group(), out),
                Spelling.type(given.withDType(dtype)),
                Spelling.type(to.withDType(dtype))));
    return ElementwiseText.converted(result, to.withDType(dtype), given.dtype(), out);
  }

  private static String permute(
      CollectiveOp.CollectivePermute op, Equation equation, FunctionText out) {
    Optional<List<List<Integer>>> groups =
        out.module().devices().map(devices -> devices.groups(op.group()));
    List<List<Integer>> pairs =
        groups
            .map(all ->
                all.stream()
                    .flatMap(group ->
                        op.pairs().stream()
                            .map(p -> List.of(group.get(p.source()), group.get(p.target()))))
                    .toList())
            .orElseGet(
                () -> op.pairs().stream().map(p -> List.of(p.source(), p.target())).toList());
    String attribute = "source_target_pairs = " + dense(pairs, 2);
    return out.emit(
        "\"%s\"(%s) <{%s%s}>%s%s"
            .formatted(
                op.opName(),
                out.names(equation.inputs()),
                attribute,
                groups.isPresent() ? CHANNEL : "",
                named(op.group(), out),
                signature(equation)));
  }

  /// StableHLO broadcasts from the first of a group, so the root is listed first.
  private static String broadcast(
      CollectiveOp.CollectiveBroadcast op, Equation equation, FunctionText out) {
    String groups =
        out.module()
            .devices()
            .map(devices ->
                devices.groups(op.group()).stream()
                    .map(group -> rotated(group, op.root()))
                    .toList())
            .map(all -> "replica_groups = " + dense(all, op.group().size()) + CHANNEL)
            .orElse("");
    String root = groups.isEmpty() ? "root = " + i64(op.root()) : groups;
    return out.emit(
        "\"%s\"(%s) <{%s}>%s%s"
            .formatted(
                op.opName(),
                out.names(equation.inputs()),
                root,
                named(op.group(), out),
                signature(equation)));
  }

  private static List<Integer> rotated(List<Integer> group, int root) {
    return IntStream.range(0, group.size())
        .mapToObj(i -> group.get((i + root) % group.size()))
        .toList();
  }

  /// The place by arithmetic on the partition id.
  private static String axisIndex(AxisGroup group, FunctionText out) {
    Optional<DeviceGroups> devices = out.module().devices();
    if (devices.isEmpty()) {
      return out.emit("\"jaxon.axis_index\"()" + named(group, out) + " : () -> tensor<i32>");
    }
    String id = out.emit("stablehlo.partition_id : " + Spelling.type(PARTITION));
    String place = ElementwiseText.scalar(DType.UI32, 0, out);
    for (String axis : group.axes()) {
      DeviceGroups.AxisPlace at = devices.get().place(axis);
      String quotient = arithmetic("divide", id, at.stride(), out);
      String here = arithmetic("remainder", quotient, at.size(), out);
      String scaled = arithmetic("multiply", place, at.size(), out);
      place = out.emit("stablehlo.add " + scaled + ", " + here + colon(PARTITION));
    }
    return ElementwiseText.converted(place, PARTITION, INDEX.dtype(), out);
  }

  private static String arithmetic(String op, String value, int by, FunctionText out) {
    String constant = ElementwiseText.scalar(DType.UI32, by, out);
    return out.emit("stablehlo." + op + " " + value + ", " + constant + colon(PARTITION));
  }

  private static String groups(AxisGroup group, FunctionText out) {
    return out.module()
        .devices()
        .map(devices -> "replica_groups = " + dense(devices.groups(group), group.size()) + CHANNEL)
        .orElse("");
  }

  /// These three ops take partitions for replicas unless told otherwise.
  private static String global(AxisGroup group, FunctionText out) {
    String groups = groups(group, out);
    return groups.isEmpty() ? "" : groups + ", use_global_device_ids";
  }

  private static String known(String groups) {
    return groups.isEmpty() ? "" : ", " + groups;
  }

  private static String named(AxisGroup group, FunctionText out) {
    if (out.module().devices().isPresent()) {
      return "";
    }
    List<String> axes = group.axes().stream().map(Spelling::quoted).toList();
    return " {jaxon.axes = " + Spelling.list(axes) + ", jaxon.group_size = " + group.size() + "}";
  }

  private static String dense(List<List<Integer>> rows, int width) {
    String lists = rows.stream().map(Spelling::list).collect(Collectors.joining(", "));
    return "dense<[" + lists + "]> : tensor<" + rows.size() + "x" + width + "xi64>";
  }

  private static String signature(Equation equation) {
    return " : " + Spelling.signature(equation.inputs(), equation.outputs());
  }

  private static String colon(TensorType type) {
    return " : " + Spelling.type(type);
  }
}
