package jaxon.checkpoint.pytorch;

import java.util.Arrays;
import java.util.Optional;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.safetensors.BoundedJson;
import jaxon.graph.type.DType;
import org.jspecify.annotations.Nullable;

/// The names of Python that weights need; a pickle that says another one is refused.
enum TorchGlobal {
  ORDERED_DICT("collections", "OrderedDict", null),
  REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2", null),
  REBUILD_PARAMETER("torch._utils", "_rebuild_parameter", null),
  DOUBLE("torch", "DoubleStorage", DType.F64),
  FLOAT("torch", "FloatStorage", DType.F32),
  HALF("torch", "HalfStorage", DType.F16),
  BFLOAT16("torch", "BFloat16Storage", DType.BF16),
  LONG("torch", "LongStorage", DType.I64),
  INT("torch", "IntStorage", DType.I32),
  CHAR("torch", "CharStorage", DType.I8),
  BYTE("torch", "ByteStorage", DType.UI8),
  BOOL("torch", "BoolStorage", DType.I1);

  private final String module;
  private final String name;
  private final Optional<DType> dtype;

  TorchGlobal(String module, String name, @Nullable DType dtype) {
    this.module = module;
    this.name = name;
    this.dtype = Optional.ofNullable(dtype);
  }

  /// The type of a storage's elements; empty for what is no storage.
  Optional<DType> dtype() {
    return dtype;
  }

  /// The global of a name.
  ///
  /// @throws CheckpointException if it is none of these
  static TorchGlobal of(String file, String module, String name) {
    return Arrays.stream(values())
        .filter(global -> global.module.equals(module) && global.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            CheckpointException.usage(
                "%s: its pickle asks for %s.%s, which no weights need, and which was not run; if you trust the file, load it with the transformers library and save it with save_pretrained(…, safe_serialization=True)"
                    .formatted(file, BoundedJson.shown(module), BoundedJson.shown(name))));
  }
}
