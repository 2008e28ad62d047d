package jaxon.trainer.metrics;

import java.util.SequencedMap;

/// The `tensorflow.Event` messages that a run writes, in Protocol Buffers encoding.
///
/// Field numbers are those of TensorFlow's `tensorflow/core/util/event.proto` and
/// `tensorflow/core/framework/summary.proto`.
final class TensorBoardEvent {
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;

  private static final int SESSION_STATUS = 1;
  private static final int SESSION_START = 1;

  private TensorBoardEvent() {}

  /// The first event of every file.
  static byte[] fileVersion(double wallTime) {
    return event(wallTime, 0).string(FILE_VERSION, "brain.Event:2").toByteArray();
  }

  /// Tells the reader to forget what earlier files of the run say about `step` and later ones.
  static byte[] sessionStart(double wallTime, long step) {
    ProtoWriter log = new ProtoWriter().int64(SESSION_STATUS, SESSION_START);
    return event(wallTime, step).message(SESSION_LOG, log).toByteArray();
  }

  /// All scalars of one step; the format holds them as float32.
  static byte[] scalars(double wallTime, long step, SequencedMap<String, Double> scalars) {
    ProtoWriter summary = new ProtoWriter();
    scalars.forEach((name, value) ->
        summary.message(
            SUMMARY_VALUE,
            new ProtoWriter().string(VALUE_TAG, name).float32(VALUE_SIMPLE, value.floatValue())));
    return event(wallTime, step).message(SUMMARY, summary).toByteArray();
  }

  private static ProtoWriter event(double wallTime, long step) {
    ProtoWriter event = new ProtoWriter().float64(WALL_TIME, wallTime);
    return step == 0 ? event : event.int64(STEP, step);
  }
}
