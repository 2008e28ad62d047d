package jaxon.checkpoint.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.HostileFiles;
import jaxon.checkpoint.PlainSafetensors.Stored;
import jaxon.checkpoint.PlainTorch;
import jaxon.checkpoint.safetensors.Mutations;
import jaxon.checkpoint.tensor.TensorLiterals;
import jaxon.graph.type.Literal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
  private static final int MUTATIONS = 600;

  /// What CPython's pickle makes, with protocols 2 and 4, of a state dict as torch.save hands it
  /// over: `a` [2, 3] and its transpose `a.t` of one storage 0 … 5, the bfloat16 parameter `b` that
  /// leaves out the first of 0, 1, 2, 3, the number `scalar`, and `_metadata`.
  private static final String PROTOCOL_2 =
      """
      gAJjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQApUnEBKFgBAAAAYXECY3RvcmNoLl91dGlscwpfcmVidWlsZF90ZW5zb3JfdjIKcQMoKFgHAAAAc3Rv
      cmFnZXEEY3RvcmNoCkZsb2F0U3RvcmFnZQpxBVgBAAAAMHEGWAMAAABjcHVxB0sGdHEIUUsASwJLA4ZxCUsDSwGGcQqJaAApUnELdHEMUnENWAMAAABh
      LnRxDmgDKChoBGgFaAZoB0sGdHEPUUsASwNLAoZxEEsBSwOGcRGJaAApUnESdHETUnEUWAEAAABicRVjdG9yY2guX3V0aWxzCl9yZWJ1aWxkX3BhcmFt
      ZXRlcgpxFmgDKChoBGN0b3JjaApCRmxvYXQxNlN0b3JhZ2UKcRdYAQAAADFxGGgHSwR0cRlRSwFLA4VxGksBhXEbiWgAKVJxHHRxHVJxHohoAClScR+H
      cSBScSFYBgAAAHNjYWxhcnEiaAMoKGgEaAVoBmgHSwZ0cSNRSwUpKYloAClScSR0cSVScSZ1fXEnWAkAAABfbWV0YWRhdGFxKGgAKVJxKVgAAAAAcSp9
      cStYBwAAAHZlcnNpb25xLEsBc3NzYi4=\
      """;

  private static final String PROTOCOL_4 =
      """
      gASVewEAAAAAAACMC2NvbGxlY3Rpb25zlIwLT3JkZXJlZERpY3SUk5QpUpQojAFhlIwMdG9yY2guX3V0aWxzlIwSX3JlYnVpbGRfdGVuc29yX3YylJOU
      KCiMB3N0b3JhZ2WUjAV0b3JjaJSMDEZsb2F0U3RvcmFnZZSTlIwBMJSMA2NwdZRLBnSUUUsASwJLA4aUSwNLAYaUiWgCKVKUdJRSlIwDYS50lGgHKCho
      CGgLaAxoDUsGdJRRSwBLA0sChpRLAUsDhpSJaAIpUpR0lFKUjAFilGgFjBJfcmVidWlsZF9wYXJhbWV0ZXKUk5RoBygoaAhoCYwPQkZsb2F0MTZTdG9y
      YWdllJOUjAExlGgNSwR0lFFLAUsDhZRLAYWUiWgCKVKUdJRSlIhoAilSlIeUUpSMBnNjYWxhcpRoBygoaAhoC2gMaA1LBnSUUUsFKSmJaAIpUpR0lFKU
      dX2UjAlfbWV0YWRhdGGUaAIpUpSMAJR9lIwHdmVyc2lvbpRLAXNzc2Iu\
      """;

  @TempDir private Path place;

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void picklesOfPythonAreRead(int protocol) throws IOException {
    String pickle = protocol == 2 ? PROTOCOL_2 : PROTOCOL_4;
    SequencedMap<String, byte[]> storages = new LinkedHashMap<>();
    ByteBuffer floats = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6; i++) {
      floats.putFloat(i);
    }
    storages.put("0", floats.array());
    storages.put("1", new byte[] {0, 0, (byte) 0x80, 0x3F, 0, 0x40, 0x40, 0x40});
    byte[] content = PlainTorch.file(Base64.getMimeDecoder().decode(pickle), storages);
    Path file = Files.write(place.resolve("python.bin"), content);
    try (TorchFile source = TorchFile.open(file)) {
      assertThat(source.tensors().keySet()).containsExactly("a", "a.t", "b", "scalar");
      assertThat(TensorLiterals.read(source, "a"))
          .isEqualTo(Literal.ofFloats(new float[] {0, 1, 2, 3, 4, 5}, 2, 3));
      assertThat(TensorLiterals.read(source, "a.t"))
          .isEqualTo(Literal.ofFloats(new float[] {0, 3, 1, 4, 2, 5}, 3, 2));
      Literal b = TensorLiterals.read(source, "b");
      assertThat(b.type().toString()).contains("bf16").contains("3");
      assertThat(new double[] {b.get(0), b.get(1), b.get(2)}).containsExactly(1, 2, 3);
      assertThat(TensorLiterals.read(source, "scalar"))
          .isEqualTo(Literal.ofFloats(new float[] {5}));
    }
  }

  @Test
  void everyElementTypeComesBack() throws IOException {
    SequencedMap<String, Stored> tensors = new LinkedHashMap<>();
    for (String dtype :
        new String[] {"F64", "F32", "F16", "BF16", "I64", "I32", "I8", "U8", "BOOL"}) {
      int bytes =
          dtype.matches(".*64") ? 8 : dtype.matches("[FI]32") ? 4 : dtype.matches("B?F16") ? 2 : 1;
      byte[] content = new byte[6 * bytes];
      new SplittableRandom(bytes).nextBytes(content);
      tensors.put(dtype, new Stored(dtype, new long[] {2, 1, 3}, content));
    }
    tensors.put("nothing", new Stored("F32", new long[] {0, 4}, new byte[0]));
    Path file = Files.write(place.resolve("all.bin"), PlainTorch.file(tensors));
    try (TorchFile source = TorchFile.open(file)) {
      assertThat(source.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
      tensors.forEach((name, tensor) -> {
        byte[] found = new byte[tensor.bytes().length];
        source.read(
            name, new long[tensor.shape().length], tensor.shape(), MemorySegment.ofArray(found));
        assertThat(found).as(name).isEqualTo(tensor.bytes());
      });
    }
  }

  /// Every block of views with strides of any order and with gaps, against the same by hand.
  @Test
  void viewsAreReadBlockByBlock() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    long[] sizes = {3, 4, 2};
    long[][] strides = {{8, 2, 1}, {1, 3, 12}, {2, 6, 1}, {9, 2, 1}, {1, 5, 25}, {0, 2, 1}};
    ByteBuffer numbers = ByteBuffer.allocate(4 * 60).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 60; i++) {
      numbers.putFloat(i);
    }
    SequencedMap<String, byte[]> storages = new LinkedHashMap<>();
    storages.put("x", numbers.array());
    PlainTorch pickle = new PlainTorch().op('}', '(');
    for (int view = 0; view < strides.length; view++) {
      pickle.text("v" + view).tensor("FloatStorage", "x", 60, view, sizes, strides[view]);
    }
    byte[] content = PlainTorch.file(pickle.op('u', '.').bytes(), storages);
    try (TorchFile source = TorchFile.open(Files.write(place.resolve("v.bin"), content))) {
      for (int n = 0; n < 300; n++) {
        int view = n % strides.length;
        long[] start = new long[3];
        long[] extent = new long[3];
        for (int d = 0; d < 3; d++) {
          start[d] = random.nextLong(sizes[d]);
          extent[d] = 1 + random.nextLong(sizes[d] - start[d]);
        }
        float[] found = new float[(int) (extent[0] * extent[1] * extent[2])];
        source.read("v" + view, start, extent, MemorySegment.ofArray(found));
        int at = 0;
        for (long i = start[0]; i < start[0] + extent[0]; i++) {
          for (long j = start[1]; j < start[1] + extent[1]; j++) {
            for (long k = start[2]; k < start[2] + extent[2]; k++) {
              long[] s = strides[view];
              assertThat(found[at++]).isEqualTo((float) (view + i * s[0] + j * s[1] + k * s[2]));
            }
          }
        }
      }
      assertThatThrownBy(() ->
              source.read("v0", new long[] {3, 0, 0}, new long[] {1, 1, 1}, MemorySegment.NULL))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is not within");
    }
  }

  static Stream<String> kinds() {
    return MalformedTorch.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void malformedFileIsOneClearError(String kind) throws IOException {
    MalformedTorch.Kind bad = Objects.requireNonNull(MalformedTorch.all().get(kind));
    HostileFiles.assertOneClearError(
        place.resolve("bad.bin"), bad.file().get(), TorchFile::open, bad.message());
  }

  @Test
  void theFileTheyAreMadeFromIsGood() throws IOException {
    Path file = Files.write(place.resolve("good.bin"), MalformedTorch.good());
    try (TorchFile source = TorchFile.open(file)) {
      assertThat(source.tensors()).hasSize(1);
    }
  }

  /// A storage that is shared by very many tensors would make a small file a large model.
  @Test
  void sharingIsBounded() throws IOException {
    SequencedMap<String, byte[]> storages = new LinkedHashMap<>();
    storages.put("0", new byte[4 << 10]);
    for (int count : new int[] {2, 200}) {
      PlainTorch pickle = new PlainTorch().op('}', '(');
      pickle.text("0").tensor("FloatStorage", "0", 1 << 10, 0, new long[] {1 << 10}, 1).op('q', 0);
      for (int i = 1; i < count; i++) {
        pickle.text(Integer.toString(i)).op('h', 0);
      }
      byte[] content = PlainTorch.file(pickle.op('u', '.').bytes(), storages);
      Path file = Files.write(place.resolve("shared.bin"), content);
      if (count == 2) {
        TorchFile.open(file).close();
      } else {
        assertThatThrownBy(() -> TorchFile.open(file).close())
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("share so much");
      }
    }
  }

  /// Files of more than 4 GB have their numbers in the records of zip64; so has this one.
  @Test
  void numbersOfLargeFilesAreRead() throws IOException {
    byte[] content = zip64(MalformedTorch.good());
    Path file = Files.write(place.resolve("large.bin"), content);
    try (TorchFile source = TorchFile.open(file)) {
      String name = source.tensors().firstEntry().getKey();
      assertThat(TensorLiterals.read(source, name)).isEqualTo(Literal.ofFloats(new float[2], 2));
    }
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(content.length - 22 - 20 + 8, Long.MAX_VALUE); // Where the record is.
    Files.write(file, content);
    assertThatThrownBy(() -> TorchFile.open(file).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("leads out of it");
  }

  private static byte[] zip64(byte[] zip) {
    ByteBuffer in = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int end = zip.length - 22;
    int count = in.getShort(end + 10);
    int directory = in.getInt(end + 16);
    ByteBuffer out = ByteBuffer.allocate(2 * zip.length + 100).order(ByteOrder.LITTLE_ENDIAN);
    out.put(zip, 0, directory);
    for (int i = 0, at = directory; i < count; i++) {
      int name = in.getShort(at + 28);
      int entry = out.position();
      out.put(zip, at, 46 + name);
      out.putInt(entry + 20, -1).putInt(entry + 24, -1).putInt(entry + 42, -1);
      out.putShort(entry + 30, (short) 28);
      out.putShort((short) 1).putShort((short) 24);
      out.putLong(in.getInt(at + 24)).putLong(in.getInt(at + 20)).putLong(in.getInt(at + 42));
      at += 46 + name + in.getShort(at + 30);
    }
    int record = out.position();
    out.putInt(0x06064B50).putLong(44).putInt(0).putLong(0).putLong(count).putLong(count);
    out.putLong(record - directory).putLong(directory);
    out.putInt(0x07064B50).putInt(0).putLong(record).putInt(1);
    out.putInt(0x06054B50).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
    return Arrays.copyOf(out.array(), out.position());
  }

  @Test
  void directoriesAndMissingFilesAreNoWeights() {
    HostileFiles.assertNoWeights(place, TorchFile::open);
  }

  /// Changes of the file, and of the pickle within a file that is good otherwise: an error of ours,
  /// or tensors that can all be read.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void randomMutationsNeverCrash(boolean pickleOnly) throws IOException {
    Path file = place.resolve("mutant.bin");
    Mutations.assertRefusedOrRead(
        "mutation",
        MUTATIONS,
        pickleOnly ? MalformedTorch.goodPickle() : MalformedTorch.good(),
        new SplittableRandom(2026),
        mutant -> Files.write(file, pickleOnly ? MalformedTorch.file(mutant) : mutant),
        () -> HostileFiles.readAll(TorchFile.open(file)));
  }
}
