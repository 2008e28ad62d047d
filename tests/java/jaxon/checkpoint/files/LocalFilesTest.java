package jaxon.checkpoint.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is not there and what cannot be found out are two things.
class LocalFilesTest {
  @TempDir private Path place;

  @Test
  void whatIsNotThereIsNoFile() throws IOException {
    LocalFiles files = new LocalFiles(place);
    Files.writeString(place.resolve("file"), "x");
    assertThat(files.isFile("file")).isTrue();
    assertThat(files.isFile("none")).isFalse();
    assertThat(files.isFile("none/COMMITTED")).isFalse();
    assertThat(files.isFile("file/COMMITTED")).isFalse();
    assertThat(files.isDirectory("file/COMMITTED")).isFalse();
    assertThat(files.list("file")).isEmpty();
    assertThat(files.list("none")).isEmpty();
    assertThat(files.list("")).containsExactly("file");
  }

  /// A link to itself is the error that every system has.
  @Test
  void markerThatCannotBeLookedAtIsNotTakenForNone() throws IOException {
    Path marker = Files.createDirectory(place.resolve("5")).resolve("COMMITTED");
    Files.createSymbolicLink(marker, marker);
    assertThatThrownBy(() -> new LocalFiles(place).isFile("5/COMMITTED"))
        .isInstanceOf(IOException.class);
    CheckpointStore store = new CheckpointStore(place);
    assertThatThrownBy(store::clean)
        .isInstanceOfSatisfying(
            CheckpointException.class,
            e -> assertThat(e.kind()).isEqualTo(CheckpointException.Kind.IO));
    assertThat(place.resolve("5")).exists();
  }

  @Test
  void placeIsMadeWithAllAboveItUnlessItIsThere() throws IOException {
    LocalFiles inner = new LocalFiles(place.resolve("a/b"));
    assertThat(inner.isDirectory("")).isFalse();
    inner.createPlace();
    assertThat(inner.isDirectory("")).isTrue();
    Files.writeString(place.resolve("a/b/kept"), "x");
    inner.createPlace();
    assertThat(inner.list("")).containsExactly("kept");
  }

  /// Somebody has put the checkpoints on another disk.
  @Test
  void placeMayBeALinkButNothingInItIsFollowed() throws IOException {
    Path disk = Files.createDirectory(place.resolve("disk"));
    LocalFiles linked = new LocalFiles(Files.createSymbolicLink(place.resolve("link"), disk));
    linked.createPlace();
    assertThat(linked.isDirectory("")).isTrue();
    Files.createSymbolicLink(disk.resolve("5"), place);
    assertThat(linked.isDirectory("5")).isFalse();
  }

  @Test
  void smallFileIsPutOnceAndWhole() throws IOException {
    LocalFiles files = new LocalFiles(place);
    files.createDirectory("5");
    files.put("5/COMMITTED", new byte[] {1, 2});
    assertThatThrownBy(() -> files.put("5/COMMITTED", new byte[] {3}))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(place.resolve("5/COMMITTED")).hasBinaryContent(new byte[] {1, 2});
  }
}
