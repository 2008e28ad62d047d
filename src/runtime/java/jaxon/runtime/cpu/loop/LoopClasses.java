package jaxon.runtime.cpu.loop;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import jaxon.runtime.program.Layout;
import org.jspecify.annotations.Nullable;

/// The classes of generated source text: equal texts are one class.
///
/// Each class has a class loader of its own, so that it can be unloaded when no loop uses it.
/// Devices of a process run the same loops: those that share have each class once, and the JIT
/// compiles it once.
final class LoopClasses {
  /// The package of all generated classes, for the JVM's compile commands.
  static final String PACKAGE = "jaxon.generated";

  private static final int LARGEST_METHOD = 8000;

  /// What those that share have made, by directory and name, as long as one of them keeps it.
  private static final Map<String, WeakReference<Entry>> SHARED = new ConcurrentHashMap<>();

  private final @Nullable ClassCache cache;
  private final @Nullable String sharing;
  private final Map<String, Entry> loaded = new ConcurrentHashMap<>();

  /// Code, and whether it has been rehearsed.
  record Entry(GeneratedLoop code, Readiness ready) {}

  /// @param sharing shared with all that have the same text here; null for nobody
  LoopClasses(@Nullable ClassCache cache, @Nullable String sharing) {
    this.cache = cache;
    this.sharing = sharing;
  }

  /// The code of class `name`, compiled and rehearsed at most once.
  ///
  /// @param lowered how one of the loops with this code will run it
  /// @param inputs how its operands lie
  Entry load(String name, String source, Lowered lowered, List<Layout> inputs) {
    Supplier<Entry> maker =
        () -> {
          GeneratedLoop code = instantiate(name, source);
          return new Entry(code, Rehearsal.start(code, lowered, inputs));
        };
    return loaded.computeIfAbsent(
        name, _ -> sharing == null ? maker.get() : shared(sharing + "/" + name, maker));
  }

  private static Entry shared(String key, Supplier<Entry> maker) {
    Entry[] found = new Entry[1];
    SHARED.compute(
        key,
        (_, known) -> {
          Entry kept = known == null ? null : known.get();
          found[0] = kept == null ? maker.get() : kept;
          return kept == null ? new WeakReference<>(found[0]) : known;
        });
    return found[0];
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
