package jaxon.input.source;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/// Takes what a Parquet column reader pushes and drops it: values are pulled from the reader
/// instead.
final class ParquetGroupSink extends GroupConverter {
  private final PrimitiveConverter sink = new PrimitiveConverter() {};

  @Override
  public Converter getConverter(int fieldIndex) {
    return sink;
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
