package jaxon.inference.bench;

import jaxon.inference.DecodeTimes;

/// How fast a model made text.
///
/// @param config name of the configuration
/// @param rows texts made at a time
/// @param times of the fastest round
/// @param stepBytes what a step must read at least, on average: each parameter once, of the
///   embedding's table only the rows of its tokens, and the keys and values of all tokens so far
/// @param copyBandwidth bytes read and written per second by copying, measured in the same process
public record DecodeResult(
    String config, int rows, DecodeTimes times, double stepBytes, double copyBandwidth) {
  /// Bytes per second that the steps read at least.
  public double bandwidth() {
    return stepBytes * times.steps() / times.stepSeconds();
  }

  /// How much of the copy bandwidth that is.
  public double share() {
    return bandwidth() / copyBandwidth;
  }
}
