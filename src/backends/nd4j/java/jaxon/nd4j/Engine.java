package jaxon.nd4j;

import jaxon.runtime.host.WorkerPool;
import org.jspecify.annotations.Nullable;
import org.nd4j.nativeblas.NativeOps;

/// What all programs of the process share: ND4J's kernels, OpenBLAS and the threads of host
/// kernels.
final class Engine {
  /// Not a static initializer: when the library cannot be loaded, its message must reach the
  /// caller.
  private static @Nullable Engine shared;

  private final Nd4jOps nd4j;
  private WorkerPool workers = new WorkerPool(defaultThreads());
  private final Ones ones = new Ones();

  private Engine(NativeOps ops) {
    this.nd4j = new Nd4jOps(ops);
  }

  /// The engine; loads the native library at the first call.
  static synchronized Engine get() {
    Engine engine = shared;
    if (engine == null) {
      engine = new Engine(Natives.load());
      shared = engine;
    }
    return engine;
  }

  /// `OMP_NUM_THREADS`, which ND4J and OpenBLAS obey too, or one thread per processor.
  private static int defaultThreads() {
    String asked = System.getenv("OMP_NUM_THREADS");
    return asked != null && asked.matches("[1-9][0-9]{0,3}")
        ? Integer.parseInt(asked)
        : Runtime.getRuntime().availableProcessors();
  }

  Nd4jOps nd4j() {
    return nd4j;
  }

  synchronized WorkerPool workers() {
    return workers;
  }

  Ones ones() {
    return ones;
  }

  /// Sets the threads of every kernel from now on, at least 1; Java loops of programs that are
  /// linked already keep theirs.
  synchronized void setThreads(int threads) {
    workers = new WorkerPool(threads);
    nd4j.setThreads(threads);
    OpenBlas.setThreads(threads);
  }
}
