package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import jaxon.config.CheckpointCompression;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The files of a checkpoint are Parquet to parquet-java, page CRCs included.
class ParquetInteropTest {
  @TempDir private Path place;

  @ParameterizedTest
  @EnumSource
  void anyParquetReaderReadsTheChunks(CheckpointCompression compression) throws IOException {
    CheckpointStore store = new CheckpointStore(place.resolve("checkpoints"));
    SequencedMap<String, byte[]> state = Samples.state(4);
    Checkpoint checkpoint = Samples.save(store, 7, state, 2, compression);
    List<String> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (DataFile file : checkpoint.files()) {
      rows.addAll(rows(place.resolve("checkpoints/7").resolve(file.name()), state));
    }
    checkpoint
        .tensors()
        .forEach((path, entry) ->
            entry
                .chunks()
                .forEach(chunk ->
                    expected.add(
                        "%s %s %s %s %s %s"
                            .formatted(
                                path,
                                entry.type().dtype(),
                                entry.type().shape(),
                                chunk.region().start(),
                                chunk.region().extent(),
                                chunk.digest()))));
    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected).hasSize(5);
  }

  private static List<String> rows(Path file, SequencedMap<String, byte[]> state)
      throws IOException {
    List<String> rows = new ArrayList<>();
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .usePageChecksumVerification()
            .build();
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      PageReadStore pages = reader.readNextRowGroup();
      RecordReader<Group> records =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(pages, new GroupRecordConverter(schema));
      for (long row = 0; row < pages.getRowCount(); row++) {
        Group group = records.read();
        ByteBuffer data = group.getBinary("data", 0).toByteBuffer();
        assertThat(isIn(data, Objects.requireNonNull(state.get(group.getString("tensor", 0)))))
            .as(group.getString("tensor", 0))
            .isTrue();
        List<String> columns = new ArrayList<>();
        for (String name : List.of("tensor", "dtype", "shape", "start", "extent", "digest")) {
          columns.add(group.getString(name, 0));
        }
        rows.add(String.join(" ", columns));
      }
    }
    return rows;
  }

  /// Whether the bytes of a chunk are a piece of the tensor's.
  private static boolean isIn(ByteBuffer chunk, byte[] tensor) {
    int size = chunk.remaining();
    return IntStream.rangeClosed(0, tensor.length - size)
        .anyMatch(at -> ByteBuffer.wrap(tensor, at, size).equals(chunk));
  }
}
