package jaxon.xla;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/// A C function. The caller gives boxed arguments of exactly the declared layouts' types.
final class NativeFunction {
  private final String name;
  private final MethodHandle handle;

  private NativeFunction(String name, MethodHandle handle, int parameters) {
    this.name = name;
    this.handle =
        handle
            .asSpreader(Object[].class, parameters)
            .asType(MethodType.methodType(Object.class, Object[].class));
  }

  /// The function without a result.
  static NativeFunction procedure(SymbolLookup library, String name, MemoryLayout... parameters) {
    return link(library, name, FunctionDescriptor.ofVoid(parameters));
  }

  /// The function with a result of this layout.
  static NativeFunction of(
      SymbolLookup library, String name, MemoryLayout result, MemoryLayout... parameters) {
    return link(library, name, FunctionDescriptor.of(result, parameters));
  }

  @SuppressWarnings("restricted") // The descriptors are those of the C header.
  private static NativeFunction link(
      SymbolLookup library, String name, FunctionDescriptor descriptor) {
    MemorySegment symbol =
        library
            .find(name)
            .orElseThrow(() ->
                new IllegalStateException(
                    "the native library has no function " + name + ": it is of another version"));
    MethodHandle handle = Linker.nativeLinker().downcallHandle(symbol, descriptor);
    return new NativeFunction(name, handle, descriptor.argumentLayouts().size());
  }

  void run(Object... arguments) {
    invoke(arguments);
  }

  MemorySegment pointer(Object... arguments) {
    return (MemorySegment) result(arguments);
  }

  int integer(Object... arguments) {
    return (int) result(arguments);
  }

  private Object result(Object[] arguments) {
    Object result = invoke(arguments);
    if (result == null) {
      throw new IllegalStateException(name + " has no result");
    }
    return result;
  }

  private @Nullable Object invoke(Object[] arguments) {
    try {
      return handle.invokeExact(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling " + name, e);
    }
  }
}
