package jaxon.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.NewFile;
import jaxon.checkpoint.files.StoredFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/// Files of an object store hold what was written, and are listed whole.
class S3FilesTest {
  private static StoreServer server;

  @BeforeAll
  static void start() {
    server = StoreServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CheckpointFiles files(String prefix) {
    return StoreServer.files(prefix, new ExecutionInterceptor() {});
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  private static void write(CheckpointFiles files, String name, byte[] bytes) throws IOException {
    try (NewFile file = files.createLarge(name, bytes.length)) {
      for (int at = 0; at < bytes.length; at += 100) {
        file.write(ByteBuffer.wrap(bytes, at, Math.min(100, bytes.length - at)));
      }
      assertThat(files.isFile(name)).as("before it is forced").isFalse();
      file.force();
    }
  }

  private static byte[] read(CheckpointFiles files, String name) throws IOException {
    try (StoredFile file = files.open(name)) {
      byte[] bytes = new byte[(int) file.size()];
      file.read(ByteBuffer.wrap(bytes), 0);
      return bytes;
    }
  }

  /// Parts are of 128 bytes here.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 129, 256, 1000, 1280})
  void fileHoldsWhatWasWritten(int size) throws IOException {
    AtomicInteger parts = new AtomicInteger();
    CheckpointFiles files =
        StoreServer.files(
            "parts",
            new ExecutionInterceptor() {
              @Override
              public void beforeExecution(
                  Context.BeforeExecution context, ExecutionAttributes attributes) {
                parts.addAndGet(context.request() instanceof UploadPartRequest ? 1 : 0);
              }
            });
    write(files, "" + size, random(size));
    assertThat(read(files, "" + size)).isEqualTo(random(size));
    assertThat(parts).hasValue(size <= 128 ? 0 : Math.ceilDiv(size, 128));
    assertThat(server.unfinishedUploads()).isZero();
  }

  @Test
  void fileThatIsNotForcedIsLost() throws IOException {
    CheckpointFiles files = files("lost");
    try (NewFile file = files.createLarge("a", 0)) {
      file.write(ByteBuffer.wrap(random(1000)));
      assertThat(server.unfinishedUploads()).isEqualTo(1);
    }
    assertThat(files.list("")).isEmpty();
    assertThat(server.unfinishedUploads()).isZero();
  }

  /// The store has made the object, but its answer comes to nothing: asked again, it knows no such
  /// upload.
  @Test
  void fileWhoseLastAnswerIsLostIsThere() throws IOException {
    AtomicInteger completions = new AtomicInteger();
    CheckpointFiles files =
        StoreServer.files(
            "answer",
            new ExecutionInterceptor() {
              @Override
              public SdkHttpResponse modifyHttpResponse(
                  Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
                if (!(context.request() instanceof CompleteMultipartUploadRequest)) {
                  return context.httpResponse();
                }
                int status = completions.incrementAndGet() == 1 ? 503 : 404;
                return context.httpResponse().toBuilder().statusCode(status).build();
              }
            });
    write(files, "a", random(1000));
    assertThat(completions).hasValue(2);
    assertThat(read(files, "a")).isEqualTo(random(1000));
    try (NewFile file = files.createLarge("b", 1000)) {
      file.write(ByteBuffer.wrap(random(1000)));
      files("answer").removeUnfinished();
      assertThatThrownBy(file::force).isInstanceOf(NoSuchFileException.class);
    }
    assertThat(files.list("")).containsExactly("a");
  }

  @Test
  void uploadThatCannotBeAbortedKeepsNoOther() throws IOException {
    AtomicInteger aborts = new AtomicInteger();
    CheckpointFiles files =
        StoreServer.files(
            "aborts",
            new ExecutionInterceptor() {
              @Override
              public void beforeExecution(
                  Context.BeforeExecution context, ExecutionAttributes attributes) {
                if (context.request() instanceof AbortMultipartUploadRequest
                    && aborts.incrementAndGet() == 1) {
                  throw S3Exception.builder().statusCode(404).message("no such upload").build();
                }
              }
            });
    try (NewFile one = files.createLarge("a", 0);
        NewFile two = files.createLarge("b", 0)) {
      one.write(ByteBuffer.wrap(random(1000)));
      two.write(ByteBuffer.wrap(random(1000)));
      assertThat(server.unfinishedUploads()).isEqualTo(2);
      files.removeUnfinished();
      assertThat(aborts).hasValue(2);
      assertThat(server.unfinishedUploads()).isEqualTo(1);
    }
    files.removeUnfinished();
    assertThat(server.unfinishedUploads()).isZero();
  }

  @Test
  void partsAreLargeEnoughForTheirNumber() {
    assertThat(PartedUpload.partBytes(0, PartedUpload.LEAST_PART)).isEqualTo(8 << 20);
    for (long about : new long[] {1L << 36, 1L << 40, 5L << 40}) {
      long part = PartedUpload.partBytes(about, PartedUpload.LEAST_PART);
      assertThat(about / part).isBetween(5000L, 8000L);
    }
  }

  @Test
  void listsAreOfAllPagesAndOfOneDirectory() throws IOException {
    AtomicInteger pages = new AtomicInteger();
    CheckpointFiles files =
        StoreServer.files(
            "list",
            new ExecutionInterceptor() {
              @Override
              public SdkRequest modifyRequest(
                  Context.ModifyRequest context, ExecutionAttributes attributes) {
                if (context.request() instanceof ListObjectsV2Request list) {
                  pages.incrementAndGet();
                  return list.maxKeys() == null ? list.toBuilder().maxKeys(2).build() : list;
                }
                return context.request();
              }
            });
    for (String name : List.of("10/a", "10/b", "10/c", "10/d", "10/e", "9/a", "8/a", "x", "y")) {
      files.put(name, random(10));
    }
    server.setContent("list/", new byte[0]);
    server.setContent("lists/10/z", new byte[0]);
    assertThat(files.list("")).containsExactly("10", "8", "9", "x", "y");
    assertThat(pages.get()).isGreaterThan(2);
    assertThat(files.list("10")).containsExactly("a", "b", "c", "d", "e");
    assertThat(files.list("1")).isEmpty();
    assertThat(files.isDirectory("10")).isTrue();
    assertThat(files.isDirectory("1")).isFalse();
    assertThat(files.isDirectory("x")).isFalse();
    assertThat(files.isFile("x")).isTrue();
    assertThat(files.isFile("10")).isFalse();
    assertThat(files.filesAmong(List.of("9/a", "9/b", "8/a"))).containsExactly("9/a", "8/a");
    files.deleteDirectory("10");
    assertThat(files.list("")).containsExactly("8", "9", "x", "y");
  }

  @Test
  void rangesAreReadInPieces() throws IOException {
    CheckpointFiles files = files("ranges");
    byte[] bytes = random(200_000);
    server.setContent("ranges/a", bytes);
    try (StoredFile file = files.open("a")) {
      ByteBuffer into = ByteBuffer.allocateDirect(150_000);
      List<ByteBuffer> pieces = new ArrayList<>();
      file.read(into, 10_000, 70_000, pieces::add);
      assertThat(into.hasRemaining()).isFalse();
      assertThat(pieces.stream().map(ByteBuffer::remaining))
          .containsExactly(70_000, 70_000, 10_000);
      int at = 10_000;
      for (ByteBuffer piece : pieces) {
        assertThat(piece.mismatch(ByteBuffer.wrap(bytes, at, piece.remaining()))).isEqualTo(-1);
        at += piece.remaining();
      }
      ByteBuffer one = ByteBuffer.allocate(3);
      ByteBuffer two = ByteBuffer.allocate(5);
      file.read(List.of(new StoredFile.Range(one, 7), new StoredFile.Range(two, 199_995)));
      assertThat(one.flip()).isEqualTo(ByteBuffer.wrap(bytes, 7, 3));
      assertThat(two.flip()).isEqualTo(ByteBuffer.wrap(bytes, 199_995, 5));
      assertThatThrownBy(() -> file.read(ByteBuffer.allocate(2), 199_999))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("s3://bucket/ranges/a has 200,000 bytes");
    }
    assertThatThrownBy(() -> files.open("none")).isInstanceOf(NoSuchFileException.class);
  }

  /// Every answer ends after so many bytes, or the first ones do.
  private static ExecutionInterceptor cutting(int after, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return new ExecutionInterceptor() {
      @Override
      public Optional<InputStream> modifyHttpResponseContent(
          Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        if (context.request() instanceof GetObjectRequest && left.getAndDecrement() > 0) {
          return context.responseBody().map(body -> new CutStream(body, after));
        }
        return context.responseBody();
      }
    };
  }

  private static final class CutStream extends InputStream {
    private final InputStream body;
    private int left;

    CutStream(InputStream body, int left) {
      this.body = body;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      if (left-- <= 0) {
        throw new IOException("connection reset");
      }
      return body.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left <= 0) {
        throw new IOException("connection reset");
      }
      int count = body.read(into, offset, Math.min(left, length));
      left -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  @Test
  void answerThatBreaksOffIsAskedForAgainFromThere() throws IOException {
    byte[] bytes = random(5000);
    write(files("broken"), "a", bytes);
    assertThat(read(StoreServer.files("broken", cutting(300, Integer.MAX_VALUE)), "a"))
        .isEqualTo(bytes);
    assertThat(read(StoreServer.files("broken", cutting(0, 3)), "a")).isEqualTo(bytes);
    CheckpointFiles dead = StoreServer.files("broken", cutting(0, Integer.MAX_VALUE));
    assertThatThrownBy(() -> read(dead, "a"))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(EOFException.class)
        .hasMessageContaining("reading s3://bucket/broken/a breaks off")
        .hasMessageContaining("connection reset");
  }

  @Test
  void directoriesAreCopiedByTheStoreOrInPieces() throws IOException {
    CheckpointFiles files = files("copies");
    write(files, "1/small", random(1000));
    // More than StoreServer's files let the store copy.
    byte[] large = random(2500);
    write(files, "1/large", large);
    AtomicReference<String> last = new AtomicReference<>();
    StoreServer.files(
            "copies",
            new ExecutionInterceptor() {
              @Override
              public void beforeExecution(
                  Context.BeforeExecution context, ExecutionAttributes attributes) {
                if (context.request() instanceof CopyObjectRequest copy) {
                  last.set(copy.destinationKey() + " after " + server.keys("copies/1.damaged/"));
                }
              }
            })
        .copyDirectory("1", "1.damaged", "small");
    assertThat(last).hasValue("copies/1.damaged/small after [copies/1.damaged/large]");
    assertThat(files.list("1.damaged")).containsExactly("large", "small");
    assertThat(read(files, "1.damaged/small")).isEqualTo(random(1000));
    assertThat(read(files, "1.damaged/large")).isEqualTo(large);
    assertThat(files.list("1")).containsExactly("large", "small");
  }

  /// A store as Amazon's, which knows conditions; or one that refuses them.
  private static ExecutionInterceptor answering(int status) {
    return new ExecutionInterceptor() {
      @Override
      public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (context.request() instanceof PutObjectRequest put && "*".equals(put.ifNoneMatch())) {
          throw S3Exception.builder().statusCode(status).message("refused").build();
        }
      }
    };
  }

  @Test
  void smallFileIsPutOnce() throws IOException {
    CheckpointFiles files = StoreServer.files("once", answering(412));
    server.setContent("once/5/COMMITTED", random(10));
    assertThatThrownBy(() -> files.put("5/COMMITTED", random(11)))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("s3://bucket/once/5/COMMITTED");
    // Its own answer was lost.
    files.put("5/COMMITTED", random(10));
    assertThatThrownBy(() -> files.put("6/COMMITTED", random(11))).isInstanceOf(IOException.class);

    CheckpointFiles simple = StoreServer.files("once", answering(501));
    assertThatThrownBy(() -> simple.put("5/COMMITTED", random(11)))
        .isInstanceOf(FileAlreadyExistsException.class);
    simple.put("7/COMMITTED", random(12));
    assertThat(read(files, "7/COMMITTED")).isEqualTo(random(12));
  }
}
