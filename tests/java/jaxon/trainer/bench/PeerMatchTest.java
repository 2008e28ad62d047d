package jaxon.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import jaxon.config.FloatType;
import jaxon.graph.type.Literal;
import jaxon.trainer.ModelWork;
import jaxon.trainer.profile.Rooflines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Contestants that take turns.
class PeerMatchTest {
  @TempDir private Path place;

  /// Loses half a nat a step.
  private static final class Toy implements Contestant {
    private double loss = 2.5;

    @Override
    public String describe() {
      return "a toy";
    }

    @Override
    public double step() {
      loss -= 0.5;
      return loss;
    }

    @Override
    public void close() {}
  }

  @Test
  void serverAnswersEachRequest() throws IOException {
    StringWriter out = new StringWriter();
    BufferedReader in = new BufferedReader(new StringReader("step\nstep\nend\nstep\n"));
    ContestantServer.serve(new Toy(), in, new PrintWriter(out));
    List<JsonNode> answers =
        out.toString()
            .lines()
            .map(line -> JsonMapper.shared().readTree(line.substring("@contestant ".length())))
            .toList();
    assertThat(answers).hasSize(4);
    assertThat(answers.get(0).get("describe").asString()).isEqualTo("a toy");
    assertThat(answers.get(1).get("loss").asDouble()).isEqualTo(2);
    assertThat(answers.get(2).get("loss").asDouble()).isEqualTo(1.5);
    assertThat(answers.get(3).has("peak_memory_bytes")).isTrue();
  }

  @Test
  void processesTakeTurnsAndTheWarmupCountsForTheLossesOnly() {
    SequencedMap<String, ProcessBuilder> commands = new LinkedHashMap<>();
    commands.put("one", script(2.0));
    commands.put("two", script(2.02));
    List<PeerResult> results = new PeerMatch(1, 2).run(commands);
    assertThat(results).extracting(PeerResult::name).containsExactly("one", "two");
    assertThat(results.get(0).seconds()).containsExactly(0.5, 0.5);
    assertThat(results.get(0).losses()).containsExactly(2.0, 2.0, 2.0);
    assertThat(results.get(0).peakMemoryBytes()).hasValue(77);
    assertThat(results.get(1).lossDifference(results.get(0))).isCloseTo(0.01, within(1e-9));
  }

  /// A contestant that prints more than answers.
  private static ProcessBuilder script(double loss) {
    String program =
        """
        echo 'some library was here'; echo '@contestant {"describe": "sh"}'
        while read request && [ "$request" = step ]; do
          echo '@contestant {"seconds": 0.5, "loss": %s}'
        done
        echo '@contestant {"peak_memory_bytes": 77}'
        """
            .formatted(loss);
    return new ProcessBuilder("sh", "-c", program);
  }

  @Test
  void aContestantThatDiesIsNamed() {
    SequencedMap<String, ProcessBuilder> commands = new LinkedHashMap<>();
    commands.put("broken", new ProcessBuilder("sh", "-c", "exit 3"));
    assertThatThrownBy(() -> new PeerMatch(0, 1).run(commands))
        .hasMessageContaining("contestant broken has ended with exit code 3");
    assertThatThrownBy(() -> new PeerMatch(0, 0)).hasMessageContaining("rounds >= 1");
  }

  @Test
  void reportComparesTimesRoundByRoundAndWarnsOfOtherLosses() {
    PeerResult ours = new PeerResult("cpu", "x", List.of(1.0, 2.0), List.of(4.0), unknown());
    PeerResult theirs = new PeerResult("peer", "y", List.of(3.0, 4.0), List.of(5.0), unknown());
    PeerReport report =
        new PeerReport(
            "tiny", FloatType.FLOAT32, new ModelWork(60, 3e11), new Rooflines(400, 800, 50));
    assertThat(report.table(List.of(ours, theirs)))
        .contains("cpu", "40", "200.0", "50.0 %", "1.00 (1.00 to 1.00)")
        .contains("peer", "2.50 (2.00 to 3.00)", "2.5e-01")
        .contains("Warning: the losses of peer differ by more than 0.001");
    List<JsonNode> lines =
        report.json(List.of(ours, theirs)).lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(lines.get(1).get("time_ratio_median").asDouble()).isEqualTo(2.5);
    assertThat(lines.get(0).get("tokens_per_second").asDouble()).isEqualTo(40);
  }

  private static OptionalLong unknown() {
    return OptionalLong.empty();
  }

  @Test
  void weightsGoThroughAFile() throws IOException {
    SequencedMap<String, Literal> params = new LinkedHashMap<>();
    params.put("a.kernel", Literal.ofFloats(new float[] {1, -2, 3.5f, 4, 5, 6}, 2, 3));
    params.put("b.scale", Literal.ofFloats(new float[] {7}, 1));
    Path file = place.resolve("weights.bin");
    WeightsFile.write(file, params);
    assertThat(WeightsFile.read(file)).isEqualTo(params);
  }
}
