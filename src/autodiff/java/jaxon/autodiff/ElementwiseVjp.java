package jaxon.autodiff;

import static jaxon.autodiff.VjpRules.some;

import java.util.List;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import org.jspecify.annotations.Nullable;

/// Rules of the elementwise ops: cotangent times partial derivative.
final class ElementwiseVjp {
  private ElementwiseVjp() {}

  static @Nullable Array unary(UnaryOp op, VjpContext c) {
    Array ct = c.cotangent();
    return switch (op) {
      case ABS -> ct.mul(c.in(0).sign());
      case NEGATE -> ct.neg();
      case COSINE -> ct.mul(c.in(0).sin()).neg();
      case SINE -> ct.mul(c.in(0).cos());
      case ERF -> ct.mul(c.in(0).square().neg().exp()).mul(2 / Math.sqrt(Math.PI));
      case EXPONENTIAL -> ct.mul(c.out());
      case EXPONENTIAL_MINUS_ONE -> ct.mul(c.out().add(1.0));
      case LOG -> ct.div(c.in(0));
      case LOG_PLUS_ONE -> ct.div(c.in(0).add(1.0));
      case LOGISTIC -> ct.mul(c.out()).mul(one(c).sub(c.out()));
      case RSQRT -> ct.mul(c.out()).div(c.in(0)).mul(-0.5);
      case SQRT -> ct.mul(0.5).div(c.out());
      case TANH -> ct.mul(one(c).sub(c.out().square()));
      // Piecewise constant, or not a float.
      case CEIL, FLOOR, ROUND_NEAREST_EVEN, SIGN, IS_FINITE, NOT -> null;
    };
  }

  static List<@Nullable Array> binary(BinaryOp op, VjpContext c) {
    Array ct = c.cotangent();
    return switch (op) {
      case ADD -> some(ct, ct);
      case SUBTRACT -> some(ct, c.wants(1) ? ct.neg() : null);
      case MULTIPLY ->
          some(c.wants(0) ? ct.mul(c.in(1)) : null, c.wants(1) ? ct.mul(c.in(0)) : null);
      case DIVIDE ->
          some(
              c.wants(0) ? ct.div(c.in(1)) : null,
              c.wants(1) ? ct.mul(c.out()).div(c.in(1)).neg() : null);
      case MAXIMUM -> chosen(c, c.in(0), c.in(1));
      case MINIMUM -> chosen(c, c.in(1), c.in(0));
      case POWER -> power(c);
      case REMAINDER -> some(ct, c.wants(1) ? ct.mul(truncate(c.in(0).div(c.in(1)))).neg() : null);
      // Integers and bools have no derivative.
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL ->
          some(null, null);
    };
  }

  static List<@Nullable Array> elementwise(ElementwiseOp op, VjpContext c) {
    return switch (op) {
      case ElementwiseOp.Compare _ -> some(null, null);
      case ElementwiseOp.Select _ -> {
        Array ct = c.cotangent();
        Array zero = Ops.constant(ct.dtype(), 0);
        yield some(
            null,
            c.wants(1) ? c.in(0).select(ct, zero) : null,
            c.wants(2) ? c.in(0).select(zero, ct) : null);
      }
      case ElementwiseOp.Clamp _ -> clamp(c);
      case ElementwiseOp.Convert _ -> some(c.cotangent().astype(c.type(0).dtype()));
      case ElementwiseOp.BitcastConvert _ -> some((Array) null);
    };
  }

  private static Array one(VjpContext c) {
    return Ops.constant(c.type(0).dtype(), 1.0);
  }

  /// The greater operand takes the cotangent; equal ones share it.
  private static List<@Nullable Array> chosen(VjpContext c, Array greater, Array less) {
    Array ct = c.cotangent();
    Array zero = Ops.constant(ct.dtype(), 0);
    Array tie = c.in(0).eq(c.in(1)).select(ct.mul(0.5), zero);
    Array first = greater.gt(less).select(ct, tie);
    Array second = greater.lt(less).select(ct, tie);
    return some(c.wants(0) ? first : null, c.wants(1) ? second : null);
  }

  /// d(x^y) = y·x^(y-1) dx + x^y·ln(x) dy; the second term is 0 at x = 0.
  private static List<@Nullable Array> power(VjpContext c) {
    Array ct = c.cotangent();
    Array dx = null;
    Array dy = null;
    if (c.wants(0)) {
      Array y = c.in(1);
      Array zero = Ops.constant(ct.dtype(), 0);
      Array slope = y.mul(c.in(0).pow(y.sub(1.0)));
      // y = 0 makes the slope 0 even where x^-1 is infinite.
      dx = ct.mul(y.eq(zero).select(zero, slope));
    }
    if (c.wants(1)) {
      Array x = c.in(0);
      Array zero = Ops.constant(ct.dtype(), 0);
      Array log = x.eq(zero).select(Ops.constant(ct.dtype(), 1.0), x).log();
      dy = x.eq(zero).select(zero, ct.mul(c.out()).mul(log));
    }
    return some(dx, dy);
  }

  private static Array truncate(Array x) {
    return x.sign().mul(x.abs().floor());
  }

  /// The operand takes the cotangent inside the bounds, the bounds outside.
  private static List<@Nullable Array> clamp(VjpContext c) {
    Array ct = c.cotangent();
    Array zero = Ops.constant(ct.dtype(), 0);
    Array below = c.in(1).lt(c.in(0));
    Array above = c.in(1).max(c.in(0)).gt(c.in(2));
    return some(
        c.wants(0) ? below.and(above.not()).select(ct, zero) : null,
        c.wants(1) ? below.or(above).select(zero, ct) : null,
        c.wants(2) ? above.select(ct, zero) : null);
  }
}
