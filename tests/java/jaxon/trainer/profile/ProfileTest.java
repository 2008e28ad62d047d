package jaxon.trainer.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.runtime.profile.KernelEvent;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.profile.Profiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is made of recorded kernels.
class ProfileTest {
  private static final Rooflines ROOF = new Rooflines(100, 200, 10);
  private static final KernelWork LOOP = new KernelWork("scan", DType.F32, 0, 0);
  private static final KernelWork DOT = new KernelWork("dot", DType.BF16, 80_000, 10);
  private static final KernelWork ADD = new KernelWork("add", DType.F32, 0, 1_000);

  /// A loop of 1,000 ns with two kernels inside, then one after it; a share of it on worker 1.
  private static final Profile PROFILE =
      new Profile(
          List.of(
              new KernelEvent(0, LOOP, 5_000, 1_000),
              new KernelEvent(0, DOT, 5_100, 800),
              new KernelEvent(0, ADD, 5_900, 50),
              new KernelEvent(0, ADD, 6_000, 150),
              new KernelEvent(1, DOT, 5_100, 700)),
          List.of(new Profile.StepSpan(3, 5_000, 2_000)),
          ROOF,
          0);

  @TempDir private Path place;

  @Test
  void timeInsideAKernelIsNotItsOwn() {
    assertThat(PROFILE.kernels())
        .containsExactly(
            new Profile.Kernels("dot", 1, 800, 80_000, 10, DType.BF16),
            new Profile.Kernels("add", 2, 200, 0, 2_000, DType.F32),
            new Profile.Kernels("scan", 1, 150, 0, 0, DType.F32));
  }

  @Test
  void fractionIsOfTheRooflineThatBinds() {
    // 80,000 FLOP at 200 GFLOP/s are 400 ns.
    assertThat(PROFILE.fraction(80_000, 10, DType.BF16, 800)).isCloseTo(0.5, within(1e-12));
    assertThat(PROFILE.fraction(80_000, 10, DType.F32, 800)).isCloseTo(1, within(1e-12));
    // 2,000 bytes at 10 GB/s are 200 ns.
    assertThat(PROFILE.fraction(0, 2_000, DType.F32, 800)).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void tableHasARowForEachKernel() {
    String table = KernelTable.text(PROFILE, 2);
    assertThat(table.lines().map(line -> line.replaceFirst(" .*", "")))
        .containsExactly("kernel", "dot", "add", "1", "1");
    assertThat(table).contains("1 more", "50 %", "100 %", "1 steps of 0.00 ms, 57.5 % of it");
    assertThat(KernelTable.json("tiny", PROFILE).lines().map(JsonMapper.shared()::readTree))
        .extracting(line -> line.get("kernel").asString())
        .containsExactly("dot", "add", "scan");
  }

  /// A gather of 500 ns of which 100 are waited for, and a sum that is waited for from its start.
  @Test
  void exposedCommunicationIsWhatTheDeviceWaitsFor() throws IOException {
    KernelWork gather = KernelWork.waiting("all_gather", DType.F32, 3_000);
    KernelWork sum = KernelWork.waiting("all_reduce", DType.F32, 8);
    Profile profile =
        new Profile(
            List.of(
                new KernelEvent(Profiler.COMMUNICATION, gather, 5_000, 500),
                new KernelEvent(0, gather.start(), 5_000, 10),
                new KernelEvent(0, ADD, 5_010, 390),
                new KernelEvent(0, gather.finish(), 5_400, 100),
                new KernelEvent(0, sum, 5_500, 40)),
            List.of(new Profile.StepSpan(3, 5_000, 1_000)),
            ROOF,
            0);
    assertThat(profile.transfers())
        .containsExactly(
            new Profile.Transfers("all_gather", 1, 3_000, 500, 100),
            new Profile.Transfers("all_reduce", 1, 8, 40, 40));
    assertThat(profile.exposedNanos(profile.steps().getFirst())).isEqualTo(140);
    assertThat(KernelTable.text(profile, 9)).contains("14.0 % of it");
    Path file = place.resolve("trace.json");
    TraceFile.write(file, profile);
    assertThat(Files.readString(file))
        .contains("\"exposed_communication_ms\":1.4E-4", "\"collectives\"");
  }

  @Test
  void traceIsWhatPerfettoReads() throws IOException {
    Path file = place.resolve("trace.json");
    TraceFile.write(file, PROFILE);
    JsonNode events = JsonMapper.shared().readTree(Files.readString(file)).get("traceEvents");
    List<String> tracks = new ArrayList<>();
    List<String> spans = new ArrayList<>();
    for (JsonNode event : events) {
      assertThat(event.get("pid").isInt()).isTrue();
      if (event.get("ph").asString().equals("M")) {
        tracks.add(event.get("args").get("name").asString());
      } else {
        assertThat(event.get("ph").asString()).isEqualTo("X");
        assertThat(event.get("dur").asDouble()).isPositive();
        spans.add(event.get("name").asString() + "@" + event.get("ts") + "/" + event.get("tid"));
      }
    }
    assertThat(tracks).containsExactly("steps", "worker 0", "worker 1");
    assertThat(spans).contains("step 3@0.0/0", "dot@0.1/1", "dot@0.1/2", "add@1.0/1");
  }

  @Test
  void stepsAreRecordedAsAsked() {
    List<Profile> profiles = new ArrayList<>();
    List<Long> recorded = new ArrayList<>();
    try (StepProfiler profiler = new StepProfiler(1, 1, 2, () -> ROOF, profiles::add)) {
      for (long step = 0; step < 5; step++) {
        long number = step;
        profiler.step(step, () -> Profiler.recording() != null && recorded.add(number));
      }
    }
    assertThat(recorded).containsExactly(1L, 2L);
    assertThat(profiles).hasSize(1);
    assertThat(profiles.getFirst().steps()).hasSize(2);
  }

  @Test
  void aRunThatEndsEarlyGivesWhatItHas() {
    List<Profile> profiles = new ArrayList<>();
    try (StepProfiler profiler = new StepProfiler(1, 1, 9, () -> ROOF, profiles::add)) {
      profiler.step(0, () -> 0);
      profiler.step(1, () -> 0);
    }
    assertThat(profiles).hasSize(1);
    assertThat(profiles.getFirst().steps()).hasSize(1);
    try (StepProfiler off = new StepProfiler(1, 0, 0, () -> ROOF, profiles::add)) {
      off.step(0, () -> 0);
    }
    assertThat(profiles).hasSize(1);
  }
}
