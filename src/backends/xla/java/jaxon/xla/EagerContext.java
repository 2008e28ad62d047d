package jaxon.xla;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The runtime that owns the compute threads and runs functions; one for the whole process, because
/// the library keeps its threads, once made, until the process ends.
final class EagerContext {
  private static int threads = Runtime.getRuntime().availableProcessors();
  private static @Nullable EagerContext instance;

  private final TensorFlow tf;
  private final MemorySegment context;
  private final NativeFunction addFunction;
  private final NativeFunction removeFunction;
  private final NativeFunction newOp;
  private final NativeFunction addInput;
  private final NativeFunction execute;
  private final NativeFunction deleteOp;

  private EagerContext(TensorFlow tf, int threads) {
    this.tf = tf;
    SymbolLookup library = tf.library();
    addFunction =
        NativeFunction.procedure(library, "TFE_ContextAddFunction", ADDRESS, ADDRESS, ADDRESS);
    removeFunction =
        NativeFunction.procedure(library, "TFE_ContextRemoveFunction", ADDRESS, ADDRESS, ADDRESS);
    newOp = NativeFunction.of(library, "TFE_NewOp", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    addInput = NativeFunction.procedure(library, "TFE_OpAddInput", ADDRESS, ADDRESS, ADDRESS);
    execute = NativeFunction.procedure(library, "TFE_Execute", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    deleteOp = NativeFunction.procedure(library, "TFE_DeleteOp", ADDRESS);
    context = open(tf, threads);
  }

  private static MemorySegment open(TensorFlow tf, int threads) {
    SymbolLookup library = tf.library();
    NativeFunction newOptions = NativeFunction.of(library, "TFE_NewContextOptions", ADDRESS);
    NativeFunction setConfig =
        NativeFunction.procedure(
            library, "TFE_ContextOptionsSetConfig", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    NativeFunction newContext =
        NativeFunction.of(library, "TFE_NewContext", ADDRESS, ADDRESS, ADDRESS);
    NativeFunction deleteOptions =
        NativeFunction.procedure(library, "TFE_DeleteContextOptions", ADDRESS);
    Function<String, RuntimeException> failure =
        message -> new IllegalStateException("xla: cannot start TensorFlow's runtime: " + message);
    MemorySegment options = newOptions.pointer();
    try (Arena arena = Arena.ofConfined()) {
      byte[] config = config(threads);
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, config);
      return tf.checked(
          failure,
          status -> {
            setConfig.run(options, bytes, (long) config.length, status);
            return newContext.pointer(options, status);
          });
    } finally {
      deleteOptions.run(options);
    }
  }

  /// A `ConfigProto` in protobuf's wire format, with `intra_op_parallelism_threads` (field 2) and
  /// `inter_op_parallelism_threads` (field 5) = 1: one program runs at a time.
  static byte[] config(int threads) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(2 << 3);
    int rest = threads;
    while (rest >= 0x80) {
      bytes.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.write(rest);
    bytes.write(5 << 3);
    bytes.write(1);
    return bytes.toByteArray();
  }

  /// Sets the number of threads of the process's runtime; throws [IllegalStateException] when it
  /// has started with another number.
  static synchronized void setThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads must be >= 1, got " + count);
    }
    if (instance != null && count != threads) {
      throw new IllegalStateException(
          "xla computes with "
              + threads
              + " threads since the first program of this process was compiled, asked: "
              + count
              + ". Set the threads before, or use another process.");
    }
    threads = count;
  }

  /// The runtime, started at the first call.
  static synchronized EagerContext get() {
    if (instance == null) {
      instance = new EagerContext(TensorFlow.get(), threads);
    }
    return instance;
  }

  TensorFlow tensorFlow() {
    return tf;
  }

  void add(MemorySegment function) {
    tf.checked(
        message -> new IllegalStateException("xla: cannot register a program: " + message),
        status -> {
          addFunction.run(context, function, status);
          return true;
        });
  }

  void remove(String function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(function);
      tf.checked(
          message -> new IllegalStateException("xla: cannot remove a program: " + message),
          status -> {
            removeFunction.run(context, name, status);
            return true;
          });
    }
  }

  /// Runs a function that has `results` results on tensor handles; gives fresh handles.
  List<MemorySegment> run(
      String function,
      List<MemorySegment> inputs,
      int results,
      Function<String, RuntimeException> failure) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(function);
      MemorySegment outputs = arena.allocate(ADDRESS, Math.max(1, results));
      MemorySegment count = arena.allocateFrom(JAVA_INT, results);
      return tf.checked(
          failure,
          status -> {
            MemorySegment op = newOp.pointer(context, name, status);
            inputs.forEach(input -> addInput.run(op, input, status));
            execute.run(op, outputs, count, status);
            deleteOp.run(op);
            List<MemorySegment> handles = new ArrayList<>();
            for (int i = 0; i < results; i++) {
              handles.add(outputs.getAtIndex(ADDRESS, i));
            }
            return handles;
          });
    }
  }
}
