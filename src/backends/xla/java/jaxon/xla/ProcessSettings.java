package jaxon.xla;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.Map;
import java.util.stream.Collectors;

/// What the native library reads from the process when it is loaded, set before that.
///
/// A variable that the user has set stays, also an empty one: `XLA_FLAGS=` chooses XLA's own
/// defaults.
final class ProcessSettings {
  /// By default XLA's maximum and minimum drop NaN, and it keeps float32 where a program rounds to
  /// bfloat16; with these flags it computes what the program says.
  static final String XLA_FLAGS =
      "--xla_cpu_enable_fast_min_max=false --xla_allow_excess_precision=false";

  /// Fatal messages only: errors come back as statuses.
  private static final String QUIET = "3";

  // Parameter numbers of mallopt in glibc's malloc.h.
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_MMAP_MAX = -4;
  private static final int M_ARENA_MAX = -8;

  private ProcessSettings() {}

  static void apply(Map<String, String> environment) {
    SymbolLookup libc = Linker.nativeLinker().defaultLookup();
    NativeFunction setenv = NativeFunction.of(libc, "setenv", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      variables(environment)
          .forEach(
              (name, value) -> setenv.run(arena.allocateFrom(name), arena.allocateFrom(value), 1));
    }
    keepFreedMemory(libc);
  }

  /// The variables to set, given those that are set.
  static Map<String, String> variables(Map<String, String> environment) {
    Map<String, String> wanted = Map.of("XLA_FLAGS", XLA_FLAGS, "TF_CPP_MIN_LOG_LEVEL", QUIET);
    return wanted.entrySet().stream()
        .filter(variable -> !environment.containsKey(variable.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// Results and temporaries come from malloc in every step; returned to the system, their pages
  /// would be faulted in again in the next one, which costs up to half of a step.
  private static void keepFreedMemory(SymbolLookup libc) {
    if (libc.find("mallopt").isEmpty()) {
      return; // Another C library than glibc.
    }
    NativeFunction mallopt = NativeFunction.of(libc, "mallopt", JAVA_INT, JAVA_INT, JAVA_INT);
    mallopt.run(M_MMAP_MAX, 0);
    mallopt.run(M_TRIM_THRESHOLD, Integer.MAX_VALUE);
    mallopt.run(M_ARENA_MAX, 1);
  }
}
