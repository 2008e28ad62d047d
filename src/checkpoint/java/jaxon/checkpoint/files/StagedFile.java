package jaxon.checkpoint.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jaxon.runtime.host.HostBlock;
import jaxon.runtime.host.HostMemory;

/// A large file, gathered in pieces of memory: while the caller fills one, a thread of the file's
/// own writes another, and finds the next one when it is done.
///
/// The pieces suit a channel that goes past the system's page cache: their addresses, sizes and
/// places in the file are multiples of its blocks. The end of the file is padded to a block and cut
/// off again.
final class StagedFile implements NewFile {
  /// Size of a piece.
  static final int PIECE = 4 << 20;

  private static final int PIECES = 3;

  private final FileChannel channel;
  private final int block;
  private final HostBlock memory;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("jaxon-file").daemon().factory());
  private final List<ByteBuffer> pieces = new ArrayList<>();

  /// What has become of each piece when it was handed over last.
  private final List<Future<?>> writes = new ArrayList<>();

  private int filling;
  private long position;
  private boolean isForced;
  private boolean hasFailed;

  /// @param channel of an empty file; belongs to this from now on
  /// @param block what addresses, sizes and places must be multiples of: divides [#PIECE]
  StagedFile(FileChannel channel, int block) {
    if (block < 1 || PIECE % block != 0) {
      throw new IllegalArgumentException("blocks of " + block + " bytes");
    }
    this.channel = channel;
    this.block = block;
    memory = HostBlock.allocate((long) PIECES * PIECE + block);
    long first = Math.ceilDiv(memory.address(), (long) block) * block;
    for (int i = 0; i < PIECES; i++) {
      pieces.add(HostMemory.segment(first + (long) i * PIECE, PIECE).asByteBuffer());
      writes.add(CompletableFuture.completedFuture(null));
    }
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (isForced) {
      throw new IllegalStateException("the file has its end");
    }
    requireWhole();
    while (bytes.hasRemaining()) {
      ByteBuffer piece = pieces.get(filling);
      int count = Math.min(piece.remaining(), bytes.remaining());
      piece.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      if (!piece.hasRemaining()) {
        hand(piece);
      }
    }
  }

  private void requireWhole() throws IOException {
    if (hasFailed) {
      throw new IOException("a write before has failed");
    }
  }

  /// Hands the piece over, and waits until the next one is free.
  private void hand(ByteBuffer piece) throws IOException {
    piece.flip();
    long start = position;
    position += piece.remaining();
    writes.set(filling, writer.submit(() -> write(piece, start)));
    filling = (filling + 1) % PIECES;
    settle(writes.get(filling));
    pieces.get(filling).clear();
  }

  private boolean write(ByteBuffer piece, long start) throws IOException {
    long at = start;
    while (piece.hasRemaining()) {
      at += channel.write(piece, at);
    }
    return true;
  }

  /// Waits for a piece to be written; if that has failed, the file is of no use any more.
  private void settle(Future<?> write) throws IOException {
    boolean isWritten = false;
    try {
      write.get();
      isWritten = true;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException refusal ? refusal : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while writing").initCause(e);
    } finally {
      hasFailed |= !isWritten;
    }
  }

  /// Nothing can be written afterwards.
  @Override
  public void force() throws IOException {
    requireWhole();
    if (!isForced) {
      ByteBuffer last = pieces.get(filling);
      long size = position + last.position();
      int end = Math.ceilDiv(last.position(), block) * block;
      while (last.position() < end) {
        last.put((byte) 0);
      }
      hand(last);
      for (Future<?> write : writes) {
        settle(write);
      }
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
