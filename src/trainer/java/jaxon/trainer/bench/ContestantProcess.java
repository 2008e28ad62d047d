package jaxon.trainer.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import jaxon.cluster.launch.ExitCode;
import jaxon.trainer.TrainingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The other end of a [ContestantServer]: a contestant in a process of its own, with its own
/// memory, threads and environment.
final class ContestantProcess implements AutoCloseable {
  private static final OptionalLong UNKNOWN = OptionalLong.empty();

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final Writer requests;
  private final String description;
  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>();

  private ContestantProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.description = answer().path("describe").asString("");
  }

  /// Starts it and waits until it is ready for the first step.
  ///
  /// @throws TrainingException if it ends before that; what it had to say is on this process's
  ///   error output
  static ContestantProcess start(String name, ProcessBuilder command) {
    try {
      Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new ContestantProcess(name, process);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start contestant " + name, e);
    }
  }

  /// Lets it make a step.
  void step() {
    ask("step");
    JsonNode answer = answer();
    seconds.add(answer.path("seconds").asDouble());
    // A loss that is not finite comes as a string.
    losses.add(Double.valueOf(answer.path("loss").asString()));
  }

  /// Ends it and gives what was measured; the first `warmup` steps count for the losses only.
  PeerResult end(int warmup) {
    ask("end");
    long peak = answer().path("peak_memory_bytes").asLong();
    return new PeerResult(
        name,
        description,
        seconds.subList(warmup, seconds.size()),
        losses,
        peak < 0 ? UNKNOWN : OptionalLong.of(peak));
  }

  private void ask(String line) {
    try {
      requests.write(line + "\n");
      requests.flush();
    } catch (IOException e) {
      throw ended(e);
    }
  }

  private JsonNode answer() {
    try {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith(ContestantServer.MARK)) {
          return JsonMapper.shared().readTree(line.substring(ContestantServer.MARK.length()));
        }
      }
    } catch (IOException e) {
      throw ended(e);
    }
    throw ended(null);
  }

  private TrainingException ended(@Nullable IOException cause) {
    return TrainingException.failure(
        "contestant %s has ended with exit code %s; what it wrote to the error output says more. If"
                .formatted(name, ExitCode.describe(process.onExit().join().exitValue()))
            + " it ran out of memory, let fewer contestants take part at a time",
        cause);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
