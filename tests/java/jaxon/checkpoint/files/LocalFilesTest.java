package jaxon.checkpoint.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is not there and what cannot be found out are two things.
class LocalFilesTest {
  @TempDir private Path place;

  private final LocalFiles files = new LocalFiles();

  @Test
  void whatIsNotThereIsNoFile() throws IOException {
    Path file = Files.writeString(place.resolve("file"), "x");
    assertThat(files.isFile(file)).isTrue();
    assertThat(files.isFile(place.resolve("none"))).isFalse();
    assertThat(files.isFile(place.resolve("none/COMMITTED"))).isFalse();
    assertThat(files.isFile(file.resolve("COMMITTED"))).isFalse();
    assertThat(files.isDirectory(file.resolve("COMMITTED"))).isFalse();
    assertThat(files.list(file)).isEmpty();
    assertThat(files.list(place.resolve("none"))).isEmpty();
  }

  /// A link to itself is the error that every system has.
  @Test
  void markerThatCannotBeLookedAtIsNotTakenForNone() throws IOException {
    Path marker = Files.createDirectory(place.resolve("5")).resolve("COMMITTED");
    Files.createSymbolicLink(marker, marker);
    assertThatThrownBy(() -> files.isFile(marker)).isInstanceOf(IOException.class);
    CheckpointStore store = new CheckpointStore(place);
    assertThatThrownBy(store::clean)
        .isInstanceOfSatisfying(
            CheckpointException.class,
            e -> assertThat(e.kind()).isEqualTo(CheckpointException.Kind.IO));
    assertThat(place.resolve("5")).exists();
  }

  @Test
  void onlyDirectoriesThatWereNotThereAreMade() throws IOException {
    Path inner = place.resolve("a/b");
    assertThat(files.createDirectories(inner)).containsExactly(inner, place.resolve("a"));
    assertThat(files.createDirectories(inner)).isEmpty();
  }
}
