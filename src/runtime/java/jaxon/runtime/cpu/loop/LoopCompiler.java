package jaxon.runtime.cpu.loop;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import jaxon.digest.Sha256;
import jaxon.graph.Graph;
import jaxon.graph.type.Shape;
import jaxon.runtime.program.Layout;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// Turns regions of `jaxon.loop` composites into running code; loops whose code has the same text
/// share one class.
public final class LoopCompiler {
  private static final int HASH_DIGITS = 16;

  /// The width of vectors that suits this machine best, in bits.
  public static final int PREFERRED_BITS =
      Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);

  private final int vectorBits;
  private final int workers;
  private final LoopClasses classes;

  /// @param vectorBits 128, 256 or 512
  /// @param workers threads of the largest pool that will run the loops
  /// @param cacheDirectory where class files are kept for other processes, null for nowhere
  public LoopCompiler(int vectorBits, int workers, @Nullable Path cacheDirectory) {
    this(vectorBits, workers, cacheDirectory, false);
  }

  private LoopCompiler(
      int vectorBits, int workers, @Nullable Path cacheDirectory, boolean isSharing) {
    if (vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
      throw new IllegalArgumentException("vectorBits must be 128, 256 or 512, got " + vectorBits);
    }
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be >= 1, got " + workers);
    }
    this.vectorBits = vectorBits;
    this.workers = workers;
    this.classes =
        new LoopClasses(
            cacheDirectory == null ? null : new ClassCache(cacheDirectory),
            isSharing ? String.valueOf(cacheDirectory) : null);
  }

  /// One that shares its classes with all others made by this method for the same directory.
  public static LoopCompiler sharing(int vectorBits, int workers, @Nullable Path cacheDirectory) {
    return new LoopCompiler(vectorBits, workers, cacheDirectory, true);
  }

  /// Number of distinct classes made so far.
  public int classCount() {
    return classes.count();
  }

  int workers() {
    return workers;
  }

  /// Throws [UnsupportedLoopException] when there is no form for the region.
  Loop compile(Graph region, SortedMap<String, String> attributes, List<Layout> inputs) {
    Shape shape = LoopAttributes.shape(attributes);
    int rowDims = LoopAttributes.rowDims(attributes, shape);
    Lowered lowered = Lowered.of(region, shape, rowDims, inputs, vectorBits);
    String text = lowered.source();
    String name = "Loop_" + Sha256.hex(text).substring(0, HASH_DIGITS);
    String source = text.replace("CLASS", name);
    return new Loop(name, source, lowered, classes.load(name, source, lowered, inputs), workers);
  }
}
