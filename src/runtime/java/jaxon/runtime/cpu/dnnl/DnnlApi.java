package jaxon.runtime.cpu.dnnl;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import jaxon.graph.type.DType;

/// The functions of oneDNN's C API that matrix products need; objects of oneDNN are addresses.
///
/// Initialising this class loads the library; [Dnnl] makes sure that it can be loaded. The
/// functions that run products ([#execute], [#setData], [#useOneThread]) allocate nothing.
final class DnnlApi {
  /// Format tag: the library chooses the layout.
  static final int ANY = 1;

  static final int ARG_SRC = 1;
  static final int ARG_WEIGHTS = 33;
  static final int ARG_DST = 17;
  static final int ARG_SCRATCHPAD = 80;
  static final int ARG_POST_OP_SRC_1 = 2;
  private static final int ARG_POST_OP_BASE = 32768;

  static final int QUERY_IMPLEMENTATION = 8;
  static final int QUERY_SRC = 129;
  static final int QUERY_WEIGHTS = 131;
  static final int QUERY_DST = 133;
  static final int QUERY_SCRATCHPAD = 136;

  /// Bytes of a `dnnl_exec_arg_t`: an int, padding, a pointer.
  static final int ARG_BYTES = 16;

  private static final int UNIMPLEMENTED = 3;
  private static final int CPU = 1;
  private static final int USER_SCRATCHPAD = 1;
  private static final int IN_ORDER = 1;

  /// Shapes that oneDNN keeps compiled; our own cache holds on to those in use anyway.
  private static final int CACHED_PRIMITIVES = 4096;

  private static final DnnlLibrary.Loaded LIBRARY = DnnlLibrary.load();

