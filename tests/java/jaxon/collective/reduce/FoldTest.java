package jaxon.collective.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jaxon.collective.Reduction;
import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FoldTest {
  private static final int COUNT = 37;

  /// Two contributions of each type and reduction, an odd number of elements, off the alignment.
  @ParameterizedTest
  @CsvSource({
    "I1, SUM, 1, 1, 1",
    "I1, PRODUCT, 1, 0, 0",
    "I8, SUM, 100, 100, -56",
    "I8, MAX, -3, 2, 2",
    "UI8, MAX, -3, 2, -3",
    "I32, PRODUCT, 65536, 65536, 0",
    "UI32, MIN, -1, 5, 5",
    "I64, MIN, -7, 9, -7",
    "UI64, MAX, -1, 5, -1"
  })
  void integers(DType dtype, Reduction reduction, long a, long b, long expected) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = filled(arena, dtype, a);
      MemorySegment result =
          folded(arena, Fold.of(reduction, dtype), dtype, x, filled(arena, dtype, b));
      assertThat(result.mismatch(filled(arena, dtype, expected))).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource(Reduction.class)
  void floats(Reduction reduction) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(4L * COUNT);
      MemorySegment b = arena.allocate(4L * COUNT);
      for (int i = 0; i < COUNT; i++) {
        a.setAtIndex(ValueLayout.JAVA_FLOAT, i, i - 11.3f);
        b.setAtIndex(ValueLayout.JAVA_FLOAT, i, 7.7f - i / 3f);
      }
      MemorySegment result = folded(arena, Fold.of(reduction, DType.F32), DType.F32, a, b);
      for (int i = 0; i < COUNT; i++) {
        float x = i - 11.3f;
        float y = 7.7f - i / 3f;
        float expected =
            switch (reduction) {
              case SUM -> x + y;
              case MAX -> Math.max(x, y);
              case MIN -> Math.min(x, y);
              case PRODUCT -> x * y;
            };
        assertThat(result.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i)).isEqualTo(expected);
      }
    }
  }

  @Test
  void maximumKeepsNan() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(8L * COUNT);
      MemorySegment b = arena.allocate(8L * COUNT);
      a.setAtIndex(ValueLayout.JAVA_DOUBLE, 3, Double.NaN);
      MemorySegment result = folded(arena, Fold.of(Reduction.MAX, DType.F64), DType.F64, a, b);
      assertThat(result.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, 3)).isNaN();
      assertThat(result.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, 4)).isZero();
    }
  }

  /// 256 + 1 rounds to 256 in bfloat16, so that rounding after each step would lose both ones.
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BF16", "F16"})
  void narrowFloatsRoundOnce(DType dtype) {
    float large = dtype == DType.BF16 ? 256 : 2048;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = narrow(arena, dtype, large);
      MemorySegment one = narrow(arena, dtype, 1);
      Fold fold = Fold.of(Reduction.SUM, dtype);
      MemorySegment result = folded(arena, fold, dtype, a, one, one);
      assertThat(result.mismatch(narrow(arena, dtype, large + 2))).isEqualTo(-1);
    }
  }

  @Test
  void bf16RoundsAsTheScalarDoes() {
    try (Arena arena = Arena.ofConfined()) {
      int count = 70_001;
      MemorySegment accumulator = arena.allocate(4L * count);
      MemorySegment result = arena.allocate(2L * count);
      for (int i = 0; i < count; i++) {
        accumulator.setAtIndex(ValueLayout.JAVA_INT, i, i * 61_357 * 7);
      }
      Fold.of(Reduction.SUM, DType.BF16).finish(accumulator.address(), result.address(), count);
      for (int i = 0; i < count; i++) {
        float x = accumulator.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        assertThat(result.getAtIndex(ValueLayout.JAVA_SHORT, i)).isEqualTo(Bf16.fromFloat(x));
      }
    }
  }

  /// The three places may be apart, or the result may take that of either operand.
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64", "I32", "UI64", "I8"})
  void plainSumsGoWhereTheyAreWanted(DType dtype) {
    Fold fold = Fold.of(Reduction.SUM, dtype);
    assertThat(fold.isPlain()).isTrue();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = filled(arena, dtype, 0x3FF0_0000_3F80_1234L);
      MemorySegment b = filled(arena, dtype, 0x4010_0000_4120_4321L);
      MemorySegment expected = filled(arena, dtype, 0x3FF0_0000_3F80_1234L);
      fold.add(b.address(), expected.address(), COUNT);
      MemorySegment apart = arena.allocate(a.byteSize());
      fold.add(a.address(), b.address(), apart.address(), COUNT);
      assertThat(apart.mismatch(expected)).isEqualTo(-1);
      assertThat(a.mismatch(filled(arena, dtype, 0x3FF0_0000_3F80_1234L))).isEqualTo(-1);
      fold.add(a.address(), b.address(), b.address(), COUNT);
      assertThat(b.mismatch(expected)).isEqualTo(-1);
    }
  }

  private static MemorySegment folded(
      Arena arena, Fold fold, DType dtype, MemorySegment... contributions) {
    MemorySegment accumulator = arena.allocate(8L * COUNT);
    MemorySegment result = arena.allocate((long) dtype.bytes() * COUNT + 1).asSlice(1);
    for (int r = 0; r < contributions.length; r++) {
      if (r == 0) {
        fold.first(contributions[r].address(), accumulator.address(), COUNT);
      } else {
        fold.add(contributions[r].address(), accumulator.address(), COUNT);
      }
    }
    fold.finish(accumulator.address(), result.address(), COUNT);
    return result;
  }

  private static MemorySegment narrow(Arena arena, DType dtype, float value) {
    short bits = dtype == DType.BF16 ? Bf16.fromFloat(value) : Float.floatToFloat16(value);
    MemorySegment memory = arena.allocate(2L * COUNT);
    for (int i = 0; i < COUNT; i++) {
      memory.setAtIndex(ValueLayout.JAVA_SHORT, i, bits);
    }
    return memory;
  }

  private static MemorySegment filled(Arena arena, DType dtype, long value) {
    MemorySegment memory = arena.allocate((long) dtype.bytes() * COUNT);
    for (int i = 0; i < COUNT; i++) {
      for (int b = 0; b < dtype.bytes(); b++) {
        memory.set(ValueLayout.JAVA_BYTE, (long) i * dtype.bytes() + b, (byte) (value >> (8 * b)));
      }
    }
    return memory;
  }
}
