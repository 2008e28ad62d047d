package jaxon.input.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;

/// Writes small Parquet files for tests.
public final class ParquetFixture {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message rows { required int64 id; optional binary text (STRING); repeated binary tags; }");

  private ParquetFixture() {}

  /// Writes columns `id`, `text` and `tags`, some rows to a group.
  public static Path write(Path file, List<@Nullable String> texts, int rowsPerGroup)
      throws IOException {
    Files.deleteIfExists(file);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupRowCountLimit(rowsPerGroup)
            .build()) {
      for (int i = 0; i < texts.size(); i++) {
        Group row = new SimpleGroup(SCHEMA);
        row.add("id", (long) i);
        String text = texts.get(i);
        if (text != null) {
          row.add("text", Binary.fromConstantByteArray(text.getBytes(StandardCharsets.UTF_8)));
        }
        writer.write(row);
      }
    }
    return file;
  }
}
