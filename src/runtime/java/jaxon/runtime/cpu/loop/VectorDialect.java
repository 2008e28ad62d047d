package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;

/// Values in vectors of 32-bit lanes: `f32` and `bf16` as `FloatVector` (a `bf16` has zeros in its
/// low half), `i32` and `ui32` as `IntVector`, `i1` as `VectorMask<Integer>`.
final class VectorDialect implements Dialect {
  private final int bits;

  /// @param bits of the vectors: 128, 256 or 512
  VectorDialect(int bits) {
    this.bits = bits;
  }

  /// Whether values of `dtype` have a form.
  static boolean supports(DType dtype) {
    return switch (dtype) {
      case F32, BF16, I32, UI32, I1 -> true;
      case F16, F64, I8, I64, UI8, UI64 -> false;
    };
  }

  @Override
  public String lanes() {
    return "LANES";
  }

  @Override
  public int laneCount() {
    return bits / 32;
  }

  @Override
  public void header(Code code) {
    code.line("static final VectorSpecies<Float> F = FloatVector.SPECIES_" + bits + ";");
    code.line("static final VectorSpecies<Integer> I = IntVector.SPECIES_" + bits + ";");
    code.line("static final VectorSpecies<Short> H = ShortVector.SPECIES_" + bits / 2 + ";");
    code.line("static final int LANES = " + bits / 32 + ";").line("");
  }

  @Override
  public void beginTail(Code code) {
    code.line("final VectorMask<Float> tailF = F.indexInRange(j, end);");
    code.line("final VectorMask<Integer> tailI = I.indexInRange(j, end);");
    code.line("final VectorMask<Short> tailH = H.indexInRange(j, end);");
  }

  @Override
  public String type(DType dtype) {
    if (dtype.isFloat()) {
      return "FloatVector";
    }
    return dtype == DType.I1 ? "VectorMask<Integer>" : "IntVector";
  }

  @Override
  public String broadcast(DType dtype, String address) {
    return switch (dtype) {
      case F32 -> "FloatVector.broadcast(F, ALL.get(FLOAT, " + address + "))";
      case BF16 ->
          "FloatVector.broadcast(F, Float.intBitsToFloat(ALL.get(SHORT, " + address + ") << 16))";
      case I32, UI32 -> "IntVector.broadcast(I, ALL.get(INT, " + address + "))";
      case I1 -> "I.maskAll(ALL.get(BYTE, " + address + ") != 0)";
      case F16, F64, I8, I64, UI8, UI64 -> throw noForm(dtype);
    };
  }

  static UnsupportedLoopException noForm(DType dtype) {
    return new UnsupportedLoopException(dtype + " in vectors");
  }

  @Override
  public String load(DType dtype, String address, boolean tail) {
    String at = ".fromMemorySegment(%s, ALL, " + address + ", ORDER";
    return switch (dtype) {
      case F32 -> "FloatVector" + at.formatted("F") + (tail ? ", tailF)" : ")");
      case I32, UI32 -> "IntVector" + at.formatted("I") + (tail ? ", tailI)" : ")");
      case BF16 -> "#widen(ShortVector" + at.formatted("H") + (tail ? ", tailH))" : "))");
      case I1 -> "VectorMask.fromLong(I, bits(" + address + ", " + count(tail) + "))";
      case F16, F64, I8, I64, UI8, UI64 -> throw noForm(dtype);
    };
  }

  private static String count(boolean tail) {
    return tail ? "end - j" : "LANES";
  }

  @Override
  public String gather(DType dtype, String address, String step, boolean tail) {
    String collected =
        "gather(scratch, "
            + address
            + ", "
            + step
            + ", "
            + count(tail)
            + ", "
            + dtype.bytes()
            + ")";
    return load(dtype, collected, tail);
  }

  @Override
  public void store(Code code, DType dtype, String address, String value, boolean tail) {
    String at = ".intoMemorySegment(ALL, " + address + ", ORDER";
    code.line(
        switch (dtype) {
          case F32 -> value + at + (tail ? ", tailF);" : ");");
          case I32, UI32 -> value + at + (tail ? ", tailI);" : ");");
          case BF16 -> "#narrow(" + value + ")" + at + (tail ? ", tailH);" : ");");
          case I1 -> "putBits(" + address + ", " + value + ".toLong(), " + count(tail) + ");";
          case F16, F64, I8, I64, UI8, UI64 -> throw noForm(dtype);
        });
  }

  @Override
  public void storeOne(Code code, DType dtype, String address, String value) {
    String set = "ALL.set(%s, " + address + ", ";
    code.line(
        switch (dtype) {
          case F32 -> set.formatted("FLOAT") + value + ".lane(0));";
          case I32, UI32 -> set.formatted("INT") + value + ".lane(0));";
          case BF16 -> set.formatted("SHORT") + "#narrow(" + value + ").lane(0));";
          case I1 -> set.formatted("BYTE") + "(byte) (" + value + ".laneIsSet(0) ? 1 : 0));";
          case F16, F64, I8, I64, UI8, UI64 -> throw noForm(dtype);
        });
  }

