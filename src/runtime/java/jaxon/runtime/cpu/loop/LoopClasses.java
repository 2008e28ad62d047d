package jaxon.runtime.cpu.loop;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jaxon.runtime.program.Layout;
import org.jspecify.annotations.Nullable;

/// The classes of generated source text: equal texts are one class.
///
/// Each class has a class loader of its own, so that it can be unloaded when no loop uses it.
final class LoopClasses {
  /// The package of all generated classes, for the JVM's compile commands.
  static final String PACKAGE = "jaxon.generated";

  private static final int LARGEST_METHOD = 8000;

  private final @Nullable ClassCache cache;
  private final Map<String, Entry> loaded = new ConcurrentHashMap<>();

  /// Code, and whether it has been rehearsed.
  record Entry(GeneratedLoop code, Readiness ready) {}

  LoopClasses(@Nullable ClassCache cache) {
    this.cache = cache;
  }

  /// The code of class `name`, compiled and rehearsed at most once.
  ///
  /// @param lowered how one of the loops with this code will run it
  /// @param inputs how its operands lie
  Entry load(String name, String source, Lowered lowered, List<Layout> inputs) {
    return loaded.computeIfAbsent(
        name,
        _ -> {
          GeneratedLoop code = instantiate(name, source);
          return new Entry(code, Rehearsal.start(code, lowered, inputs));
        });
  }

  /// Number of classes made so far.
  int count() {
    return loaded.size();
  }

  private GeneratedLoop instantiate(String name, String source) {
    byte[] stored = cache == null ? null : cache.find(name);
    if (stored != null) {
      try {
        return define(name, stored);
      } catch (ReflectiveOperationException | LinkageError _) {
        // The entry is damaged: it is made anew below.
      }
    }
    byte[] compiled = SourceCompiler.compile(PACKAGE + "." + name, source);
    requireJitSize(name, compiled);
    if (cache != null) {
      cache.put(name, compiled);
    }
    try {
      return define(name, compiled);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("generated class " + name + " cannot be loaded", e);
    }
  }

  /// The JVM leaves methods of more than 8000 bytes to its interpreter (`DontCompileHugeMethods`).
  private static void requireJitSize(String name, byte[] compiled) {
    for (MethodModel method : ClassFile.of().parse(compiled).methods()) {
      int length = method.findAttribute(Attributes.code()).map(c -> c.codeLength()).orElse(0);
      if (length > LARGEST_METHOD) {
        throw new UnsupportedLoopException(
            name + " would have a method of " + length + " bytes: too large for the JIT");
      }
    }
  }

  private static GeneratedLoop define(String name, byte[] bytes)
      throws ReflectiveOperationException {
    Class<?> type = new Loader().define(PACKAGE + "." + name, bytes);
    return (GeneratedLoop) type.getConstructor().newInstance();
  }

  private static final class Loader extends ClassLoader {
    Loader() {
      super(LoopClasses.class.getClassLoader());
    }

    Class<?> define(String name, byte[] bytes) {
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
