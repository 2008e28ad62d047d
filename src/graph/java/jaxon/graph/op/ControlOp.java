package jaxon.graph.op;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Operations with regions: graphs that the equation carries.
public sealed interface ControlOp extends Op {
  /// Regions `cond: carry -> i1[]` and `body: carry -> carry`; operands and results are the carry.
  record While() implements ControlOp {
    @Override
    public String opName() {
      return "stablehlo.while";
    }
  }

  /// Operands `(index: i32[], args…)`; region `index` (the last one if out of range) maps args to
  /// results.
  record Case() implements ControlOp {
    @Override
    public String opName() {
      return "stablehlo.case";
    }
  }

  /// Operands `(consts…, carry…, xs…)`, region `(consts…, carry…, x slices…) -> (carry…, y
  /// slices…)`, results `(carry…, ys…)`; `xs` and `ys` have a leading dim of `length`. `reverse`
  /// runs from the last slice.
  ///
  /// Lowers to [While]; kept whole so that it can be differentiated.
  record Scan(long length, int consts, int carries, boolean reverse) implements ControlOp {
    @Override
    public String opName() {
      return "jaxon.scan";
    }
  }

  /// A named operation with a decomposition region of the same type; a backend may run its own
  /// kernel.
  record Composite(String name, SortedMap<String, String> attributes) implements ControlOp {
    public Composite {
      attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    @Override
    public String opName() {
      return "stablehlo.composite";
    }
  }

  /// Regions `primal: args -> results`, `forward: args -> (results…, residuals…)` and `backward:
  /// (residuals…, result cotangents…) -> arg cotangents`. Runs as `primal`; reverse mode uses the
  /// other two.
  record CustomVjp(String name) implements ControlOp {
    @Override
    public String opName() {
      return "jaxon.custom_vjp";
    }
  }

  /// Region `blocks of args -> blocks of results`, which every device of `devices` runs on its own
  /// blocks, with collectives among those devices: the part of a program that says itself who sends
  /// what. Mesh axes that are not of `devices` cut what is inside as anything else.
  ///
  /// It runs where the graph is partitioned for a mesh. A result whose spec leaves out axes of
  /// `devices` must be the same on all devices along them.
  ///
  /// @param inputs which block of each operand a device has
  /// @param outputs which block of each result a device gives
  record ShardMap(AxisGroup devices, List<BlockSpec> inputs, List<BlockSpec> outputs)
      implements ControlOp {
    public ShardMap {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }

    @Override
    public String opName() {
      return "jaxon.shard_map";
    }
  }

  /// Region `args -> results`; reverse mode keeps only what `policy` allows and computes the rest
  /// again.
  record Remat(RematPolicy policy) implements ControlOp {
    @Override
    public String opName() {
      return "jaxon.remat";
    }
  }
}
