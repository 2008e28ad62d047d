package jaxon.input;

/// What the data path holds: MaxText's `dataset_type`.
public enum DatasetType {
  /// Pseudo-random tokens; no path, no tokenizer.
  SYNTHETIC,
  /// UTF-8 text files, each one document, tokenized once when opened.
  TEXT,
  /// One JSON object a line; the text is a named field.
  JSONL,
  /// The text is a named column.
  PARQUET
}
