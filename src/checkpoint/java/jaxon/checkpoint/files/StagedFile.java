package jaxon.checkpoint.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jaxon.runtime.host.HostBlock;
import jaxon.runtime.host.HostMemory;

/// A large file, gathered in two pieces of memory: while the caller fills one, a thread of the
/// file's own writes the other.
///
/// The pieces suit a channel that goes past the system's page cache: their addresses, sizes and
/// places in the file are multiples of its blocks. The end of the file is padded to a block and cut
/// off again.
final class StagedFile implements NewFile {
  /// Size of a piece.
  static final int PIECE = 4 << 20;

  private final FileChannel channel;
  private final int block;
  private final HostBlock memory;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("jaxon-file").daemon().factory());
  private ByteBuffer filling;
  private ByteBuffer free;
  private Future<?> writing = CompletableFuture.completedFuture(null);
  private long position;
  private boolean isForced;

  /// @param channel of an empty file; belongs to this from now on
  /// @param block what addresses, sizes and places must be multiples of: divides [#PIECE]
  StagedFile(FileChannel channel, int block) {
    if (block < 1 || PIECE % block != 0) {
      throw new IllegalArgumentException("blocks of " + block + " bytes");
    }
    this.channel = channel;
    this.block = block;
    memory = HostBlock.allocate(2L * PIECE + block);
    long first = Math.ceilDiv(memory.address(), (long) block) * block;
    filling = HostMemory.segment(first, PIECE).asByteBuffer();
    free = HostMemory.segment(first + PIECE, PIECE).asByteBuffer();
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (isForced) {
      throw new IllegalStateException("the file has its end");
    }
    while (bytes.hasRemaining()) {
      int count = Math.min(filling.remaining(), bytes.remaining());
      filling.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      if (!filling.hasRemaining()) {
        hand();
      }
    }
  }

  /// Hands the piece to the writer once the one before is written.
  private void hand() throws IOException {
    settle();
    ByteBuffer full = filling.flip();
    long at = position;
    position += full.remaining();
    writing =
        writer.submit(
            () -> {
              long place = at;
              while (full.hasRemaining()) {
                place += channel.write(full, place);
              }
              return place;
            });
    filling = free.clear();
    free = full;
  }

  /// Waits for what is being written; fails again and again once it has failed.
  private void settle() throws IOException {
    try {
      writing.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException error ? error : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while writing").initCause(e);
    }
  }

  /// Nothing can be written afterwards.
  @Override
  public void force() throws IOException {
    if (!isForced) {
      long size = position + filling.position();
      int end = Math.ceilDiv(filling.position(), block) * block;
      while (filling.position() < end) {
        filling.put((byte) 0);
      }
      hand();
      settle();
      if (position > size) {
        channel.truncate(size);
      }
      isForced = true;
    }
    channel.force(true);
  }

  /// What was not forced is lost.
  @Override
  public void close() throws IOException {
    // Waits for what is being written, for its memory goes now.
    writer.close();
    memory.close();
    channel.close();
  }
}
