package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgreedSettingsTest {
  @TempDir Path root;

  @Test
  void whatProcessesMaySetForThemselvesIsLeftOut() throws IOException {
    Sandbox sandbox = Sandbox.in(root);
    SortedMap<String, String> first =
        AgreedSettings.of(
            sandbox.defaults("coordinator=h:1", "num_processes=2", "process_id=0", "steps=7"));
    SortedMap<String, String> second =
        AgreedSettings.of(
            sandbox.defaults(
                "coordinator=h:1", "num_processes=2", "process_id=1", "num_threads=3", "steps=7"));

    assertThat(second).isEqualTo(first).containsEntry("steps", "7").doesNotContainKey("process_id");
    assertThat(AgreedSettings.of(sandbox.defaults("steps=8"))).isNotEqualTo(first);
    // Each process writes its part of a checkpoint there.
    assertThat(first).containsKey("checkpoint_directory");
    assertThat(first)
        .hasSizeGreaterThan(50)
        .allSatisfy((key, _) -> assertThat(Schema.find(key)).isPresent());
  }
}
