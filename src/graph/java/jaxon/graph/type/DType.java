package jaxon.graph.type;

import java.util.Locale;

/// Element types, named as StableHLO names them.
public enum DType {
  I1(Kind.BOOL, 8),
  I8(Kind.SIGNED, 8),
  I32(Kind.SIGNED, 32),
  I64(Kind.SIGNED, 64),
  UI8(Kind.UNSIGNED, 8),
  UI32(Kind.UNSIGNED, 32),
  UI64(Kind.UNSIGNED, 64),
  BF16(Kind.FLOAT, 16),
  F16(Kind.FLOAT, 16),
  F32(Kind.FLOAT, 32),
  F64(Kind.FLOAT, 64);

  private enum Kind {
    BOOL,
    SIGNED,
    UNSIGNED,
    FLOAT
  }

  private final Kind kind;
  private final int bits;

  DType(Kind kind, int bits) {
    this.kind = kind;
    this.bits = bits;
  }

  /// Storage size of one element in bytes; a bool takes one byte.
  public int bytes() {
    return bits / 8;
  }

  /// Width in bits of the stored element.
  public int bits() {
    return bits;
  }

  /// True for the floating-point types, which are the differentiable ones.
  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  /// True for signed and unsigned integers; bool is not an integer.
  public boolean isInteger() {
    return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
  }

  /// True for the unsigned integers.
  public boolean isUnsigned() {
    return kind == Kind.UNSIGNED;
  }

  /// StableHLO's spelling, for example `bf16` or `ui32`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }

  /// The nearest value of this type to `value`, as a double.
  ///
  /// Rounds to nearest even for floats; integers wrap to their width, toward zero.
  public double round(double value) {
    return switch (this) {
      case F64 -> value;
      case F32 -> (float) value;
      case BF16 -> Bf16.toFloat(Bf16.fromDouble(value));
      case F16 -> Float.float16ToFloat(F16Rounding.fromDouble(value));
      case I1 -> value != 0 ? 1 : 0;
      case I8, I32, I64, UI8, UI32, UI64 -> wrap((long) value);
    };
  }

  /// The value of this integer type with the same low bits as `value`, sign- or zero-extended.
  ///
  /// `ui64` is returned as the signed long with the same bits.
  public long wrap(long value) {
    return switch (this) {
      case I1 -> value != 0 ? 1 : 0;
      case I8 -> (byte) value;
      case UI8 -> value & 0xFF;
      case I32 -> (int) value;
      case UI32 -> value & 0xFFFF_FFFFL;
      case I64, UI64 -> value;
      case BF16, F16, F32, F64 -> throw new IllegalArgumentException("wrap of float type " + this);
    };
  }
}
