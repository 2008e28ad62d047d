package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jaxon.collective.aeron.AeronDriver;
import jaxon.collective.aeron.AeronSettings;
import jaxon.collective.aeron.AeronSettings.Medium;
import jaxon.collective.aeron.FreeEndpoints;
import jaxon.config.Configuration;
import jaxon.graph.type.Literal;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.runtime.mesh.LocalDevices;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.Mesh;
import jaxon.trainer.metrics.MetricNames;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Training on the devices of a mesh gives the losses and gradients of one device, be they in one
/// process or in several.
class MeshTrainingTest {
  private static final int STEPS = 20;
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /// What a step of SGD takes off a parameter.
  private static final double RATE = 0.25;

  private static final String[] TINY = {
    "hardware=cpu",
    "dtype=float32",
    "num_threads=1",
    "base_num_decoder_layers=4",
    "base_emb_dim=32",
    "base_num_query_heads=4",
    "base_num_kv_heads=4",
    "head_dim=8",
    "base_mlp_dim=48",
    "vocab_size=260",
    "per_device_batch_size=4",
    "max_target_length=16",
    "opt_type=sgd",
    "learning_rate=" + RATE,
    "steps=" + STEPS,
    "gradient_clipping_threshold=0",
    "eval_interval=-1",
  };

  private static final String[] INTERLEAVED = {
    "per_device_batch_size=16",
    "num_pipeline_microbatches=4",
    "num_layers_per_pipeline_stage=-1",
    "pipeline_schedule=1f1b",
  };

  /// What a run has shown; the parameters before and after its first step.
  private record Curve(
      List<Double> losses,
      List<Double> gradientNorms,
      SequencedMap<String, Literal> before,
      SequencedMap<String, Literal> after) {}

  @TempDir private static Path place;
  private static Curve alone =
      new Curve(List.of(), List.of(), new LinkedHashMap<>(), new LinkedHashMap<>());

  private static Curve aloneOnMore = alone;

  @BeforeAll
  static void trainOnOneDevice() {
    try (TrainingSession session = TrainingSession.open(config())) {
      alone = curve(session);
    }
    try (TrainingSession session = TrainingSession.open(config(INTERLEAVED))) {
      aloneOnMore = curve(session);
    }
  }

  static Stream<Mesh> inOneProcess() {
    return Stream.of(
        Mesh.of("data", 4),
        Mesh.of("fsdp", 2, "context", 2),
        Mesh.of("stage", 4),
        new Mesh(List.of("data", "fsdp", "tensor"), List.of(2, 2, 2)));
  }

  @ParameterizedTest
  @MethodSource("inOneProcess")
  void virtualDevicesTrainAsOneDevice(Mesh mesh) {
    try (TrainingSession session =
        TrainingSession.open(config(), onMesh(mesh), DeviceLinks.inProcess(mesh, DEADLINE))) {
      assertThatOfOneDevice(curve(session));
    }
  }

  /// The other tests have stages go twice through their layers, as is the default.
  @Test
  void pipelinesOfOneRoundTrainAsOneDevice() {
    Mesh mesh = Mesh.of("stage", 2);
    try (TrainingSession session =
        TrainingSession.open(
            config("num_layers_per_pipeline_stage=2"),
            onMesh(mesh),
            DeviceLinks.inProcess(mesh, DEADLINE))) {
      assertThatOfOneDevice(curve(session));
    }
  }

  /// With two stages there are more micro-batches than a stage keeps something of.
  static Stream<Mesh> interleaved() {
    return Stream.of(Mesh.of("stage", 2), Mesh.of("stage", 4), Mesh.of("stage", 2, "fsdp", 2));
  }

  @ParameterizedTest
  @MethodSource("interleaved")
  void pipelinesThatInterleaveTrainAsOneDevice(Mesh mesh) {
    try (TrainingSession session =
        TrainingSession.open(
            config(INTERLEAVED), onMesh(mesh), DeviceLinks.inProcess(mesh, DEADLINE))) {
      assertSame(curve(session), aloneOnMore);
    }
  }

  @Test
  void processesInterleaveAsOneDevice() throws Exception {
    assertProcesses(Medium.IPC, Mesh.of("stage", 2), aloneOnMore, INTERLEAVED);
  }

  /// Each axis alone and the pairs, over one of the media; one mesh over both.
  static Stream<Arguments> inProcesses() {
    return Stream.of(
        Arguments.of(Medium.IPC, Mesh.of("data", 2)),
        Arguments.of(Medium.UDP, Mesh.of("fsdp", 2)),
        Arguments.of(Medium.IPC, Mesh.of("fsdp", 4)),
        Arguments.of(Medium.UDP, Mesh.of("fsdp_transpose", 2)),
        Arguments.of(Medium.IPC, Mesh.of("tensor", 2)),
        Arguments.of(Medium.UDP, Mesh.of("tensor", 4)),
        Arguments.of(Medium.IPC, Mesh.of("tensor_sequence", 2)),
        Arguments.of(Medium.UDP, Mesh.of("context", 2)),
        Arguments.of(Medium.IPC, Mesh.of("context", 4)),
        Arguments.of(Medium.UDP, Mesh.of("stage", 2)),
        Arguments.of(Medium.IPC, Mesh.of("fsdp", 2, "tensor", 2)),
        Arguments.of(Medium.UDP, Mesh.of("fsdp", 2, "tensor", 2)),
        Arguments.of(Medium.UDP, Mesh.of("data", 2, "fsdp", 2)),
        Arguments.of(Medium.IPC, Mesh.of("stage", 2, "fsdp", 2)),
        Arguments.of(Medium.UDP, Mesh.of("context", 2, "tensor", 2)));
  }