  @Override
  public String splat(DType dtype, Node.Splat splat) {
    if (dtype.isFloat()) {
      return "FloatVector.broadcast(F, " + Spelling.of((float) splat.value()) + ")";
    }
    return dtype == DType.I1
        ? "I.maskAll(" + (splat.bits() != 0) + ")"
        : "IntVector.broadcast(I, " + Spelling.ofInt(splat.bits()) + ")";
  }

  @Override
  public String index(DType dtype, String base, String step) {
    String start = "IntVector.broadcast(I, (int) (" + base + "))";
    String ints = step.equals("0") ? start : start + ".addIndex((int) " + step + ")";
    return switch (dtype) {
      case I32, UI32 -> ints;
      case F32 -> "#toFloat(" + ints + ")";
      case BF16 -> "#bf16(#toFloat(" + ints + "))";
      case I1 -> ints + ".compare(VectorOperators.NE, 0)";
      case F16, F64, I8, I64, UI8, UI64 -> throw noForm(dtype);
    };
  }

  @Override
  public void apply(Code code, String name, Node node, List<String> operands) {
    String value = VectorOps.apply(node, operands);
    code.line(type(node.dtype()) + " " + name + " = " + value + ";");
  }

  @Override
  public String accumulatorType(DType dtype) {
    return dtype.isFloat() ? "FloatVector" : "IntVector";
  }

  @Override
  public String neutral(ReduceOp.Kind kind, DType dtype) {
    return dtype.isFloat()
        ? "FloatVector.broadcast(F, " + Spelling.of((float) Reductions.neutral(kind)) + ")"
        : "IntVector.broadcast(I, " + Spelling.ofInt(Reductions.neutral(kind, dtype)) + ")";
  }

  @Override
  public String accumulate(
      ReduceOp.Kind kind, DType dtype, String accumulator, String value, boolean tail) {
    String mask = !tail ? "" : dtype.isFloat() ? ", tailF" : ", tailI";
    String lanes =
        dtype == DType.I1 && !value.equals("next")
            ? "IntVector.zero(I).blend(1, " + value + ")"
            : value;
    String op = VectorOps.operator(kind, dtype);
    return accumulator + ".lanewise(VectorOperators." + op + ", " + lanes + mask + ")";
  }

  @Override
  public int accumulatorBytes(DType dtype) {
    return 4;
  }

  @Override
  public String loadAccumulator(DType dtype, String address, boolean tail) {
    return load(dtype.isFloat() ? DType.F32 : DType.I32, address, tail);
  }

  @Override
  public void storeAccumulator(Code code, DType dtype, String address, String value, boolean tail) {
    store(code, dtype.isFloat() ? DType.F32 : DType.I32, address, value, tail);
  }

  @Override
  public void finish(Code code, String name, Fold fold, String accumulator) {
    String lanes = reduced(fold, accumulator);
    String value =
        switch (fold.dtype()) {
          case F32 -> "FloatVector.broadcast(F, " + lanes + ")";
          case BF16 -> "#bf16(FloatVector.broadcast(F, " + lanes + "))";
          case I32, UI32 -> "IntVector.broadcast(I, " + lanes + ")";
          case I1 -> "I.maskAll(" + lanes + " != 0)";
          case F16, F64, I8, I64, UI8, UI64 -> throw noForm(fold.dtype());
        };
    code.line(type(fold.dtype()) + " " + name + " = " + value + ";");
  }

  @Override
  public String folded(Fold fold, String accumulator) {
    String lanes = reduced(fold, accumulator);
    return fold.dtype() == DType.UI32 ? "Integer.toUnsignedLong(" + lanes + ")" : lanes;
  }

  /// The fold of a vector's lanes. Float sums and products pair lanes up in an order of their own:
  /// that of `reduceLanes` changes when a method is compiled, and with it the bits.
  private String reduced(Fold fold, String vector) {
    boolean dependsOnOrder =
        fold.dtype().isFloat()
            && (fold.kind() == ReduceOp.Kind.SUM || fold.kind() == ReduceOp.Kind.PRODUCT);
    if (!dependsOnOrder) {
      return vector
          + ".reduceLanes(VectorOperators."
          + VectorOps.operator(fold.kind(), fold.dtype())
          + ")";
    }
    String operator = fold.kind() == ReduceOp.Kind.SUM ? " + " : " * ";
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < bits / 32; i++) {
      terms.add(vector + ".lane(" + i + ")");
    }
    while (terms.size() > 1) {
      List<String> pairs = new ArrayList<>();
      for (int i = 0; i < terms.size(); i += 2) {
        pairs.add("(" + terms.get(i) + operator + terms.get(i + 1) + ")");
      }
      terms = pairs;
    }
    return terms.getFirst();
  }

  @Override
  public void rounded(Code code, String name, Fold fold, String accumulator) {
    String value =
        switch (fold.dtype()) {
          case F32, I32, UI32 -> accumulator;
          case BF16 -> "#bf16(" + accumulator + ")";
          case I1 -> accumulator + ".compare(VectorOperators.NE, 0)";
          case F16, F64, I8, I64, UI8, UI64 -> throw noForm(fold.dtype());
        };
    code.line(type(fold.dtype()) + " " + name + " = " + value + ";");
  }
}
