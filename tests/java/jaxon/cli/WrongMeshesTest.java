package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Meshes and clusters that cannot be: one error, exit code 2, nothing begun.
class WrongMeshesTest {
  @TempDir private Path place;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "num_virtual_devices=4 ici_fsdp_parallelism=3|ici_fsdp_parallelism=3 multiply to 3, but there are 4 devices",
        "num_virtual_devices=4 ici_tensor_parallelism=3|multiply to 3 without the -1, which must divide",
        "ici_tensor_parallelism=2|multiply to 2 without the -1, which must divide, but there is 1 device",
        "num_virtual_devices=2 ici_tensor_parallelism=-1|only one ici size may be -1",
        "num_virtual_devices=2 ici_tensor_parallelism=0|ici_tensor_parallelism",
        "num_virtual_devices=2 dcn_data_parallelism=3|make 3 slices, which do not divide the 2 devices",
        "num_virtual_devices=2 mesh_axes=[data] ici_fsdp_parallelism=2|not among mesh_axes [data]",
        "num_virtual_devices=3|would hold 200.3 % more parameters than if all were cut evenly",
        "num_virtual_devices=2 ici_fsdp_parallelism=1 ici_pipeline_parallelism=2|choose a number of stages that divides the layers",
        "num_virtual_devices=2 hardware=interpreter|interpreter has one device and cannot take part in a mesh",
        "collective_transport=tcp|collective_transport",
        "num_processes=2|several processes need to know where process 0 listens",
        "coordinator=localhost num_processes=2|Write HOST:PORT, for example 10.0.0.1:29500",
        "coordinator=127.0.0.1:9 num_processes=2 process_id=2|processes are numbered 0 to 1",
        "coordinator=no-such-host.invalid:9 num_processes=2|there is no host or interface 'no-such-host.invalid'",
        "coordinator=192.0.2.1:9 num_processes=2|Run process 0 on the host of the coordinator",
        "coordinator=127.0.0.1:9 num_processes=2 network_interface=0.0.0.0|stands for every network of this host",
        "coordinator=127.0.0.1:9 num_processes=2 network_interface=192.0.2.1|is no address of this host",
        "coordinator=127.0.0.1:9 num_processes=2 process_id=1 rendezvous_timeout_seconds=1|could not reach the coordinator at 127.0.0.1:9 within 1 s",
        "coordinator=127.0.0.1:9 num_processes=2 ici_fsdp_parallelism=3|multiply to 3, but there are 2 devices"
      })
  void isOneErrorOfUse(String keys, String told) throws IOException {
    assertMistake(train(keys.split(" ")), told);
  }

  @Test
  void portInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String coordinator = "coordinator=127.0.0.1:" + taken.getLocalPort();
      assertMistake(
          train(coordinator, "num_processes=2"), "process 0 cannot listen at " + coordinator);
    }
  }

  private void assertMistake(CommandRun run, String told) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).containsOnlyOnce(told).doesNotContain("\tat ");
    // Further lines of an error are indented.
    assertThat(run.err().lines().filter(line -> !line.isBlank() && !line.startsWith(" ")))
        .hasSize(1);
    assertThat(place.resolve("out")).doesNotExist();
  }

  private CommandRun train(String... keys) throws IOException {
    String more =
        """
        run_name: run
        base_output_directory: "%s"
        vocab_size: 260
        per_device_batch_size: 2
        sharding_tolerance: 0.02
        enable_tensorboard: false
        """
            .formatted(place.resolve("out"));
    Path config = TinyConfig.write(place, more);
    List<String> arguments = new ArrayList<>(List.of("train", "--config=" + config));
    arguments.addAll(List.of(keys));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
