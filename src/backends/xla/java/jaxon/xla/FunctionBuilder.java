package jaxon.xla;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.TensorType;

/// Wraps a StableHLO module as a function of the runtime: placeholders, and one operation
/// `XlaCallModule` that takes them all. Builds one function.
final class FunctionBuilder implements AutoCloseable {
  /// Version of `XlaCallModule`'s attributes: 10 came with TensorFlow 2.21.
  private static final long VERSION = 10;

  private static final MemoryLayout OUTPUT =
      MemoryLayout.structLayout(ADDRESS, JAVA_INT, MemoryLayout.paddingLayout(4));

  private final TensorFlow tf;
  private final SymbolLookup library;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment graph;

  FunctionBuilder(TensorFlow tf) {
    this.tf = tf;
    this.library = tf.library();
    this.graph = NativeFunction.of(library, "TF_NewGraph", ADDRESS).pointer();
  }

  /// The function called `name` for `module`, whose `@main` has this type; the caller hands it to
  /// [#delete].
  MemorySegment build(String name, String module, FunctionType type) {
    MemorySegment inputs = placeholders(type.inputs());
    int count = type.outputs().size();
    MemorySegment call = call(module, type, inputs);
    MemorySegment outputs = arena.allocate(OUTPUT, Math.max(1, count));
    for (int i = 0; i < count; i++) {
      outputs.set(ADDRESS, OUTPUT.byteSize() * i, call);
      outputs.set(JAVA_INT, OUTPUT.byteSize() * i + ADDRESS.byteSize(), i);
    }
    MemorySegment function = function(name, type, inputs, outputs);
    mustCompile(function);
    return function;
  }

  /// Releases a function that the runtime has taken a copy of.
  void delete(MemorySegment function) {
    NativeFunction.procedure(library, "TF_DeleteFunction", ADDRESS).run(function);
  }

  private MemorySegment placeholders(List<TensorType> types) {
    MemorySegment inputs = arena.allocate(OUTPUT, Math.max(1, types.size()));
    NativeFunction setType =
        NativeFunction.procedure(library, "TF_SetAttrType", ADDRESS, ADDRESS, JAVA_INT);
    NativeFunction setShape =
        NativeFunction.procedure(library, "TF_SetAttrShape", ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    for (int i = 0; i < types.size(); i++) {
      TensorType type = types.get(i);
      MemorySegment placeholder = operation("Placeholder", "arg" + i);
      setType.run(placeholder, text("dtype"), TensorFlow.code(type.dtype()));
      setShape.run(placeholder, text("shape"), TensorFlow.dims(arena, type), type.shape().rank());
      inputs.set(ADDRESS, OUTPUT.byteSize() * i, finish(placeholder));
    }
    return inputs;
  }

  private MemorySegment call(String module, FunctionType type, MemorySegment inputs) {
    MemorySegment op = operation("XlaCallModule", "call");
    NativeFunction.procedure(library, "TF_AddInputList", ADDRESS, ADDRESS, JAVA_INT)
        .run(op, inputs, type.inputs().size());
    byte[] bytes = module.getBytes(StandardCharsets.UTF_8);
    NativeFunction.procedure(library, "TF_SetAttrString", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG)
        .run(op, text("module"), arena.allocateFrom(JAVA_BYTE, bytes), (long) bytes.length);
    NativeFunction.procedure(library, "TF_SetAttrInt", ADDRESS, ADDRESS, JAVA_LONG)
        .run(op, text("version"), VERSION);
    resultTypes(op, type.outputs());
    String platform = "CPU";
    NativeFunction.procedure(
            library, "TF_SetAttrStringList", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT)
        .run(
            op,
            text("platforms"),
            arena.allocateFrom(ADDRESS, text(platform)),
            arena.allocateFrom(JAVA_LONG, platform.length()),
            1);
    return finish(op);
  }

  private void resultTypes(MemorySegment op, List<TensorType> types) {
    int count = types.size();
    NativeFunction.procedure(library, "TF_SetAttrTypeList", ADDRESS, ADDRESS, ADDRESS, JAVA_INT)
        .run(op, text("Tout"), ints(TensorFlow.codes(types)), count);
    MemorySegment shapes = arena.allocate(ADDRESS, Math.max(1, count));
    for (int i = 0; i < count; i++) {
      shapes.setAtIndex(ADDRESS, i, TensorFlow.dims(arena, types.get(i)));
    }
    int[] ranks = types.stream().mapToInt(type -> type.shape().rank()).toArray();
    NativeFunction.procedure(
            library, "TF_SetAttrShapeList", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT)
        .run(op, text("Sout"), shapes, ints(ranks), count);
  }

  private MemorySegment function(
      String name, FunctionType type, MemorySegment inputs, MemorySegment outputs) {
    NativeFunction toFunction =
        NativeFunction.of(
            library,
            "TF_GraphToFunction",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_BYTE,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS);
    byte keepName = 0;
    int allOperations = -1;
    return tf.checked(
        FunctionBuilder::failure,
        status ->
            toFunction.pointer(
                graph,
                text(name),
                keepName,
                allOperations,
                NULL,
                type.inputs().size(),
                inputs,
                type.outputs().size(),
                outputs,
                NULL,
                NULL,
                NULL,
                status));
  }

  /// Without it the runtime would run the function operation by operation. The value is an
  /// `AttrValue` with `b` (field 5) = true, in protobuf's wire format.
  private void mustCompile(MemorySegment function) {
    NativeFunction setAttribute =
        NativeFunction.procedure(
            library, "TF_FunctionSetAttrValueProto", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    MemorySegment value = arena.allocateFrom(JAVA_BYTE, (byte) (5 << 3), (byte) 1);
    tf.checked(
        FunctionBuilder::failure,
        status -> {
          setAttribute.run(function, text("_XlaMustCompile"), value, value.byteSize(), status);
          return true;
        });
  }

  private MemorySegment operation(String type, String name) {
    return NativeFunction.of(library, "TF_NewOperation", ADDRESS, ADDRESS, ADDRESS, ADDRESS)
        .pointer(graph, text(type), text(name));
  }

  private MemorySegment finish(MemorySegment operation) {
    NativeFunction finish =
        NativeFunction.of(library, "TF_FinishOperation", ADDRESS, ADDRESS, ADDRESS);
    return tf.checked(FunctionBuilder::failure, status -> finish.pointer(operation, status));
  }

  private static IllegalStateException failure(String message) {
    return new IllegalStateException("xla: cannot wrap a program: " + message);
  }

  private MemorySegment text(String text) {
    return arena.allocateFrom(text);
  }

  private MemorySegment ints(int[] values) {
    return arena.allocateFrom(JAVA_INT, values.length == 0 ? new int[1] : values);
  }

  @Override
  public void close() {
    NativeFunction.procedure(library, "TF_DeleteGraph", ADDRESS).run(graph);
    arena.close();
  }
}