  /// A session for each of two processes would have, with half of the devices.
  @ParameterizedTest
  @MethodSource("inProcesses")
  void processesTrainAsOneDevice(Medium medium, Mesh mesh) throws Exception {
    assertProcesses(medium, mesh, alone);
  }

  private static void assertProcesses(Medium medium, Mesh mesh, Curve expected, String... more)
      throws Exception {
    Path folder = place.resolve("aeron-" + medium);
    AeronSettings settings =
        medium == Medium.IPC
            ? AeronSettings.ipc(folder)
            : AeronSettings.udp(folder, AeronSettings.LARGEST_MTU);
    List<String> endpoints = FreeEndpoints.at("127.0.0.1", mesh.devices());
    int each = mesh.devices() / 2;
    try (AeronDriver _ = AeronDriver.launch(settings);
        ExecutorService processes = Executors.newFixedThreadPool(2)) {
      List<Future<Curve>> results = new ArrayList<>();
      for (int first = 0; first < mesh.devices(); first += each) {
        LocalDevices local = new LocalDevices(mesh, first, each);
        results.add(
            processes.submit(() -> {
              DeviceLinks links =
                  DeviceLinks.overAeron(local, settings, endpoints, 1, DEADLINE, DEADLINE);
              try (TrainingSession session =
                  TrainingSession.open(config(more), onMesh(mesh, each), links)) {
                return curve(session);
              }
            }));
      }
      assertSame(results.get(0).get(), expected);
      assertThat(results.get(1).get().equals(results.get(0).get())).isTrue();
    }
  }

  private static Configuration config(String... more) {
    return TinyRun.config(
        place, Stream.concat(Stream.of(TINY), Stream.of(more)).toArray(String[]::new));
  }

  private static RunMesh onMesh(Mesh mesh) {
    return onMesh(mesh, mesh.devices());
  }

  private static RunMesh onMesh(Mesh mesh, int local) {
    return new RunMesh(mesh, DefaultRules.rules(), local, false);
  }

  private static Curve curve(TrainingSession session) {
    List<Double> losses = new ArrayList<>();
    List<Double> norms = new ArrayList<>();
    SequencedMap<String, Literal> before = session.params();
    SequencedMap<String, Literal> after = before;
    for (int step = 0; step < STEPS; step++) {
      SequencedMap<String, Double> metrics = session.step();
      losses.add(metrics.get(MetricNames.LOSS));
      norms.add(metrics.get(MetricNames.RAW_GRAD_NORM));
      if (step == 0) {
        after = session.params();
      }
    }
    return new Curve(losses, norms, before, after);
  }

  private static void assertThatOfOneDevice(Curve found) {
    assertSame(found, alone);
  }

  private static void assertSame(Curve found, Curve expected) {
    for (int step = 0; step < STEPS; step++) {
      assertThat(found.losses().get(step))
          .as("loss of step %d", step)
          .isCloseTo(expected.losses().get(step), within(1e-5 * expected.losses().get(step)));
      assertThat(found.gradientNorms().get(step))
          .as("gradient of step %d", step)
          .isCloseTo(
              expected.gradientNorms().get(step),
              within(1e-4 * expected.gradientNorms().get(step)));
    }
    expected.before().keySet().forEach(path -> assertGradient(path, found, expected));
  }

  private static void assertGradient(String path, Curve found, Curve alone) {
    double[] expected = gradient(alone, path);
    double[] gradient = gradient(found, path);
    double largest = largest(expected);
    assertThat(largest).as("largest gradient of %s", path).isPositive();
    // The differences of rounded parameters.
    double rounding = Math.ulp((float) largest(values(alone.before(), path))) / RATE;
    for (int i = 0; i < expected.length; i++) {
      assertThat(gradient[i])
          .as("gradient of element %d of %s", i, path)
          .isCloseTo(expected[i], within(1e-4 * largest + rounding));
    }
  }

  private static double[] gradient(Curve curve, String path) {
    double[] before = values(curve.before(), path);
    double[] after = values(curve.after(), path);
    return IntStream.range(0, before.length)
        .mapToDouble(i -> (before[i] - after[i]) / RATE)
        .toArray();
  }

  private static double[] values(SequencedMap<String, Literal> params, String path) {
    return Objects.requireNonNull(params.get(path), path).toDoubles();
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }
}
