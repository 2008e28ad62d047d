package jaxon.checkpoint.safetensors;

import jaxon.checkpoint.CheckpointException;
import jaxon.graph.type.DType;

/// The names of element types in safetensors files.
final class StoredDType {
  private StoredDType() {}

  /// The type of a name.
  ///
  /// @throws CheckpointException for types that Jaxon has not, and for names that are none
  static DType parse(String what, String name) {
    return switch (name) {
      case "F64" -> DType.F64;
      case "F32" -> DType.F32;
      case "F16" -> DType.F16;
      case "BF16" -> DType.BF16;
      case "I64" -> DType.I64;
      case "I32" -> DType.I32;
      case "I8" -> DType.I8;
      case "U64" -> DType.UI64;
      case "U32" -> DType.UI32;
      case "U8" -> DType.UI8;
      case "BOOL" -> DType.I1;
      default ->
          throw CheckpointException.usage(
              "%s: element type %s is not supported; supported are F64, F32, F16, BF16, I64, I32, I8, U64, U32, U8 and BOOL"
                  .formatted(what, BoundedJson.shown(name)));
    };
  }

  /// The name of a type.
  static String name(DType dtype) {
    return switch (dtype) {
      case F64 -> "F64";
      case F32 -> "F32";
      case F16 -> "F16";
      case BF16 -> "BF16";
      case I64 -> "I64";
      case I32 -> "I32";
      case I8 -> "I8";
      case UI64 -> "U64";
      case UI32 -> "U32";
      case UI8 -> "U8";
      case I1 -> "BOOL";
    };
  }
}
