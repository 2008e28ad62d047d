package jaxon.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedPermutationTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 97, 1000, 1024, 1025, 65_537, 100_003})
  void isABijection(int size) {
    for (long key = 0; key < 3; key++) {
      KeyedPermutation permutation = new KeyedPermutation(size, key);
      BitSet seen = new BitSet(size);
      for (int i = 0; i < size; i++) {
        long value = permutation.at(i);
        assertThat(value).isBetween(0L, size - 1L);
        seen.set((int) value);
      }
      assertThat(seen.cardinality()).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 31) + 11, 1L << 40, (1L << 62) + 1, Long.MAX_VALUE})
  void stepsWithoutCollisionThroughLargeRanges(long size) {
    KeyedPermutation permutation = new KeyedPermutation(size, 7);
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      assertThat(permutation.at(i)).isBetween(0L, size - 1);
      seen.add(permutation.at(i));
      seen.add(permutation.at(size - 1 - i));
    }
    assertThat(seen).hasSize(4_000);
  }

  @Test
  void dependsOnTheKeyAndMovesElements() {
    KeyedPermutation one = new KeyedPermutation(1000, 1);
    KeyedPermutation two = new KeyedPermutation(1000, 2);
    int same = 0;
    int fixed = 0;
    for (int i = 0; i < 1000; i++) {
      same += one.at(i) == two.at(i) ? 1 : 0;
      fixed += one.at(i) == i ? 1 : 0;
    }
    assertThat(same).isLessThan(20);
    assertThat(fixed).isLessThan(20);
  }

  @Test
  void spreadsEveryElementEvenly() {
    int[] first = new int[5];
    for (int key = 0; key < 5000; key++) {
      first[(int) new KeyedPermutation(5, key).at(0)]++;
    }
    // 1000 each; six standard deviations are 170.
    for (int count : first) {
      assertThat(count).isBetween(830, 1170);
    }
  }

  @Test
  void refusesWhatIsOutside() {
    KeyedPermutation permutation = new KeyedPermutation(5, 0);
    assertThatThrownBy(() -> permutation.at(5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> permutation.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
