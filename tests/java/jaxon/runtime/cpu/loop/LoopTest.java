package jaxon.runtime.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Layout;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoopTest {
  private static Literal random(TensorType type, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Literal.generate(type, _ -> random.nextDouble(-2, 2));
  }

  private static TensorType f32(long... dims) {
    return TensorType.of(DType.F32, dims);
  }

  private static Graph softmaxAndSums(long rows, long columns) {
    return Tracer.traceClosed(
        "loop",
        List.of(f32(rows, columns)),
        a -> {
          Array x = a.getFirst();
          Array e = x.sub(x.maxOver(-1).expandDims(-1)).exp();
          Array y = e.div(e.sum(-1).expandDims(-1));
          return List.of(y, y.sum(0), y.square().sum());
        });
  }

  private static Graph scaled(long... dims) {
    return Tracer.traceClosed(
        "loop", List.of(f32(dims), f32()), a -> List.of(a.get(0).mul(a.get(1)).add(1)));
  }

  private static Loop compile(LoopCompiler compiler, Graph region, Shape shape, int rowDims) {
    return Loop.compile(
        compiler, region, LoopRun.attributes(shape, rowDims), LoopRun.dense(region));
  }

  @Test
  void resultsOfManyTasksDoNotDependOnThreads() {
    Graph region = softmaxAndSums(300, 333);
    LoopCompiler compiler = new LoopCompiler(256, 5, null);
    Loop loop = compile(compiler, region, Shape.of(300, 333), 1);
    List<Literal> inputs = List.of(random(f32(300, 333), 1));
    List<List<Literal>> results = new ArrayList<>();
    for (int threads : new int[] {1, 2, 3, 5}) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        results.add(LoopRun.run(loop, region, LoopRun.dense(region), inputs, pool));
      }
    }
    assertThat(LoopRun.difference(region, inputs, results.getFirst(), 2e-6)).isEmpty();
    assertThat(results.stream().distinct()).hasSize(1);
  }

  @Test
  void elementwiseResultsDoNotDependOnVectors() {
    Graph region =
        Tracer.traceClosed(
            "loop",
            List.of(f32(1000)),
            a -> List.of(a.getFirst().exp(), a.getFirst().tanh(), a.getFirst().logistic()));
    List<Literal> inputs = List.of(random(f32(1000), 2));
    List<List<Literal>> results = new ArrayList<>();
    try (WorkerPool pool = new WorkerPool(1)) {
      for (int bits : new int[] {128, 256, 512}) {
        Loop loop = compile(new LoopCompiler(bits, 1, null), region, Shape.of(1000), 0);
        results.add(LoopRun.run(loop, region, LoopRun.dense(region), inputs, pool));
      }
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).isEqualTo(results.get(0));
  }

  /// Or results would depend on the number of threads by way of the JIT: who runs more rounds runs
  /// more of them compiled.
  @ParameterizedTest
  @EnumSource(
      value = UnaryOp.class,
      names = {"IS_FINITE", "NOT"},
      mode = EnumSource.Mode.EXCLUDE)
  void compilingALoopChangesNoBit(UnaryOp op) {
    assertCompilingChangesNoBit(a -> Traced.emit(op, a));
  }

  @Test
  void compilingALoopOfPowersChangesNoBit() {
    assertCompilingChangesNoBit(a -> a.pow(0.7));
  }

  private static void assertCompilingChangesNoBit(UnaryOperator<Array> function) {
    int size = 4096;
    Graph region =
        Tracer.traceClosed("loop", List.of(f32(size)), a -> List.of(function.apply(a.getFirst())));
    Loop loop = compile(new LoopCompiler(512, 1, null), region, Shape.of(size), 0);
    assertThat(loop.source()).contains("LANES");
    try (WorkerPool pool = new WorkerPool(1);
        Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate(4L * size, 64);
      MemorySegment y = arena.allocate(4L * size, 64);
      for (int i = 0; i < size; i++) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, i, 0.001f + i * 0.0037f);
      }
      long scratch = arena.allocate(loop.scratchBytes(), 64).address();
      byte[] first = {};
      for (int round = 0; round < 1000; round++) {
        loop.run(new long[] {x.address()}, new long[] {y.address()}, scratch, pool);
        if (round == 0) {
          first = y.toArray(ValueLayout.JAVA_BYTE);
        }
      }
      assertThat(y.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(first);
    }
  }

  @Test
  void loopsOfOtherSizesShareTheirClass() {
    LoopCompiler compiler = new LoopCompiler(128, 1, null);
    Loop first = compile(compiler, scaled(100), Shape.of(100), 0);
    Loop second = compile(compiler, scaled(7, 2111), Shape.of(7, 2111), 1);
    assertThat(second.name()).isEqualTo(first.name());
    assertThat(second.source()).isEqualTo(first.source());
    assertThat(compiler.classCount()).isEqualTo(1);
  }

  @Test
  void compilersShareClassesOnlyWhereTheyAreToldTo() {
    Loop first = compile(LoopCompiler.sharing(128, 1, null), scaled(100), Shape.of(100), 0);
    Loop second = compile(LoopCompiler.sharing(128, 2, null), scaled(90), Shape.of(90), 0);
    Loop alone = compile(new LoopCompiler(128, 1, null), scaled(100), Shape.of(100), 0);
    assertThat(second.sharesCodeWith(first)).isTrue();
    assertThat(alone.sharesCodeWith(first)).isFalse();
    assertThat(alone.source()).isEqualTo(first.source());
  }

  @Test
  void sourceIsWhatWasCompiled() {
    Loop loop = compile(new LoopCompiler(128, 1, null), scaled(100), Shape.of(100), 0);
    assertThat(loop.source())
        .contains("public final class " + loop.name())
        .contains("SPECIES_128")
        .doesNotContain("#");
    assertThat(loop.bytes()).isEqualTo(804);
    assertThat(loop.flops()).isEqualTo(200);
  }

  @Test
  void classesComeFromTheCache(@TempDir Path directory) throws IOException {
    Loop loop = compile(new LoopCompiler(128, 1, directory), scaled(100), Shape.of(100), 0);
    Path file = onlyFile(directory);
    byte[] stored = Files.readAllBytes(file);
    // An entry that is used is not written again.
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    Loop again = compile(new LoopCompiler(128, 1, directory), scaled(50), Shape.of(50), 0);
    assertThat(again.name()).isEqualTo(loop.name());
    assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1);
    assertThat(Files.readAllBytes(file)).isEqualTo(stored);
  }

  @Test
  void damagedCacheEntryIsMadeAnew(@TempDir Path directory) throws IOException {
    compile(new LoopCompiler(128, 1, directory), scaled(100), Shape.of(100), 0);
    Path file = onlyFile(directory);
    byte[] stored = Files.readAllBytes(file);
    byte[] damaged = stored.clone();
    damaged[damaged.length / 2] ^= 1;
    for (byte[] content : List.of(damaged, new byte[3], new byte[0])) {
      Files.write(file, content);
      compile(new LoopCompiler(128, 1, directory), scaled(100), Shape.of(100), 0);
      assertThat(Files.readAllBytes(file)).isEqualTo(stored);
    }
  }

  private static Path onlyFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  @Test
  void outputMayTakeThePlaceOfAnInput() {
    Graph region = scaled(1000);
    Loop loop = compile(new LoopCompiler(256, 1, null), region, Shape.of(1000), 0);
    assertThat(loop.mayShare(0, 0)).isTrue();
    assertThat(loop.mayShare(0, 1)).isFalse();
    try (WorkerPool pool = new WorkerPool(1);
        Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, new float[1000]);
      MemorySegment two = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 2);
      long scratch = arena.allocate(loop.scratchBytes(), 64).address();
      for (int i = 0; i < 3; i++) {
        loop.run(new long[] {x.address(), two.address()}, new long[] {x.address()}, scratch, pool);
      }
      assertThat(x.toArray(ValueLayout.JAVA_FLOAT)).containsOnly(7);
    }
  }

  @Test
  void valueReadInALaterPassMayNotBeOverwritten() {
    Graph region =
        Tracer.traceClosed(
            "loop",
            List.of(f32(4, 5)),
            a -> {
              Array x = a.getFirst();
              return List.of(x.mul(2), x.sub(x.sum(-1).expandDims(-1)));
            });
    Loop loop = compile(new LoopCompiler(256, 1, null), region, Shape.of(4, 5), 1);
    assertThat(loop.mayShare(0, 0)).isFalse();
    assertThat(loop.mayShare(1, 0)).isTrue();
  }

  @Test
  void stridedInputs() {
    Graph region =
        Tracer.traceClosed(
            "loop",
            List.of(f32(6, 37), f32(6, 37), TensorType.of(DType.BF16, 6, 37), f32(6, 37)),
            a ->
                List.of(
                    a.get(0).add(a.get(1)).mul(a.get(2).astype(DType.F32)).sub(a.get(3)),
                    a.get(0).sum(-1)));
    List<Layout> layouts =
        List.of(
            new Layout(DType.F32, Shape.of(6, 37), List.of(1L, 6L)),
            new Layout(DType.F32, Shape.of(6, 37), List.of(40L, -1L)),
            new Layout(DType.BF16, Shape.of(6, 37), List.of(80L, 2L)),
            new Layout(DType.F32, Shape.of(6, 37), List.of(-37L, 1L)));
    List<Literal> inputs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      inputs.add(random(region.inputTypes().get(i), i));
    }
    for (int bits : new int[] {128, 256, 512}) {
      LoopRun.check(bits, region, Shape.of(6, 37), 1, layouts, inputs, 2e-6);
    }
  }

  @Test
  void repeatedInputs() {
    Graph region =
        Tracer.traceClosed(
            "loop", List.of(f32(6, 37), f32(6, 37)), a -> List.of(a.get(0).add(a.get(1))));
    List<Layout> layouts =
        List.of(
            new Layout(DType.F32, Shape.of(6, 37), List.of(1L, 0L)),
            new Layout(DType.F32, Shape.of(6, 37), List.of(0L, 1L)));
    List<Literal> inputs =
        List.of(
            Literal.generate(f32(6, 37), i -> Math.floor(i / 37.0)),
            Literal.generate(f32(6, 37), i -> i % 37 * 0.5));
    LoopRun.check(512, region, Shape.of(6, 37), 1, layouts, inputs, 0);
  }

  @Test
  void moreThreadsThanCompiledForAreRefused() {
    Loop loop = compile(new LoopCompiler(128, 1, null), scaled(100), Shape.of(100), 0);
    try (WorkerPool pool = new WorkerPool(2)) {
      assertThatThrownBy(() -> loop.run(new long[2], new long[1], 0, pool))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("compiled for 1 threads was run by 2");
    }
  }

  @Test
  void attributesAreChecked() {
    LoopCompiler compiler = new LoopCompiler(128, 1, null);
    Graph region = scaled(100);
    assertThatThrownBy(() -> Loop.compile(compiler, region, new TreeMap<>(), LoopRun.dense(region)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'shape'");
    assertThatThrownBy(() -> compile(compiler, region, Shape.of(100), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be <= 1, got 2");
    assertThatThrownBy(() -> new LoopCompiler(64, 1, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 64");
  }

  @Test
  void foldInsideTheLoopThatIsNoRowIsRefused() {
    Graph region =
        Tracer.traceClosed(
            "loop",
            List.of(f32(4, 6, 5)),
            a -> {
              Array x = a.getFirst();
              return List.of(x.sub(x.sum(1).expandDims(1)));
            });
    assertThatThrownBy(() -> compile(new LoopCompiler(128, 1, null), region, Shape.of(4, 6, 5), 1))
        .isInstanceOf(UnsupportedLoopException.class)
        .hasMessageContaining("reduce");
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 60})
  void loopTooLargeForTheJitIsRefused(int ops) {
    Graph region =
        Tracer.traceClosed(
            "loop",
            List.of(f32(100)),
            a -> {
              Array x = a.getFirst();
              for (int i = 0; i < ops; i++) {
                x = x.tanh().add(x);
              }
              return List.of(x);
            });
    assertThatThrownBy(() -> compile(new LoopCompiler(128, 1, null), region, Shape.of(100), 0))
        .isInstanceOf(UnsupportedLoopException.class)
        .hasMessageContaining("too large for the JIT");
  }
}
