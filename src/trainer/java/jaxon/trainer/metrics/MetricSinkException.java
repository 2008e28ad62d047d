package jaxon.trainer.metrics;

/// Says that metrics could not be written, and where to.
public final class MetricSinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MetricSinkException(String message, Throwable cause) {
    super(message, cause);
  }
}
