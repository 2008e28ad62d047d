package jaxon.runtime.cpu.tile;

import jdk.incubator.vector.FloatVector;

/// From products of queries and keys to logits in units of log 2: their scale and their cap.
///
/// @param scale `scale` of the composite
/// @param softCap `soft_cap` of the composite; 0: none
public record LogitTile(float scale, float softCap) {
  private static final float LOG2_E = 1.442695f;
  private static final int FLOAT = Float.BYTES;

  /// Whether [#apply] must rewrite tiles; otherwise logits are products times [#factor].
  public boolean rewrites() {
    // A negative factor would make the largest product the smallest logit.
    return softCap != 0 || scale <= 0;
  }

  /// What exponentials is to multiply with.
  public float factor() {
    return rewrites() ? 1 : scale * LOG2_E;
  }

  /// Turns the products of `rows` times `columns` (whole vectors) into logits.
  public void apply(long tile, int rowStride, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j += Lanes.COUNT) {
        long at = tile + ((long) i * rowStride + j) * FLOAT;
        FloatVector x = Lanes.load(at).mul(scale);
        Lanes.store(softCap == 0 ? x.mul(LOG2_E) : tanh(x.div(softCap)).mul(softCap * LOG2_E), at);
      }
    }
  }

  /// The slope of the cap where it gave `logits`: 1 - tanh². Finite also for hidden logits, which
  /// are -infinity and not a cap's result.
  public FloatVector slope(FloatVector logits) {
    FloatVector t = logits.mul(1 / (softCap * LOG2_E)).max(-1f);
    return t.mul(t).sub(1).neg();
  }

  /// sign(x) · (1 - e) / (1 + e) with e = exp(-2|x|); absolute error 1e-7.
  private static FloatVector tanh(FloatVector x) {
    FloatVector e = Exp2.fine(x.abs().mul(-2 * LOG2_E));
    FloatVector one = FloatVector.broadcast(Lanes.F32, 1f);
    FloatVector t = one.sub(e).div(one.add(e));
    return t.blend(t.neg(), x.lt(0f));
  }
}
