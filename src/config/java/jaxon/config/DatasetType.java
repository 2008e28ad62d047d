package jaxon.config;

/// Where training examples come from.
public enum DatasetType implements YamlNamed {
  /// Made up: no data needed, for tests of speed.
  SYNTHETIC,
  /// Plain text files, one document a file.
  TEXT,
  /// JSON objects, one document a line.
  JSONL,
  /// Parquet files, one document a row.
  PARQUET
}
