package jaxon.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jaxon.checkpoint.HostileFiles;
import jaxon.checkpoint.PlainSafetensors;
import jaxon.checkpoint.PlainSafetensors.Stored;
import jaxon.checkpoint.tensor.Block;
import jaxon.checkpoint.tensor.LiteralSource;
import jaxon.checkpoint.tensor.TensorLiterals;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
  private static final int MUTATIONS = 1500;

  @TempDir private Path place;

  @Test
  void everyElementTypeComesBack() throws IOException {
    SequencedMap<String, Literal> written = new LinkedHashMap<>();
    for (DType dtype : DType.values()) {
      TensorType type = TensorType.of(dtype, 3, 5);
      written.put(
          dtype.text(),
          dtype.isFloat()
              ? Literal.generate(type, i -> i * 0.37 - 2)
              : Literal.generateLongs(type, i -> dtype == DType.I1 ? i % 2 : i - 7));
    }
    written.put("scalar", Literal.ofFloats(new float[] {2.5f}));
    written.put("nothing", Literal.ofFloats(new float[0], 0, 4));
    Path file = place.resolve("all.safetensors");
    SafetensorsWriter.writeFile(file, new LiteralSource(written));
    try (SafetensorsFile source = SafetensorsFile.open(file)) {
      assertThat(source.tensors().keySet()).containsExactlyInAnyOrderElementsOf(written.keySet());
      assertThat(source.metadata()).containsEntry("format", "pt");
      written.forEach((name, literal) ->
          assertThat(TensorLiterals.read(source, name)).as(name).isEqualTo(literal));
    }
    assertThat(PlainSafetensors.get(PlainSafetensors.read(file), "scalar").floats())
        .containsExactly(2.5);
  }

  /// Every block of a tensor, against the same picked out by hand.
  @Test
  void blocksAreReadAlone() throws IOException {
    double[] values = new double[2 * 3 * 4];
    Arrays.setAll(values, i -> i);
    SequencedMap<String, Stored> tensors = new LinkedHashMap<>();
    tensors.put("odd", new Stored("U8", new long[] {3}, new byte[3]));
    tensors.put("x", Stored.ofFloats(values, 2, 3, 4)); // Not aligned to its elements.
    Path file = Files.write(place.resolve("x.safetensors"), PlainSafetensors.file(tensors));
    SplittableRandom random = new SplittableRandom(1);
    try (SafetensorsFile source = SafetensorsFile.open(file)) {
      for (int n = 0; n < 200; n++) {
        long[] start = {random.nextInt(2), random.nextInt(3), random.nextInt(4)};
        long[] extent = new long[3];
        for (int d = 0; d < 3; d++) {
          extent[d] = 1 + random.nextLong(2 + d - start[d]);
        }
        float[] found = new float[(int) new Block(start, extent).elements()];
        source.read("x", start, extent, MemorySegment.ofArray(found));
        int at = 0;
        for (long i = start[0]; i < start[0] + extent[0]; i++) {
          for (long j = start[1]; j < start[1] + extent[1]; j++) {
            for (long k = start[2]; k < start[2] + extent[2]; k++) {
              assertThat(found[at++]).isEqualTo((float) ((i * 3 + j) * 4 + k));
            }
          }
        }
      }
      assertThatThrownBy(() ->
              source.read(
                  "x",
                  new long[] {1, 0, 0},
                  new long[] {2, 1, 1},
                  MemorySegment.ofArray(new float[8])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is not within");
    }
  }

  /// A range of row-major positions is covered by blocks in order, without gaps.
  @Test
  void rangesAreCoveredByBlocks() {
    long[] dims = {3, 4, 5};
    for (long from = 0; from < 60; from++) {
      for (long count = 0; count <= 60 - from; count++) {
        long position = from;
        for (Block block : Block.covering(dims, from, count)) {
          block.requireWithin("x", Shape.of(dims));
          for (Block.Run run : block.runs(dims)) {
            assertThat(run.from()).isEqualTo(position);
            position += run.count();
          }
        }
        assertThat(position).isEqualTo(from + count);
      }
    }
  }

  static Stream<String> kinds() {
    return MalformedSafetensors.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void malformedFileIsOneClearError(String kind) throws IOException {
    byte[] content = Objects.requireNonNull(MalformedSafetensors.all().get(kind));
    HostileFiles.assertOneClearError(
        place.resolve("bad.safetensors"), content, SafetensorsFile::open, "");
  }

  @Test
  void theFileTheyAreMadeFromIsGood() throws IOException {
    Path file = Files.write(place.resolve("good.safetensors"), MalformedSafetensors.good());
    try (SafetensorsFile source = SafetensorsFile.open(file)) {
      assertThat(source.tensors()).hasSize(2);
    }
  }

  @Test
  void directoriesAndMissingFilesAreNoWeights() {
    HostileFiles.assertNoWeights(place, SafetensorsFile::open);
  }

  /// Bytes changed, cut out, doubled and inserted at random: an error of ours, or a file whose
  /// tensors can all be read.
  @Test
  void randomMutationsNeverCrash() throws IOException {
    Path file = place.resolve("mutant.safetensors");
    Mutations.assertRefusedOrRead(
        "mutation",
        MUTATIONS,
        MalformedSafetensors.good(),
        new SplittableRandom(2026),
        mutant -> Files.write(file, mutant),
        () -> HostileFiles.readAll(SafetensorsFile.open(file)));
  }
}
