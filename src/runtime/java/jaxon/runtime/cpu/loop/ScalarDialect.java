package jaxon.runtime.cpu.loop;

import java.util.List;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;

/// Values one by one, for dtypes and ops without a form in vectors: floats as `double`, rounded to
/// their dtype after each op, integers and `i1` (0 or 1) as `long`, wrapped to their dtype after
/// each op. That is how the interpreter computes, so results are equal to its.
final class ScalarDialect implements Dialect {
  @Override
  public String lanes() {
    return "1";
  }

  @Override
  public int laneCount() {
    return 1;
  }

  @Override
  public void header(Code code) {}

  @Override
  public void beginTail(Code code) {
    throw new IllegalStateException("single elements leave no partial step");
  }

  @Override
  public String type(DType dtype) {
    return dtype.isFloat() ? "double" : "long";
  }

  @Override
  public String broadcast(DType dtype, String address) {
    return load(dtype, address, false);
  }

  @Override
  public String load(DType dtype, String address, boolean tail) {
    return switch (dtype) {
      case F64 -> "ALL.get(DOUBLE, " + address + ")";
      case F32 -> "ALL.get(FLOAT, " + address + ")";
      case BF16 -> "ScalarOps.ofBf16(ALL.get(SHORT, " + address + "))";
      case F16 -> "ScalarOps.ofF16(ALL.get(SHORT, " + address + "))";
      case I64, UI64 -> "ALL.get(LONG, " + address + ")";
      case I32 -> "ALL.get(INT, " + address + ")";
      case UI32 -> "Integer.toUnsignedLong(ALL.get(INT, " + address + "))";
      case I8, I1 -> "ALL.get(BYTE, " + address + ")";
      case UI8 -> "Byte.toUnsignedLong(ALL.get(BYTE, " + address + "))";
    };
  }

  @Override
  public String gather(DType dtype, String address, String step, boolean tail) {
    return load(dtype, address, tail);
  }

  @Override
  public void store(Code code, DType dtype, String address, String value, boolean tail) {
    String set = "ALL.set(%s, " + address + ", %s);";
    code.line(
        switch (dtype) {
          case F64 -> set.formatted("DOUBLE", value);
          case F32 -> set.formatted("FLOAT", "(float) " + value);
          case BF16 -> set.formatted("SHORT", "ScalarOps.toBf16(" + value + ")");
          case F16 -> set.formatted("SHORT", "ScalarOps.toF16(" + value + ")");
          case I64, UI64 -> set.formatted("LONG", value);
          case I32, UI32 -> set.formatted("INT", "(int) " + value);
          case I8, UI8, I1 -> set.formatted("BYTE", "(byte) " + value);
        });
  }

  @Override
  public void storeOne(Code code, DType dtype, String address, String value) {
    store(code, dtype, address, value, false);
  }

  @Override
  public String splat(DType dtype, Node.Splat splat) {
    return dtype.isFloat() ? Spelling.of(splat.value()) : Spelling.of(splat.bits());
  }

  @Override
  public String index(DType dtype, String base, String step) {
    return rounded(dtype, "(" + base + ")");
  }

  /// `value` rounded or wrapped to `dtype`.
  static String rounded(DType dtype, String value) {
    return switch (dtype) {
      case F64 -> "(double) (" + value + ")";
      case F32 -> "(double) (float) (" + value + ")";
      case BF16 -> "ScalarOps.bf16(" + value + ")";
      case F16 -> "ScalarOps.f16(" + value + ")";
      case I64, UI64 -> "(" + value + ")";
      case I32 -> "(long) (int) (" + value + ")";
      case UI32 -> "(" + value + " & 0xFFFF_FFFFL)";
      case I8 -> "(long) (byte) (" + value + ")";
      case UI8 -> "(" + value + " & 0xFFL)";
      case I1 -> "((" + value + ") != 0 ? 1L : 0L)";
    };
  }

  @Override
  public void apply(Code code, String name, Node node, List<String> operands) {
    code.line(type(node.dtype()) + " " + name + " = " + ScalarForms.apply(node, operands) + ";");
  }

  @Override
  public String accumulatorType(DType dtype) {
    return type(dtype);
  }

  @Override
  public String neutral(ReduceOp.Kind kind, DType dtype) {
    return dtype.isFloat()
        ? Spelling.of(Reductions.neutral(kind))
        : Spelling.of(Reductions.neutral(kind, dtype));
  }

  @Override
  public String accumulate(
      ReduceOp.Kind kind, DType dtype, String accumulator, String value, boolean tail) {
    String unsigned = dtype.isUnsigned() ? "Unsigned" : "";
    String owner = dtype.isUnsigned() ? "ScalarOps" : "Math";
    return switch (kind) {
      case SUM -> accumulator + " + " + value;
      case PRODUCT -> accumulator + " * " + value;
      case MAX -> owner + ".max" + unsigned + "(" + accumulator + ", " + value + ")";
      case MIN -> owner + ".min" + unsigned + "(" + accumulator + ", " + value + ")";
      case AND -> accumulator + " & " + value;
      case OR -> accumulator + " | " + value;
    };
  }

  @Override
  public int accumulatorBytes(DType dtype) {
    return 8;
  }

  @Override
  public String loadAccumulator(DType dtype, String address, boolean tail) {
    return load(dtype.isFloat() ? DType.F64 : DType.I64, address, tail);
  }

  @Override
  public void storeAccumulator(Code code, DType dtype, String address, String value, boolean tail) {
    store(code, dtype.isFloat() ? DType.F64 : DType.I64, address, value, tail);
  }

  @Override
  public void finish(Code code, String name, Fold fold, String accumulator) {
    rounded(code, name, fold, accumulator);
  }

  @Override
  public String folded(Fold fold, String accumulator) {
    return accumulator;
  }

  @Override
  public void rounded(Code code, String name, Fold fold, String accumulator) {
    code.line(type(fold.dtype()) + " " + name + " = " + rounded(fold.dtype(), accumulator) + ";");
  }
}
