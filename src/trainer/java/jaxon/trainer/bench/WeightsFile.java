package jaxon.trainer.bench;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Hands initial weights from one process to another, as float32.
///
/// For each parameter: path (UTF), rank (int), dims (long each), values (big-endian floats).
public final class WeightsFile {
  private WeightsFile() {}

  /// Writes the parameters in order.
  public static void write(Path file, SequencedMap<String, Literal> params) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(params.size());
      for (Map.Entry<String, Literal> param : params.entrySet()) {
        Literal value = param.getValue();
        out.writeUTF(param.getKey());
        out.writeInt(value.type().shape().rank());
        for (long dim : value.type().shape().toList()) {
          out.writeLong(dim);
        }
        out.write(bytes(value));
      }
    }
  }

  private static byte[] bytes(Literal value) {
    int elements = Math.toIntExact(value.type().shape().elements());
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(elements, Float.BYTES));
    for (int i = 0; i < elements; i++) {
      bytes.putFloat((float) value.get(i));
    }
    return bytes.array();
  }

  /// Reads what [#write] wrote: `f32` tensors by path.
  public static SequencedMap<String, Literal> read(Path file) throws IOException {
    SequencedMap<String, Literal> params = new LinkedHashMap<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        String path = in.readUTF();
        long[] dims = new long[in.readInt()];
        for (int d = 0; d < dims.length; d++) {
          dims[d] = in.readLong();
        }
        TensorType type = new TensorType(DType.F32, Shape.of(dims));
        float[] values = new float[Math.toIntExact(type.shape().elements())];
        ByteBuffer.wrap(in.readNBytes(Math.multiplyExact(values.length, Float.BYTES)))
            .asFloatBuffer()
            .get(values);
        params.put(path, Literal.wrap(type, values));
      }
    }
    return params;
  }
}
