package jaxon.objectstore;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import jaxon.checkpoint.files.StoredFile;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// An object that is read by ranges, each with one request unless the connection breaks.
final class StoredObject implements StoredFile {
  /// How often a range is asked for, from where it has ended, before it is given up.
  private static final int ATTEMPTS = 4;

  private static final int BUFFER = 1 << 16;

  private final S3Client client;
  private final S3Address address;
  private final String name;
  private final long size;

  StoredObject(S3Client client, S3Address address, String name, long size) {
    this.client = client;
    this.address = address;
    this.name = name;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(ByteBuffer into, long position) throws IOException {
    read(into, position, Integer.MAX_VALUE, _ -> {});
  }

  @Override
  public void read(ByteBuffer into, long position, int most, Consumer<ByteBuffer> pieces)
      throws IOException {
    if (position + into.remaining() > size) {
      throw new EOFException(
          "%s has %,d bytes, those from %,d to %,d are wanted"
              .formatted(address.text(name), size, position, position + into.remaining()));
    }
    int start = into.position();
    Pieces handed = new Pieces(into, most, pieces);
    int attempts = 0;
    while (into.hasRemaining()) {
      int before = into.position();
      try (ResponseInputStream<GetObjectResponse> answer =
          ask(position + before - start, into.remaining())) {
        fill(into, answer, handed);
      } catch (BrokenOff e) {
        attempts = into.position() > before ? 1 : attempts + 1;
        if (attempts == ATTEMPTS) {
          throw new Refusal(
              "reading %s breaks off: %s".formatted(address.text(name), e.getMessage()), e);
        }
      }
    }
    handed.rest();
  }

  private ResponseInputStream<GetObjectResponse> ask(long from, int count) throws IOException {
    String range = "bytes=%d-%d".formatted(from, from + count - 1);
    try {
      return client.getObject(
          of -> of.bucket(address.bucket()).key(address.key(name)).range(range));
    } catch (S3Exception e) {
      if (e.statusCode() == Refusal.RANGE_NOT_SATISFIABLE) {
        throw (IOException)
            new EOFException(address.text(name) + " is shorter than it was").initCause(e);
      }
      throw Refusal.of(client, address, name, e);
    } catch (SdkException e) {
      throw Refusal.of(client, address, name, e);
    }
  }

  private static void fill(
      ByteBuffer into, ResponseInputStream<GetObjectResponse> answer, Pieces handed)
      throws BrokenOff {
    byte[] buffer = new byte[Math.min(BUFFER, into.remaining())];
    while (into.hasRemaining()) {
      try {
        int count = answer.read(buffer, 0, Math.min(buffer.length, into.remaining()));
        if (count < 0) {
          throw new EOFException("the answer is too short");
        }
        into.put(buffer, 0, count);
      } catch (IOException | SdkException e) {
        answer.abort();
        throw new BrokenOff(e);
      }
      handed.advance();
    }
  }

  /// The connection has broken in the middle of an answer: what is missing can be asked for again.
  private static final class BrokenOff extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenOff(Exception cause) {
      super(String.valueOf(cause), cause);
    }
  }

  /// Hands over what has been read, in pieces.
  private static final class Pieces {
    private final ByteBuffer into;
    private final int most;
    private final Consumer<ByteBuffer> taker;
    private int start;

    Pieces(ByteBuffer into, int most, Consumer<ByteBuffer> taker) {
      this.into = into;
      this.most = most;
      this.taker = taker;
      start = into.position();
    }

    /// Hands over the whole pieces that are there.
    void advance() {
      while (into.position() - start >= most) {
        hand(most);
      }
    }

    void rest() {
      if (into.position() > start) {
        hand(into.position() - start);
      }
    }

    private void hand(int count) {
      taker.accept(into.slice(start, count));
      start += count;
    }
  }

  @Override
  public void read(List<Range> ranges) throws IOException {
    Together.map(
        ranges,
        range -> {
          read(range.into(), range.position());
          return range;
        });
  }

  @Override
  public void close() {}
}
