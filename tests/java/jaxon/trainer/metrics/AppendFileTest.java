package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AppendFileTest {
  @TempDir private Path dir;

  @Test
  void aFullDiskLeavesNoHalfRecord() throws IOException {
    Path path = dir.resolve("file");
    FileChannel real = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    SmallDisk disk = new SmallDisk(real, 9);
    try (AppendFile file = new AppendFile(path, disk)) {
      file.append(new byte[] {'a', 'a', 'a', 'a', '\n'});
      assertThatThrownBy(() -> file.append(new byte[] {'b', 'b', 'b', 'b', '\n'}))
          .isInstanceOf(MetricSinkException.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining("no space left");
      disk.capacity = 100;
      file.append(new byte[] {'c', '\n'});
    }
    assertThat(path).hasContent("aaaa\nc\n");
  }

  /// A file on a disk that holds only so many bytes.
  private static final class SmallDisk implements SeekableByteChannel {
    private final SeekableByteChannel file;
    private long capacity;

    SmallDisk(SeekableByteChannel file, long capacity) {
      this.file = file;
      this.capacity = capacity;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int room = (int) Math.min(source.remaining(), capacity - file.position());
      if (room == 0) {
        throw new IOException("no space left");
      }
      ByteBuffer part = source.slice(source.position(), room);
      source.position(source.position() + room);
      return file.write(part);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return file.read(target);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
