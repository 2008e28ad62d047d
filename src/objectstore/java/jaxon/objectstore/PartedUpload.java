package jaxon.objectstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jaxon.checkpoint.files.NewFile;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A large file on its way to the store: gathered in parts of equal size, of which some are sent
/// while the caller fills the next. The object is there when the upload is completed, by [#force];
/// a file of less than a part is a single PUT.
final class PartedUpload implements NewFile {
  /// Bytes of a part: stores want 5 MiB at least, and less is slower.
  static final int LEAST_PART = 8 << 20;

  /// An upload has 10,000 parts at most; this many leave room for an estimate that is too low.
  private static final int PARTS = 8000;

  private static final int MOST_PART = 1 << 30;

  /// Parts in memory: all but one may be under way.
  private static final int BUFFERS = 4;

  private static final String CONTENT = "application/octet-stream";
  private static final System.Logger LOG = System.getLogger("jaxon.objectstore");

  private final S3Client client;
  private final S3Address address;
  private final String name;
  private final int partBytes;
  private final ExecutorService senders =
      Executors.newFixedThreadPool(
          BUFFERS - 1, Thread.ofPlatform().name("jaxon-upload-", 0).daemon().factory());
  private final byte[][] buffers = new byte[BUFFERS][];

  /// What becomes of the parts, in their order; the part `n` has the buffer `n % BUFFERS`.
  private final List<Future<CompletedPart>> parts = new ArrayList<>();

  private int filled;
  private long sentBytes;
  private Optional<String> upload = Optional.empty();
  private boolean isForced;

  PartedUpload(S3Client client, S3Address address, String name, int partBytes) {
    this.client = client;
    this.address = address;
    this.name = name;
    this.partBytes = partBytes;
    buffers[0] = new byte[partBytes];
  }

  /// How large the parts of a file of about so many bytes are.
  static int partBytes(long about, int least) {
    return (int) Math.min(MOST_PART, Math.max(least, Math.ceilDiv(about, (long) PARTS)));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (isForced) {
      throw new IllegalStateException("the file has its end");
    }
    while (bytes.hasRemaining()) {
      if (filled == partBytes) {
        hand();
      }
      int count = Math.min(partBytes - filled, bytes.remaining());
      bytes.get(filling(), filled, count);
      filled += count;
    }
  }

  private byte[] filling() {
    return buffers[parts.size() % BUFFERS];
  }

  /// Hands the part over, and waits until there is memory for the next.
  private void hand() throws IOException {
    String id = begin();
    byte[] content = filling();
    int count = filled;
    int number = parts.size() + 1;
    parts.add(senders.submit(() -> send(id, number, content, count)));
    sentBytes += count;
    filled = 0;
    if (number >= BUFFERS) {
      Together.result(parts.get(number - BUFFERS));
    } else {
      buffers[number] = new byte[partBytes];
    }
  }

  private String begin() throws IOException {
    if (upload.isEmpty()) {
      try {
        upload =
            Optional.of(
                client
                    .createMultipartUpload(of -> of.bucket(address.bucket()).key(address.key(name)))
                    .uploadId());
      } catch (SdkException e) {
        throw Refusal.of(client, address, name, e);
      }
    }
    return upload.get();
  }

  private CompletedPart send(String id, int number, byte[] content, int count) throws IOException {
    try {
      String tag =
          client
              .uploadPart(
                  of ->
                      of.bucket(address.bucket())
                          .key(address.key(name))
                          .uploadId(id)
                          .partNumber(number),
                  body(content, count))
              .eTag();
      return CompletedPart.builder().partNumber(number).eTag(tag).build();
    } catch (SdkException e) {
      throw Refusal.of(client, address, name, e);
    }
  }

  /// The bytes where they are: a request that is repeated reads them again.
  private static RequestBody body(byte[] content, int count) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(content, 0, count), count, CONTENT);
  }

  /// Makes the object. Nothing can be written afterwards.
  @Override
  public void force() throws IOException {
    if (isForced) {
      return;
    }
    if (upload.isEmpty()) {
      putWhole();
    } else {
      if (filled > 0) {
        hand();
      }
      complete(upload.get());
    }
    isForced = true;
  }

  private void putWhole() throws IOException {
    try {
      client.putObject(
          to -> to.bucket(address.bucket()).key(address.key(name)), body(filling(), filled));
    } catch (SdkException e) {
      throw Refusal.of(client, address, name, e);
    }
  }

  private void complete(String id) throws IOException {
    List<CompletedPart> sent = new ArrayList<>();
    for (Future<CompletedPart> part : parts) {
      sent.add(Together.result(part));
    }
    try {
      client.completeMultipartUpload(of ->
          of.bucket(address.bucket())
              .key(address.key(name))
              .uploadId(id)
              .multipartUpload(all -> all.parts(sent)));
    } catch (S3Exception e) {
      // The answer may have been lost: what the SDK has repeated then finds no upload any more.
      if (e.statusCode() != Refusal.NOT_FOUND || !isWhole()) {
        throw Refusal.of(client, address, name, e);
      }
    } catch (SdkException e) {
      throw Refusal.of(client, address, name, e);
    }
  }

  /// Whether the object is there with as many bytes as were sent.
  private boolean isWhole() throws IOException {
    try {
      return client
              .headObject(of -> of.bucket(address.bucket()).key(address.key(name)))
              .contentLength()
          == sentBytes;
    } catch (S3Exception e) {
      if (e.statusCode() == Refusal.NOT_FOUND) {
        return false;
      }
      throw Refusal.of(client, address, name, e);
    } catch (SdkException e) {
      throw Refusal.of(client, address, name, e);
    }
  }

  /// What was not forced is lost.
  @Override
  public void close() {
    // What is under way ends first: a part that arrives later would stay.
    senders.close();
    if (upload.isEmpty() || isForced) {
      return;
    }
    try {
      client.abortMultipartUpload(
          of -> of.bucket(address.bucket()).key(address.key(name)).uploadId(upload.get()));
    } catch (SdkException e) {
      // Removed when the run starts again.
      LOG.log(System.Logger.Level.DEBUG, "leaving an upload of " + address.text(name), e);
    }
  }
}
