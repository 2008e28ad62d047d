package jaxon.checkpoint.parquet;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import jaxon.checkpoint.files.NewFile;
import jaxon.config.CheckpointCompression;
import jaxon.digest.Sha256;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/// Writes a Parquet file with one row for each chunk: PLAIN, each page with its CRC; uncompressed,
/// or the pages of the chunks as Zstandard frames.
///
/// The bytes of a chunk are a page of their own and go to the file when they come, straight from
/// the memory they are in; the text columns of a row group follow its chunks.
public final class ChunkFileWriter implements Closeable {
  /// A row group ends when its chunks have as many bytes.
  static final long ROW_GROUP_BYTES = 64L << 20;

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final NewFile file;
  private final Optional<ZstdPages> zstd;
  private final Sha256 frame = new Sha256();
  private final List<RowGroup> groups = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private long position;
  private long groupStart;
  private long savedBytes;
  private long totalRows;

  /// Starts the file, which belongs to the writer from now on.
  public ChunkFileWriter(NewFile file, CheckpointCompression compression) throws IOException {
    this.file = file;
    zstd =
        switch (compression) {
          case NONE -> Optional.empty();
          case ZSTD -> Optional.of(new ZstdPages());
        };
    writeFrame(ByteBuffer.wrap(MAGIC));
    groupStart = position;
  }

  /// Writes a chunk, less than 2 GiB.
  public StoredChunk add(ChunkRow row, ByteBuffer data) throws IOException {
    int value = data.remaining();
    if (zstd.isEmpty()) {
      ChunkDigest digest = ChunkDigest.ofValue(value).add(data);
      int page = ZstdPages.pageBytes(value);
      writeFrame(pageHeader(1, page, page, digest.pageCrc()));
      writeFrame(ChunkDigest.prefix(value));
      return new StoredChunk(put(row, data, digest), 0, digest.text());
    }
    ByteBuffer packed = zstd.get().compress(data);
    int page = ZstdPages.pageBytes(value);
    ChunkDigest digest = ChunkDigest.ofCompressed().add(packed);
    writeFrame(pageHeader(1, page, packed.remaining(), digest.pageCrc()));
    savedBytes += page - packed.remaining();
    return new StoredChunk(put(row, packed, digest), packed.remaining(), digest.text());
  }

  /// Writes the bytes of a chunk.
  ///
  /// @return where they begin
  private long put(ChunkRow row, ByteBuffer bytes, ChunkDigest digest) throws IOException {
    long offset = position;
    position += bytes.remaining();
    file.write(bytes.duplicate());
    rows.add(row.values(digest.text()));
    if (position - groupStart >= ROW_GROUP_BYTES) {
      endGroup();
    }
    return offset;
  }

  /// Ends the file and makes it durable.
  ///
  /// @return the digest of its frame
  public String finish() throws IOException {
    if (!rows.isEmpty()) {
      endGroup();
    }
    FileMetaData meta = new FileMetaData(1, ChunkSchema.elements(), totalRows, groups);
    meta.setCreated_by("jaxon version 1.0.0 (build 0)");
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    Util.writeFileMetaData(meta, footer);
    int length = footer.size();
    footer.writeBytes(ChunkDigest.prefixBytes(length));
    footer.writeBytes(MAGIC);
    writeFrame(ByteBuffer.wrap(footer.toByteArray()));
    file.force();
    return frame.finish();
  }

  /// Bytes written so far.
  public long size() {
    return position;
  }

  private void endGroup() throws IOException {
    long dataBytes = position - groupStart;
    List<ColumnChunk> columns = new ArrayList<>();
    for (int column = 0; column < ChunkRow.COLUMNS.size(); column++) {
      columns.add(textColumn(column));
    }
    CompressionCodec codec =
        zstd.isPresent() ? CompressionCodec.ZSTD : CompressionCodec.UNCOMPRESSED;
    columns.add(column(ChunkRow.DATA, codec, groupStart, dataBytes, dataBytes + savedBytes));
    RowGroup group = new RowGroup(columns, position - groupStart + savedBytes, rows.size());
    group.setTotal_compressed_size(position - groupStart);
    group.setFile_offset(groupStart);
    groups.add(group);
    totalRows += rows.size();
    rows.clear();
    savedBytes = 0;
    groupStart = position;
  }

  /// Writes one text column of the row group, a single page.
  private ColumnChunk textColumn(int column) throws IOException {
    long start = position;
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    for (List<String> row : rows) {
      byte[] text = row.get(column).getBytes(StandardCharsets.UTF_8);
      page.writeBytes(ChunkDigest.prefixBytes(text.length));
      page.writeBytes(text);
    }
    CRC32 crc = new CRC32();
    crc.update(page.toByteArray());
    writeFrame(pageHeader(rows.size(), page.size(), page.size(), (int) crc.getValue()));
    writeFrame(ByteBuffer.wrap(page.toByteArray()));
    long bytes = position - start;
    return column(ChunkRow.COLUMNS.get(column), CompressionCodec.UNCOMPRESSED, start, bytes, bytes);
  }

  private ColumnChunk column(
      String name, CompressionCodec codec, long start, long bytes, long plainBytes) {
    ColumnMetaData meta =
        new ColumnMetaData(
            Type.BYTE_ARRAY,
            List.of(Encoding.PLAIN),
            List.of(name),
            codec,
            rows.size(),
            plainBytes,
            bytes,
            start);
    ColumnChunk column = new ColumnChunk(start);
    column.setMeta_data(meta);
    return column;
  }

  private static ByteBuffer pageHeader(int values, int plainBytes, int bytes, int crc)
      throws IOException {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, plainBytes, bytes);
    header.setCrc(crc);
    // Required columns of the top level have no levels; the format wants their encoding named.
    header.setData_page_header(
        new DataPageHeader(values, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writePageHeader(header, out);
    return ByteBuffer.wrap(out.toByteArray());
  }

  private void writeFrame(ByteBuffer bytes) throws IOException {
    frame.add(bytes);
    position += bytes.remaining();
    file.write(bytes.duplicate());
  }

  @Override
  public void close() throws IOException {
    zstd.ifPresent(ZstdPages::close);
    file.close();
  }
}
