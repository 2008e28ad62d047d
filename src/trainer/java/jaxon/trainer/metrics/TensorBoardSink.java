package jaxon.trainer.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
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

  private final Path file;
  private final FileChannel channel;
  private final InstantSource clock;

  private TensorBoardSink(Path file, FileChannel channel, InstantSource clock) {
    this.file = file;
    this.channel = channel;
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
    Path file =
        directory.resolve(
            "events.out.tfevents.%010d.%s".formatted(clock.instant().getEpochSecond(), writer));
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      TensorBoardSink sink = new TensorBoardSink(file, channel, clock);
      sink.append(TensorBoardEvent.fileVersion(sink.wallTime()));
      return sink;
    } catch (IOException e) {
      throw failed("cannot create", file, e);
    }
  }

  /// The event file.
  public Path file() {
    return file;
  }

  @Override
  public void write(long step, SequencedMap<String, Double> scalars) {
    if (!channel.isOpen()) {
      throw new IllegalStateException(
          "metrics of step " + step + " came after " + file + " was closed");
    }
    append(TensorBoardEvent.scalars(wallTime(), step, scalars));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed("cannot close", file, e);
    }
  }

  private void append(byte[] event) {
    try {
      TfRecordWriter.write(channel, event);
    } catch (IOException e) {
      throw failed("cannot write", file, e);
    }
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

  private static MetricSinkException failed(String what, Path file, IOException e) {
    return new MetricSinkException(
        what + " event file " + file + ": " + e + "; check free space and permissions", e);
  }
}
