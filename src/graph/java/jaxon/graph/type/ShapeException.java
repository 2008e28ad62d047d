package jaxon.graph.type;

/// An operation was asked for that its operands' dtypes or shapes do not allow.
///
/// The message says what was asked, what was found, what is allowed and, while tracing, on which
/// line. Wrong:
///
/// ```java
/// x.add(bias);                          // x: f32[8, 128], bias: f32[128]
/// ```
///
/// Right: ranks are never promoted silently.
///
/// ```java
/// x.add(bias.broadcastTo(x.shape()));
/// ```
public final class ShapeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ShapeException(String message) {
    super(message);
  }
}
