package jaxon.xla;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.function.Function;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// Tensors and statuses of TensorFlow's C API. A tensor handle is a tensor on the side of XLA.
final class TensorFlow {
  private static @Nullable TensorFlow instance;

  private final SymbolLookup library;
  private final NativeFunction newStatus;
  private final NativeFunction deleteStatus;
  private final NativeFunction statusCode;
  private final NativeFunction statusMessage;
  private final NativeFunction allocateTensor;
  private final NativeFunction tensorData;
  private final NativeFunction deleteTensor;
  private final NativeFunction newHandle;
  private final NativeFunction resolveHandle;
  private final NativeFunction deleteHandle;

  private TensorFlow(SymbolLookup library) {
    this.library = library;
    newStatus = NativeFunction.of(library, "TF_NewStatus", ADDRESS);
    deleteStatus = NativeFunction.procedure(library, "TF_DeleteStatus", ADDRESS);
    statusCode = NativeFunction.of(library, "TF_GetCode", JAVA_INT, ADDRESS);
    statusMessage = NativeFunction.of(library, "TF_Message", ADDRESS, ADDRESS);
    allocateTensor =
        NativeFunction.of(
            library, "TF_AllocateTensor", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
    tensorData = NativeFunction.of(library, "TF_TensorData", ADDRESS, ADDRESS);
    deleteTensor = NativeFunction.procedure(library, "TF_DeleteTensor", ADDRESS);
    newHandle = NativeFunction.of(library, "TFE_NewTensorHandle", ADDRESS, ADDRESS, ADDRESS);
    resolveHandle =
        NativeFunction.of(library, "TFE_TensorHandleResolve", ADDRESS, ADDRESS, ADDRESS);
    deleteHandle = NativeFunction.procedure(library, "TFE_DeleteTensorHandle", ADDRESS);
  }

  /// The loaded library.
  static synchronized TensorFlow get() {
    if (instance == null) {
      instance = new TensorFlow(NativeLibrary.load());
    }
    return instance;
  }

  SymbolLookup library() {
    return library;
  }

  /// Runs `call` with a status of its own; throws what `failure` makes of the native message unless
  /// the status is then OK.
  <T> T checked(Function<String, RuntimeException> failure, Function<MemorySegment, T> call) {
    MemorySegment status = newStatus.pointer();
    try {
      T result = call.apply(status);
      if (statusCode.integer(status) != 0) {
        throw failure.apply(text(statusMessage.pointer(status)));
      }
      return result;
    } finally {
      deleteStatus.run(status);
    }
  }

  private static String text(MemorySegment message) {
    return memory(message, Long.MAX_VALUE).getString(0);
  }

  @SuppressWarnings("restricted") // The size is that of the tensor; a message ends with a zero.
  private static MemorySegment memory(MemorySegment pointer, long bytes) {
    return pointer.reinterpret(bytes);
  }

  /// A handle of a copy of `value`.
  MemorySegment upload(Literal value) {
    TensorType type = value.type();
    MemorySegment tensor;
    try (Arena arena = Arena.ofConfined()) {
      int rank = type.shape().rank();
      tensor = allocateTensor.pointer(code(type.dtype()), dims(arena, type), rank, type.bytes());
    }
    try {
      if (type.bytes() > 0) {
        MemorySegment data = memory(tensorData.pointer(tensor), type.bytes());
        MemorySegment.copy(heap(value.toStorage()), 0, data, 0, type.bytes());
      }
      return checked(
          message -> new IllegalStateException("xla: cannot take a " + type + ": " + message),
          status -> newHandle.pointer(tensor, status));
    } finally {
      deleteTensor.run(tensor);
    }
  }

  /// A copy of the value behind `handle`, which is of this type.
  Literal download(MemorySegment handle, TensorType type) {
    MemorySegment tensor =
        checked(
            message -> new IllegalStateException("xla: cannot read a " + type + ": " + message),
            status -> resolveHandle.pointer(handle, status));
    try {
      Object storage = Literal.newStorage(type.dtype(), Math.toIntExact(type.shape().elements()));
      if (type.bytes() > 0) {
        MemorySegment data = memory(tensorData.pointer(tensor), type.bytes());
        MemorySegment.copy(data, 0, heap(storage), 0, type.bytes());
      }
      return Literal.wrap(type, storage);
    } finally {
      deleteTensor.run(tensor);
    }
  }

  void release(MemorySegment handle) {
    deleteHandle.run(handle);
  }

  /// The sizes of the dims, as C takes them: never empty.
  static MemorySegment dims(Arena arena, TensorType type) {
    long[] sizes = type.shape().rank() == 0 ? new long[1] : type.shape().toArray();
    return arena.allocateFrom(JAVA_LONG, sizes);
  }

  static int[] codes(List<TensorType> types) {
    return types.stream().mapToInt(type -> code(type.dtype())).toArray();
  }

  /// TensorFlow's number of a dtype, from its `types.proto`.
  static int code(DType dtype) {
    return switch (dtype) {
      case F32 -> 1;
      case F64 -> 2;
      case I32 -> 3;
      case UI8 -> 4;
      case I8 -> 6;
      case I64 -> 9;
      case I1 -> 10;
      case BF16 -> 14;
      case F16 -> 19;
      case UI32 -> 22;
      case UI64 -> 23;
    };
  }

  private static MemorySegment heap(Object storage) {
    return switch (storage) {
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case byte[] a -> MemorySegment.ofArray(a);
      default -> throw new IllegalArgumentException("storage of " + storage.getClass());
    };
  }
}
