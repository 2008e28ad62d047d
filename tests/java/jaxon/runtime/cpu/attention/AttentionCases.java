package jaxon.runtime.cpu.attention;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jaxon.graph.type.DType;
import jaxon.layers.DotProductAttention;
import jaxon.runtime.cpu.attention.AttentionRun.Packing;
import jaxon.runtime.cpu.attention.AttentionRun.Places;

/// Forms and sizes of attention that kernels are tested on.
record AttentionCases(DotProductAttention form, DType dtype, boolean hasSinks) {
  private static final DotProductAttention CAUSAL = form(true, 0, 0.3, 0);

  static AttentionCases of(DotProductAttention form, DType dtype) {
    return new AttentionCases(form, dtype, false);
  }

  AttentionCases withSinks() {
    return new AttentionCases(form, dtype, true);
  }

  AttentionRun sized(
      int batch, int queries, int keys, int heads, int groups, int headDim, Packing packing) {
    return new AttentionRun(
        form,
        dtype,
        batch,
        queries,
        keys,
        heads,
        groups,
        headDim,
        packing,
        hasSinks,
        Places.IMPLIED);
  }

  private static DotProductAttention form(boolean causal, int window, double scale, double cap) {
    return new DotProductAttention(causal, window, scale, cap, true, true);
  }

  /// Small ones of every form in both types, and long ones in one of them.
  static Stream<AttentionRun> all() {
    Stream<AttentionRun> small =
        Stream.of(DType.F32, DType.BF16)
            .flatMap(dtype -> Stream.concat(causal(dtype), Stream.concat(free(dtype), odd(dtype))));
    return Stream.of(small, large(), random(24), positioned()).flatMap(cases -> cases);
  }

  /// With positions as operands: parts of a sequence and another order, under every mask.
  private static Stream<AttentionRun> positioned() {
    Stream<AttentionRun> chosen =
        Stream.of(
            of(CAUSAL, DType.F32).sized(2, 131, 401, 2, 1, 7, Packing.DOCUMENTS).at(Places.PART),
            of(CAUSAL, DType.BF16).sized(1, 257, 700, 2, 2, 16, Packing.ONE).at(Places.PART),
            of(form(true, 129, 0.3, 0), DType.F32)
                .withSinks()
                .sized(1, 530, 530, 1, 1, 3, Packing.DOCUMENTS)
                .at(Places.SWAPPED),
            of(form(false, 40, 0.9, 0.7), DType.F32)
                .sized(1, 300, 270, 2, 2, 8, Packing.UNSEEN)
                .at(Places.PART));
    Stream<AttentionRun> others =
        random(16).map(run -> run.at(run.heads() % 2 == 0 ? Places.PART : Places.SWAPPED));
    return Stream.concat(chosen, others);
  }

  /// Random sizes, primes and 1 mostly, under every mask.
  static Stream<AttentionRun> random(int count) {
    SplittableRandom random = new SplittableRandom(29);
    return Stream.generate(() -> random(random)).limit(count);
  }

  private static AttentionRun random(SplittableRandom random) {
    boolean causal = random.nextBoolean();
    int window = pick(random, 0, 0, 1, 5, 67);
    DotProductAttention form =
        form(causal, window, pick(random, 3, -5) / 10.0, pick(random, 0, 0, 7) / 10.0);
    DType dtype = random.nextBoolean() ? DType.F32 : DType.BF16;
    int queries = pick(random, 1, 2, 17, 61, 131, 149);
    int keys = causal ? queries : pick(random, 1, 3, 19, 61, 137);
    int groups = pick(random, 1, 2, 3);
    int heads = groups * pick(random, 1, 2, 3);
    int headDim = pick(random, 1, 2, 5, 13, 31);
    List<Packing> packings = List.of(Packing.ONE, Packing.DOCUMENTS, Packing.UNSEEN);
    Packing packing = packings.get(random.nextInt(packings.size()));
    int batch = pick(random, 1, 2);
    return new AttentionCases(form, dtype, random.nextBoolean())
        .sized(batch, queries, keys, heads, groups, headDim, packing);
  }