  private static final MethodHandle SET_THREADS =
      quick(LIBRARY.openMp(), "omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
  private static final MethodHandle SET_DATA =
      quick(LIBRARY.dnnl(), "dnnl_memory_set_data_handle", status(JAVA_LONG, JAVA_LONG));
  private static final MethodHandle EXECUTE =
      handle("dnnl_primitive_execute", status(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));

  private static final MethodHandle VERSION =
      handle("dnnl_version", FunctionDescriptor.of(ValueLayout.ADDRESS));
  private static final MethodHandle ISA =
      handle("dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle SET_CACHE =
      handle("dnnl_set_primitive_cache_capacity", status(JAVA_INT));
  private static final MethodHandle ENGINE_CREATE =
      handle("dnnl_engine_create", status(JAVA_LONG, JAVA_INT, JAVA_LONG));
  private static final MethodHandle STREAM_CREATE =
      handle("dnnl_stream_create", status(JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle STREAM_DESTROY =
      handle("dnnl_stream_destroy", status(JAVA_LONG));
  private static final MethodHandle MEMORY_CREATE =
      handle("dnnl_memory_create", status(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MEMORY_DESTROY =
      handle("dnnl_memory_destroy", status(JAVA_LONG));
  private static final MethodHandle MD_STRIDES =
      handle(
          "dnnl_memory_desc_create_with_strides",
          status(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MD_TAG =
      handle(
          "dnnl_memory_desc_create_with_tag",
          status(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
  private static final MethodHandle MD_SIZE =
      handle("dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MD_DESTROY =
      handle("dnnl_memory_desc_destroy", status(JAVA_LONG));
  private static final MethodHandle ATTR_CREATE =
      handle("dnnl_primitive_attr_create", status(JAVA_LONG));
  private static final MethodHandle ATTR_DESTROY =
      handle("dnnl_primitive_attr_destroy", status(JAVA_LONG));
  private static final MethodHandle ATTR_SCRATCHPAD =
      handle("dnnl_primitive_attr_set_scratchpad_mode", status(JAVA_LONG, JAVA_INT));
  private static final MethodHandle ATTR_POST_OPS =
      handle("dnnl_primitive_attr_set_post_ops", status(JAVA_LONG, JAVA_LONG));
  private static final MethodHandle POST_OPS_CREATE =
      handle("dnnl_post_ops_create", status(JAVA_LONG));
  private static final MethodHandle POST_OPS_DESTROY =
      handle("dnnl_post_ops_destroy", status(JAVA_LONG));
  private static final MethodHandle APPEND_SUM =
      handle("dnnl_post_ops_append_sum", status(JAVA_LONG, JAVA_FLOAT, JAVA_INT, JAVA_INT));
  private static final MethodHandle APPEND_ELTWISE =
      handle("dnnl_post_ops_append_eltwise", status(JAVA_LONG, JAVA_INT, JAVA_FLOAT, JAVA_FLOAT));
  private static final MethodHandle APPEND_BINARY =
      handle("dnnl_post_ops_append_binary", status(JAVA_LONG, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MATMUL_CREATE =
      handle(
          "dnnl_matmul_primitive_desc_create",
          status(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle REORDER_CREATE =
      handle(
          "dnnl_reorder_primitive_desc_create",
          status(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle DESC_DESTROY =
      handle("dnnl_primitive_desc_destroy", status(JAVA_LONG));
  private static final MethodHandle DESC_QUERY =
      handle("dnnl_primitive_desc_query", status(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle DESC_QUERY_MD =
      handle(
          "dnnl_primitive_desc_query_md",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));
  private static final MethodHandle PRIMITIVE_CREATE =
      handle("dnnl_primitive_create", status(JAVA_LONG, JAVA_LONG));

  private static final long ENGINE = engine();

  private DnnlApi() {}

  /// From now on oneDNN works on the calling thread alone when that thread calls it.
  static void useOneThread() {
    try {
      SET_THREADS.invokeExact(1);
    } catch (Throwable e) {
      throw failed("omp_set_num_threads", e);
    }
  }

  /// Points a memory object to `address`.
  static void setData(long memory, long address) {
    try {
      check((int) SET_DATA.invokeExact(memory, address), "dnnl_memory_set_data_handle");
    } catch (Throwable e) {
      throw failed("dnnl_memory_set_data_handle", e);
    }
  }

  /// Runs a primitive on the calling thread and returns when it is done.
  static void execute(long primitive, long stream, int count, long args) {
    try {
      check((int) EXECUTE.invokeExact(primitive, stream, count, args), "dnnl_primitive_execute");
    } catch (Throwable e) {
      throw failed("dnnl_primitive_execute", e);
    }
  }

  /// For example `3.11.0, instruction set 0xe7`.
  static String version() {
    try {
      MemorySegment version = readable((MemorySegment) VERSION.invokeExact(), 16);
      return "%d.%d.%d, instruction set 0x%x"
          .formatted(
              version.get(JAVA_INT, 0),
              version.get(JAVA_INT, 4),
              version.get(JAVA_INT, 8),
              (int) ISA.invokeExact());
    } catch (Throwable e) {
      throw failed("dnnl_version", e);
    }
  }

  /// oneDNN's number of an element type.
  static int dataType(DType dtype) {
    return switch (dtype) {
      case F16 -> 1;
      case BF16 -> 2;
      case F32 -> 3;
      case I32 -> 4;
      case I8 -> 5;
      case UI8 -> 6;
      case F64 -> 7;
      case I1, I64, UI32, UI64 ->
          throw new UnsupportedOperationException("oneDNN has no element type " + dtype);
    };
  }

  private static int algorithm(PostOp.Activation function) {
    return switch (function) {
      case RELU -> 0x20;
      case TANH -> 0x21;
      case LOGISTIC -> 0x29;
      case GELU_TANH -> 0x2b;
      case SWISH -> 0x2c;
    };
  }

  private static int algorithm(PostOp.Combination function) {
    return switch (function) {
      case ADD -> 0x1fff0;
      case MULTIPLY -> 0x1fff1;
    };
  }

  /// The number of the argument that post operation `index` reads.
  static int postOpArgument(int index) {
    return (ARG_POST_OP_BASE * (index + 1)) | ARG_POST_OP_SRC_1;
  }

  /// A descriptor of a `rows` x `columns` matrix; to be given to [#destroyDescriptor].
  static long descriptor(long rows, long columns, MatrixLayout layout) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      MemorySegment dims = arena.allocateFrom(JAVA_LONG, rows, columns);
      MemorySegment strides =
          arena.allocateFrom(JAVA_LONG, layout.rowStride(), layout.columnStride());
      check(
          (int)
              MD_STRIDES.invokeExact(
                  out.address(), 2, dims.address(), dataType(layout.dtype()), strides.address()),
          "dnnl_memory_desc_create_with_strides");
      return out.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed("dnnl_memory_desc_create_with_strides", e);
    }
  }

  /// A descriptor of a `rows` x `columns` matrix whose layout the library chooses.
  static long anyDescriptor(long rows, long columns, DType dtype) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      MemorySegment dims = arena.allocateFrom(JAVA_LONG, rows, columns);
      check(
          (int) MD_TAG.invokeExact(out.address(), 2, dims.address(), dataType(dtype), ANY),
          "dnnl_memory_desc_create_with_tag");
      return out.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed("dnnl_memory_desc_create_with_tag", e);
    }
  }

  static void destroyDescriptor(long descriptor) {
    destroy(MD_DESTROY, descriptor, "dnnl_memory_desc_destroy");
  }

  /// Bytes of the memory that a descriptor describes.
  static long size(long descriptor) {
    try {
      return (long) MD_SIZE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw failed("dnnl_memory_desc_get_size", e);
    }
  }

  /// Describes a product of matrices with the given descriptors, and steps on its results.
  ///
  /// @throws UnsupportedOperationException if the library has none for these
  static long matmul(
      long a, long b, long c, boolean accumulate, List<PostOp> steps, long[] operands) {
    long attributes = attributes(accumulate, steps, operands);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      check(
          (int) MATMUL_CREATE.invokeExact(out.address(), ENGINE, a, b, 0L, c, attributes),
          "dnnl_matmul_primitive_desc_create");
      return out.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed("dnnl_matmul_primitive_desc_create", e);
    } finally {
      destroy(ATTR_DESTROY, attributes, "dnnl_primitive_attr_destroy");
    }
  }

  /// Describes a copy of a matrix from one layout to another.
  static long reorder(long from, long to) {
    long attributes = attributes(false, List.of(), new long[0]);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      check(
          (int) REORDER_CREATE.invokeExact(out.address(), from, ENGINE, to, ENGINE, attributes),
          "dnnl_reorder_primitive_desc_create");
      return out.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed("dnnl_reorder_primitive_desc_create", e);
    } finally {
      destroy(ATTR_DESTROY, attributes, "dnnl_primitive_attr_destroy");
    }
  }

  private static long attributes(boolean accumulate, List<PostOp> steps, long[] operands) {
    long ops = create(POST_OPS_CREATE, "dnnl_post_ops_create");
    try {
      if (accumulate) {
        check((int) APPEND_SUM.invokeExact(ops, 1f, 0, 0), "dnnl_post_ops_append_sum");
      }
      int next = 0;
      for (PostOp step : steps) {
        switch (step) {
          case PostOp.Unary unary ->
              check(
                  (int)
                      APPEND_ELTWISE.invokeExact(
                          ops, algorithm(unary.function()), slope(unary), 0f),
                  "dnnl_post_ops_append_eltwise");
          case PostOp.Binary binary ->
              check(
                  (int)
                      APPEND_BINARY.invokeExact(
                          ops, algorithm(binary.function()), operands[next++]),
                  "dnnl_post_ops_append_binary");
        }
      }
      long attributes = create(ATTR_CREATE, "dnnl_primitive_attr_create");
      check((int) ATTR_POST_OPS.invokeExact(attributes, ops), "dnnl_primitive_attr_set_post_ops");
      check(
          (int) ATTR_SCRATCHPAD.invokeExact(attributes, USER_SCRATCHPAD),
          "dnnl_primitive_attr_set_scratchpad_mode");
      return attributes;
    } catch (Throwable e) {
      throw failed("dnnl_primitive_attr_create", e);
    } finally {
      destroy(POST_OPS_DESTROY, ops, "dnnl_post_ops_destroy");
    }
  }

  /// oneDNN's `alpha`: the slope of a ReLU below zero, the factor in a swish.
  private static float slope(PostOp.Unary unary) {
    return unary.function() == PostOp.Activation.SWISH ? 1f : 0f;
  }

  /// A part of a primitive descriptor; owned by it.
  static long query(long primitiveDescriptor, int what) {
    try {
      return (long) DESC_QUERY_MD.invokeExact(primitiveDescriptor, what, 0);
    } catch (Throwable e) {
      throw failed("dnnl_primitive_desc_query_md", e);
    }
  }

  /// The name of the kernel that a primitive descriptor stands for, such as
  /// `brg_matmul:avx512_core`.
  static String implementation(long primitiveDescriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
      check(
          (int) DESC_QUERY.invokeExact(primitiveDescriptor, QUERY_IMPLEMENTATION, 0, out.address()),
          "dnnl_primitive_desc_query");
      return readable(out.get(ValueLayout.ADDRESS, 0), 256).getString(0);
    } catch (Throwable e) {
      throw failed("dnnl_primitive_desc_query", e);
    }
  }

  /// Compiles what a primitive descriptor describes, for one thread.
  static long primitive(long primitiveDescriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      check(
          (int) PRIMITIVE_CREATE.invokeExact(out.address(), primitiveDescriptor),
          "dnnl_primitive_create");
      return out.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed("dnnl_primitive_create", e);
    }
  }

  static void destroyPrimitiveDescriptor(long descriptor) {
    destroy(DESC_DESTROY, descriptor, "dnnl_primitive_desc_destroy");
  }

  /// A memory object for `descriptor` that points nowhere yet.
  static long memory(long descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      check(
          (int) MEMORY_CREATE.invokeExact(out.address(), descriptor, ENGINE, 0L),
          "dnnl_memory_create");
      return out.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed("dnnl_memory_create", e);
    }
  }

  static void destroyMemory(long memory) {
    destroy(MEMORY_DESTROY, memory, "dnnl_memory_destroy");
  }

  /// A stream: what primitives are run on.
  static long stream() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      check((int) STREAM_CREATE.invokeExact(out.address(), ENGINE, IN_ORDER), "dnnl_stream_create");
      return out.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed("dnnl_stream_create", e);
    }
  }

  static void destroyStream(long stream) {
    destroy(STREAM_DESTROY, stream, "dnnl_stream_destroy");
  }

  private static long engine() {
    try (Arena arena = Arena.ofConfined()) {
      check((int) SET_CACHE.invokeExact(CACHED_PRIMITIVES), "dnnl_set_primitive_cache_capacity");
      MemorySegment out = arena.allocate(JAVA_LONG);
      check((int) ENGINE_CREATE.invokeExact(out.address(), CPU, 0L), "dnnl_engine_create");
      return out.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed("dnnl_engine_create", e);
    }
  }

  private static long create(MethodHandle handle, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      check((int) handle.invokeExact(out.address()), name);
      return out.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed(name, e);
    }
  }

  private static void destroy(MethodHandle handle, long object, String name) {
    try {
      check((int) handle.invokeExact(object), name);
    } catch (Throwable e) {
      throw failed(name, e);
    }
  }

  private static void check(int status, String function) {
    if (status == UNIMPLEMENTED) {
      throw new UnsupportedOperationException(function + ": oneDNN has no implementation");
    }
    if (status != 0) {
      throw new IllegalStateException(function + " failed with status " + status);
    }
  }

  private static RuntimeException failed(String function, Throwable e) {
    return switch (e) {
      case RuntimeException known -> known;
      case Error error -> throw error;
      default -> new IllegalStateException(function, e);
    };
  }

  private static FunctionDescriptor status(ValueLayout... parameters) {
    return FunctionDescriptor.of(JAVA_INT, parameters);
  }

  @SuppressWarnings("restricted") // memory of the library that it never frees
  private static MemorySegment readable(MemorySegment pointer, long bytes) {
    return pointer.reinterpret(bytes);
  }

  @SuppressWarnings("restricted") // the fence: this class is the only caller of these functions
  private static MethodHandle handle(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(LIBRARY.dnnl().findOrThrow(name), type);
  }

  /// A handle for a function that returns within nanoseconds: the garbage collector may wait for
  /// it.
  @SuppressWarnings("restricted") // the fence: this class is the only caller of these functions
  private static MethodHandle quick(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow(name), type, Linker.Option.critical(false));
  }
}
