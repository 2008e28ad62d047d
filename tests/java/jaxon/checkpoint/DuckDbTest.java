package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A checkpoint is a table to DuckDB, which shares no code with what has written it.
class DuckDbTest {
  @TempDir private Path place;

  @Test
  void aCheckpointIsATableThatAgreesWithItsManifest() throws SQLException {
    CheckpointStore store = new CheckpointStore(place);
    SequencedMap<String, byte[]> state = Samples.state(11);
    Checkpoint checkpoint = Samples.save(store, 7, state, 2);
    // A tensor without elements has no row.
    List<String> expected =
        checkpoint.tensors().entrySet().stream()
            .filter(named -> named.getValue().type().bytes() > 0)
            .map(named -> row(named.getKey(), named.getValue().type()))
            .toList();
    assertThat(expected).hasSize(3);
    String table = "'%s/7/*.parquet'".formatted(place);
    // In memory, and with nothing that could be fetched from elsewhere.
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duck.createStatement()) {
      sql.execute("set autoinstall_known_extensions = false");
      assertThat(
              texts(
                  sql,
                  "select tensor || ' ' || dtype || ' ' || shape || ' ' || sum(octet_length(data)) from "
                      + table
                      + " group by tensor, dtype, shape"))
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(
              texts(
                  sql,
                  "select string_agg(hex(data), '' order by start) from "
                      + table
                      + " where tensor = 'params.kernel'"))
          .containsExactly(hex(state, "params.kernel"));
    }
  }

  private static String row(String path, TensorType type) {
    return "%s %s %s %d".formatted(path, type.dtype().text(), type.shape(), type.bytes());
  }

  private static String hex(SequencedMap<String, byte[]> state, String path) {
    return HexFormat.of().withUpperCase().formatHex(Objects.requireNonNull(state.get(path)));
  }

  private static List<String> texts(Statement sql, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = sql.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}