  private static int pick(SplittableRandom random, int... values) {
    return values[random.nextInt(values.length)];
  }

  /// For whole programs: random ones, and all that is odd or empty.
  static Stream<AttentionRun> programs() {
    Stream<AttentionRun> parts =
        Stream.concat(random(3), odd(DType.F32).skip(5)).map(run -> run.at(Places.PART));
    return Stream.of(random(8), odd(DType.F32), odd(DType.BF16), parts).flatMap(cases -> cases);
  }

  private static Stream<AttentionRun> large() {
    return Stream.of(
        of(CAUSAL, DType.BF16).sized(1, 641, 641, 1, 1, 3, Packing.ONE),
        of(form(true, 129, 0.3, 0), DType.F32).sized(1, 530, 530, 1, 1, 3, Packing.DOCUMENTS),
        of(form(false, 0, 0.3, 0), DType.F32).sized(1, 5, 600, 2, 2, 8, Packing.DOCUMENTS),
        of(CAUSAL, DType.BF16).sized(1, 139, 139, 3, 1, 64, Packing.DOCUMENTS),
        of(CAUSAL, DType.F32).sized(1, 256, 256, 1, 1, 4, Packing.ONE));
  }

  private static Stream<AttentionRun> causal(DType dtype) {
    return Stream.of(
        of(CAUSAL, dtype).sized(2, 131, 131, 2, 2, 7, Packing.DOCUMENTS),
        of(CAUSAL, dtype).sized(3, 1, 1, 3, 1, 5, Packing.ONE),
        of(CAUSAL, dtype).sized(1, 17, 17, 1, 1, 1, Packing.ONE),
        of(form(true, 1, 0.3, 0), dtype).sized(1, 140, 140, 1, 1, 4, Packing.ONE),
        of(form(true, 50, 0.3, 0), dtype).sized(1, 270, 270, 1, 1, 2, Packing.ONE),
        of(form(true, 9000, 0.3, 0), dtype).sized(1, 130, 130, 1, 1, 4, Packing.ONE));
  }

  /// Not causal, with other lengths of queries and keys.
  private static Stream<AttentionRun> free(DType dtype) {
    return Stream.of(
        of(form(false, 20, 0.3, 0), dtype).sized(1, 150, 150, 1, 1, 4, Packing.ONE),
        of(form(false, 0, 0.3, 0), dtype).sized(1, 260, 60, 2, 1, 4, Packing.ONE),
        of(form(false, 40, 0.3, 0), dtype).sized(1, 300, 40, 1, 1, 8, Packing.ONE),
        of(form(false, 0, 0.3, 0), dtype).sized(1, 40, 30, 2, 1, 8, Packing.UNSEEN));
  }

  /// Caps, odd scales, sinks, and nothing at all.
  private static Stream<AttentionRun> odd(DType dtype) {
    return Stream.of(
        of(form(true, 0, 0.9, 0.7), dtype).sized(1, 130, 130, 1, 1, 8, Packing.ONE),
        of(form(true, 0, -0.5, 0), dtype).sized(1, 130, 130, 1, 1, 8, Packing.ONE),
        of(form(true, 0, 0, 0), dtype).sized(1, 33, 33, 1, 1, 8, Packing.ONE),
        of(CAUSAL, dtype).withSinks().sized(2, 50, 50, 4, 2, 8, Packing.DOCUMENTS),
        of(form(false, 0, 2, 1.5), dtype).withSinks().sized(1, 40, 30, 2, 1, 16, Packing.UNSEEN),
        of(CAUSAL, dtype).sized(0, 5, 5, 1, 1, 8, Packing.ONE),
        of(CAUSAL, dtype).sized(1, 0, 0, 1, 1, 8, Packing.ONE),
        of(form(false, 0, 1, 0), dtype).sized(1, 3, 0, 2, 1, 8, Packing.ONE));
  }
}
