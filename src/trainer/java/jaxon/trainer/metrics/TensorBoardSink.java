package jaxon.trainer.metrics;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;

/// Writes scalars to an event file that TensorBoard reads.
///
/// Each process opens a file of its own, `events.out.tfevents.<seconds>.<host>.<pid>.<number>`, so
/// nothing is ever overwritten; TensorBoard joins the files of one directory into one run. Every
/// entry is one record and is handed to the file at once. Values are float32 in this format, so the
/// exact digits are those of [JsonlSink].
public final class TensorBoardSink implements MetricSink {
  private static final AtomicLong FILES_OF_THIS_PROCESS = new AtomicLong();

  private final AppendFile file;
  private final InstantSource clock;

  private TensorBoardSink(AppendFile file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /// Starts the first event file of a run.
  public static TensorBoardSink create(Path directory) {
    return open(directory, InstantSource.system(), thisProcess());
  }

  /// Starts the next event file of an interrupted run, which goes on at `firstStep`.
  ///
  /// TensorBoard then drops the points that earlier files hold for that step and later ones.
  public static TensorBoardSink resume(Path directory, long firstStep) {
    TensorBoardSink sink = create(directory);
    sink.append(TensorBoardEvent.sessionStart(sink.wallTime(), firstStep));
    return sink;
  }

  /// Opens `events.out.tfevents.<seconds>.<writer>`.
  static TensorBoardSink open(Path directory, InstantSource clock, String writer) {
    long seconds = clock.instant().getEpochSecond();
    String name = String.format(Locale.ROOT, "events.out.tfevents.%010d.%s", seconds, writer);
    TensorBoardSink sink = new TensorBoardSink(AppendFile.create(directory.resolve(name)), clock);
    sink.append(TensorBoardEvent.fileVersion(sink.wallTime()));
    return sink;
  }

  /// The event file.
  public Path file() {
    return file.path();
  }

  @Override
  public void write(long step, SequencedMap<String, Double> scalars) {
    append(TensorBoardEvent.scalars(wallTime(), step, scalars));
  }

  @Override
  public void close() {
    file.close();
  }

  private void append(byte[] event) {
    file.append(TfRecord.frame(event));
  }

  /// Seconds since 1970, as TensorBoard wants them.
  private double wallTime() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }

  private static String thisProcess() {
    return hostName()
        + "."
        + ProcessHandle.current().pid()
        + "."
        + FILES_OF_THIS_PROCESS.getAndIncrement();
  }

  private static String hostName() {
    try {
      // Only letters that are harmless in a file name, whatever the resolver says.
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "_");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
