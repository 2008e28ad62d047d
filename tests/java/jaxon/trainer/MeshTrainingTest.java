package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import jaxon.collective.aeron.AeronDriver;
import jaxon.collective.aeron.AeronSettings;
import jaxon.collective.aeron.FreeEndpoints;
import jaxon.config.Configuration;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.runtime.mesh.LocalDevices;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.Mesh;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Training on the devices of a mesh gives the losses of one device.
class MeshTrainingTest {
  private static final int STEPS = 20;
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private static final String[] TINY = {
    "hardware=cpu",
    "dtype=float32",
    "num_threads=1",
    "base_num_decoder_layers=2",
    "base_emb_dim=32",
    "base_num_query_heads=4",
    "base_num_kv_heads=4",
    "head_dim=8",
    "base_mlp_dim=48",
    "vocab_size=260",
    "per_device_batch_size=4",
    "max_target_length=16",
  };

  @TempDir private static Path place;
  private static List<Double> alone = List.of();
  private static List<Double> aloneWithFourLayers = List.of();

  @BeforeAll
  static void trainOnOneDevice() {
    try (TrainingSession session = TrainingSession.open(config())) {
      alone = losses(session);
    }
    try (TrainingSession session = TrainingSession.open(config("base_num_decoder_layers=4"))) {
      aloneWithFourLayers = losses(session);
    }
  }

  @ParameterizedTest
  @MethodSource("jaxon.trainer.DenseMeshes#all")
  void lossesAreThoseOfOneDevice(Mesh mesh) {
    try (TrainingSession session =
        TrainingSession.open(config(), onMesh(mesh), DeviceLinks.inProcess(mesh, DEADLINE))) {
      assertThoseOfOneDevice(losses(session));
    }
  }

  /// In two rounds where there are two stages, as is the default; then in one.
  @ParameterizedTest
  @MethodSource("pipelines")
  void lossesOfPipelinesAreThoseOfOneDevice(Mesh mesh, int layersPerStage) {
    Configuration config =
        config("base_num_decoder_layers=4", "num_layers_per_pipeline_stage=" + layersPerStage);
    try (TrainingSession session =
        TrainingSession.open(config, onMesh(mesh), DeviceLinks.inProcess(mesh, DEADLINE))) {
      assertThose(losses(session), aloneWithFourLayers);
    }
  }

  static Stream<Arguments> pipelines() {
    return Stream.of(
        Arguments.of(Mesh.of("stage", 2), 1),
        Arguments.of(Mesh.of("stage", 2), 2),
        Arguments.of(Mesh.of("stage", 4), 1),
        Arguments.of(Mesh.of("stage", 2, "fsdp", 2), 1));
  }

  /// A session for each of the processes, with as many devices each.
  @ParameterizedTest
  @EnumSource(AeronSettings.Medium.class)
  void lossesAreThoseOfOneDeviceWhenDevicesTalkOverAeron(AeronSettings.Medium medium)
      throws Exception {
    assertThoseOfOneDevice(overAeron(medium, Mesh.of("fsdp", 2, "tensor", 2), 2));
  }

  /// Stages in processes of their own.
  @ParameterizedTest
  @EnumSource(AeronSettings.Medium.class)
  void lossesOfPipelinesAreThoseOfOneDeviceWhenStagesTalkOverAeron(AeronSettings.Medium medium)
      throws Exception {
    String layers = "base_num_decoder_layers=4";
    assertThose(overAeron(medium, Mesh.of("stage", 2), 2, layers), aloneWithFourLayers);
    Mesh four = Mesh.of("stage", 2, "fsdp", 2);
    assertThose(overAeron(medium, four, 4, layers), aloneWithFourLayers);
  }

  /// The losses that all processes agree on.
  private static List<Double> overAeron(
      AeronSettings.Medium medium, Mesh mesh, int processes, String... more) throws Exception {
    Path folder = place.resolve("aeron-" + medium + "-" + mesh.axes() + processes);
    AeronSettings settings =
        medium == AeronSettings.Medium.IPC
            ? AeronSettings.ipc(folder)
            : AeronSettings.udp(folder, AeronSettings.LARGEST_MTU);
    List<String> endpoints = FreeEndpoints.at("127.0.0.1", mesh.devices());
    int devices = mesh.devices() / processes;
    try (AeronDriver _ = AeronDriver.launch(settings);
        ExecutorService threads = Executors.newFixedThreadPool(processes)) {
      List<Future<List<Double>>> results = new ArrayList<>();
      for (int process = 0; process < processes; process++) {
        LocalDevices local = new LocalDevices(mesh, process * devices, devices);
        results.add(
            threads.submit(() -> {
              DeviceLinks links =
                  DeviceLinks.overAeron(local, settings, endpoints, 1, DEADLINE, DEADLINE);
              try (TrainingSession session =
                  TrainingSession.open(config(more), onMesh(mesh), links)) {
                return losses(session);
              }
            }));
      }
      List<Double> losses = results.getFirst().get();
      for (Future<List<Double>> other : results) {
        assertThat(other.get()).isEqualTo(losses);
      }
      return losses;
    }
  }

  private static Configuration config(String... more) {
    return TinyRun.config(
        place, Stream.concat(Stream.of(TINY), Stream.of(more)).toArray(String[]::new));
  }

  private static RunMesh onMesh(Mesh mesh) {
    return new RunMesh(mesh, DefaultRules.rules());
  }

  private static List<Double> losses(TrainingSession session) {
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      losses.add(session.step().get("learning/loss"));
    }
    return losses;
  }

  private static void assertThoseOfOneDevice(List<Double> found) {
    assertThose(found, alone);
  }

  private static void assertThose(List<Double> found, List<Double> expected) {
    for (int step = 0; step < STEPS; step++) {
      assertThat(found.get(step))
          .as("loss of step %d", step)
          .isCloseTo(expected.get(step), within(1e-5 * expected.get(step)));
    }
  }
}
