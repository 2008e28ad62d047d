package jaxon.runtime.plan;

import java.util.ArrayList;
import java.util.List;
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
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;

/// One thing a program does, as the memory planner sees it: what it reads, what it defines, and
/// where that may live.
///
/// Scratch memory of a step is a write that no later step reads.
///
/// @param holds values whose memory must stay until here although the step does not read it, unless
///   the step that begins the work has put its result over them
/// @param begins whether the step only begins its work: what it reads is in use until a later step
///   that holds it
public record Step(List<Var> reads, List<Write> writes, List<Var> holds, boolean begins) {
  public Step {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    holds = List.copyOf(holds);
  }

  /// A step that has ended when the next one comes.
  public Step(List<Var> reads, List<Write> writes) {
    this(reads, writes, List.of(), false);
  }

  /// A value that a step defines.
  public record Write(Var var, Placement placement) {}

  /// Where a written value may live.
  public sealed interface Placement {
    /// Memory of its own that nothing read by the step occupies.
    record Fresh() implements Placement {}

    /// Memory of its own, or that of one of these reads (positions in [#reads], best first) if the
    /// read dies here, is not read a second time by the step under another layout, and has the same
    /// size.
    record MayOverwrite(List<Integer> reads) implements Placement {
      public MayOverwrite {
        reads = List.copyOf(reads);
      }
    }

    /// No memory of its own: a view of the given read. `dense` says that the view has the same
    /// elements in the same row-major order, so that a later step may overwrite it.
    record View(int read, boolean dense) implements Placement {}

    /// Memory that the planner does not manage, for example a constant's.
    record External() implements Placement {}
  }

  /// The steps of `graph`, one per equation, by [#of].
  public static List<Step> of(Graph graph) {
    return graph.equations().stream().map(Step::of).toList();
  }

  /// An equation under the rules that suit an engine with dense row-major tensors: constants are
  /// external, a reshape is a dense view, elementwise results may overwrite operands, the rest is
  /// fresh.
  public static Step of(Equation equation) {
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < equation.outputs().size(); i++) {
      writes.add(new Write(equation.outputs().get(i), placement(equation, i)));
    }
    return new Step(equation.inputs(), writes);
  }

  private static Placement placement(Equation equation, int output) {
    Op op = equation.op();
    return switch (op) {
      case UnaryOp _, BinaryOp _, ElementwiseOp _ -> overwriteAny(equation);
      case SourceOp.Constant _ -> new Placement.External();
      case ShapeOp.Reshape _ -> new Placement.View(0, true);
      case AnnotationOp _ -> new Placement.View(output, true);
      case IndexOp.DynamicUpdateSlice _, IndexOp.Scatter _ ->
          new Placement.MayOverwrite(List.of(0));
      case SourceOp.Iota _, ContractOp _, ReduceOp _, ControlOp _ -> new Placement.Fresh();
      case CollectiveOp _ -> new Placement.Fresh();
      case ShapeOp.BroadcastInDim _, ShapeOp.Transpose _, ShapeOp.Slice _ -> new Placement.Fresh();
      case ShapeOp.Pad _, ShapeOp.Concatenate _, ShapeOp.Reverse _ -> new Placement.Fresh();
      case IndexOp.DynamicSlice _, IndexOp.Gather _, IndexOp.Sort _ -> new Placement.Fresh();
    };
  }

  private static Placement overwriteAny(Equation equation) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < equation.inputs().size(); i++) {
      positions.add(i);
    }
    return new Placement.MayOverwrite(positions);
  }
}
