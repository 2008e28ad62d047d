package jaxon.input.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/// One text column of one Parquet file, a row group at a time. For one thread.
final class ParquetFile implements AutoCloseable {
  /// A row group whose text column is larger than this is refused.
  static final long MAX_COLUMN_BYTES = 1L << 30;

  private final Path file;
  private final ParquetFileReader reader;
  private final MessageType schema;
  private final ColumnDescriptor column;

  private ParquetFile(
      Path file, ParquetFileReader reader, MessageType schema, ColumnDescriptor column) {
    this.file = file;
    this.reader = reader;
    this.schema = schema;
    this.column = column;
  }

  /// Reads the footer of `file` and selects `column`, a string or binary field of the top level.
  static ParquetFile open(Path file, String column) {
    try {
      ParquetFileReader reader =
          ParquetFileReader.open(
              new LocalInputFile(file),
              ParquetReadOptions.builder(new PlainParquetConfiguration())
                  .usePageChecksumVerification()
                  .build());
      try {
        MessageType all = reader.getFileMetaData().getSchema();
        MessageType projected = new MessageType(all.getName(), select(file, all, column));
        reader.setRequestedSchema(projected);
        return new ParquetFile(file, reader, projected, projected.getColumns().getFirst());
      } catch (RuntimeException e) {
        reader.close();
        throw e;
      }
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // parquet-hadoop reports damage by all kinds of unchecked exceptions.
      throw new InputException(
          "The file '%s' cannot be read as Parquet: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Type select(Path file, MessageType schema, String column) {
    if (!schema.containsField(column)) {
      throw new InputException(
          "The Parquet file '%s' has no column '%s'; it has %s. Set the column to one of these."
              .formatted(file, column, schema.getFields().stream().map(Type::getName).toList()));
    }
    Type type = schema.getType(column);
    if (!type.isPrimitive()
        || type.isRepetition(Type.Repetition.REPEATED)
        || type.asPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BINARY) {
      throw new InputException(
          "The column '%s' of '%s' is not text: it is '%s', but should be one string or binary value a row."
              .formatted(column, file, type));
    }
    return type;
  }

  /// The rows of each row group.
  List<Long> rowCounts() {
    return reader.getRowGroups().stream().map(BlockMetaData::getRowCount).toList();
  }

  /// The text of every row of a row group; empty for null, U+FFFD for bytes that are not UTF-8.
  String[] read(int rowGroup) {
    try {
      checkSize(rowGroup, declaredBytes(rowGroup));
      PageReadStore pages = reader.readRowGroup(rowGroup);
      int rows = Math.toIntExact(pages.getRowCount());
      ColumnReader values =
          new ColumnReadStoreImpl(
                  pages, new ParquetGroupSink(), schema, reader.getFileMetaData().getCreatedBy())
              .getColumnReader(column);
      String[] texts = new String[rows];
      long bytes = 0;
      for (int row = 0; row < rows; row++) {
        boolean present = values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel();
        byte[] value = present ? values.getBinary().getBytesUnsafe() : new byte[0];
        bytes += value.length;
        checkSize(rowGroup, bytes);
        texts[row] = new String(value, StandardCharsets.UTF_8);
        values.consume();
      }
      return texts;
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new InputException(
          "Row group %d of '%s' cannot be read: %s".formatted(rowGroup, file, e.getMessage()), e);
    }
  }

  /// What the footer says of the column before anything is decompressed.
  private long declaredBytes(int rowGroup) {
    return reader.getRowGroups().get(rowGroup).getColumns().stream()
        .filter(chunk -> chunk.getPath().toDotString().equals(String.join(".", column.getPath())))
        .mapToLong(ColumnChunkMetaData::getTotalUncompressedSize)
        .sum();
  }

  private void checkSize(int rowGroup, long bytes) {
    if (bytes > MAX_COLUMN_BYTES) {
      throw new InputException(
          "Row group %d of '%s' holds more than the %,d bytes of text allowed: write smaller row groups."
              .formatted(rowGroup, file, MAX_COLUMN_BYTES));
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new InputException("Cannot close the file '%s': %s".formatted(file, e), e);
    }
  }
}
