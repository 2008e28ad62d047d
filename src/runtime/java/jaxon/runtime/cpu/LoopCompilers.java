package jaxon.runtime.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jaxon.runtime.cpu.loop.Loop;
import jaxon.runtime.cpu.loop.LoopCompiler;

/// The compilers of an engine's loops, one for each number of threads and cache.
final class LoopCompilers {
  /// What the form of cached classes depends on: that of the generated code, and the JDK.
  private static final String FORM = "loops-1-jdk" + Runtime.version().feature();

  private record Key(int threads, Optional<Path> cache) {}

  private final Map<Key, LoopCompiler> compilers = new ConcurrentHashMap<>();

  /// The loop of `call`, whose source is written to `dump_to` if that is asked for.
  Loop compile(CompositeCall call) {
    Key key = new Key(call.workers().threads(), call.options().cacheDir());
    LoopCompiler compiler = compilers.computeIfAbsent(key, LoopCompilers::compiler);
    Loop loop =
        Loop.compile(
            compiler,
            call.equation().regions().getFirst(),
            call.composite().attributes(),
            call.operands());
    call.options().dumpTo().ifPresent(folder -> dump(loop, folder.resolve(call.program())));
    return loop;
  }

  private static LoopCompiler compiler(Key key) {
    Path cache = key.cache().map(folder -> folder.resolve(FORM)).orElse(null);
    return LoopCompiler.sharing(LoopCompiler.PREFERRED_BITS, key.threads(), cache);
  }

  private static void dump(Loop loop, Path program) {
    Path folder = program.resolve("kernels");
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(loop.name() + ".java"), loop.source());
    } catch (IOException e) {
      throw new UncheckedIOException("dump_to: cannot write to " + folder, e);
    }
  }
}
