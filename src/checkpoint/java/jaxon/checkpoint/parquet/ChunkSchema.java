package jaxon.checkpoint.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Type;

/// The columns of a file of chunks as Parquet describes them: text, then bytes, all required.
final class ChunkSchema {
  private ChunkSchema() {}

  static List<SchemaElement> elements() {
    List<SchemaElement> elements = new ArrayList<>();
    SchemaElement root = new SchemaElement("chunk");
    root.setNum_children(ChunkRow.COLUMNS.size() + 1);
    elements.add(root);
    for (String name : ChunkRow.COLUMNS) {
      SchemaElement text = bytes(name);
      text.setConverted_type(ConvertedType.UTF8);
      text.setLogicalType(LogicalType.STRING(new StringType()));
      elements.add(text);
    }
    elements.add(bytes(ChunkRow.DATA));
    return elements;
  }

  private static SchemaElement bytes(String name) {
    SchemaElement element = new SchemaElement(name);
    element.setType(Type.BYTE_ARRAY);
    element.setRepetition_type(FieldRepetitionType.REQUIRED);
    return element;
  }
}
