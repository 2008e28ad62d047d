package jaxon.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FreeListTest {
  private final FreeList list = new FreeList();

  @Test
  void growsWhenNothingFits() {
    assertThat(list.take(64)).isEqualTo(0);
    assertThat(list.take(128)).isEqualTo(64);
    assertThat(list.end()).isEqualTo(192);
  }

  @Test
  void takesTheSmallestIntervalThatFits() {
    long large = list.take(256);
    list.take(64);
    long small = list.take(128);
    list.take(64);
    list.give(large, 256);
    list.give(small, 128);
    assertThat(list.take(128)).isEqualTo(small);
    assertThat(list.take(64)).isEqualTo(large);
    assertThat(list.take(192)).isEqualTo(large + 64);
    assertThat(list.end()).isEqualTo(512);
  }

  @Test
  void mergesNeighboursOnBothSides() {
    long a = list.take(64);
    long b = list.take(64);
    long c = list.take(64);
    list.take(64);
    list.give(a, 64);
    list.give(c, 64);
    list.give(b, 64);
    assertThat(list.take(192)).isEqualTo(a);
  }

  @Test
  void extendsTheLastIntervalInsteadOfStartingBehindIt() {
    list.take(64);
    long last = list.take(64);
    list.give(last, 64);
    assertThat(list.take(128)).isEqualTo(last);
    assertThat(list.end()).isEqualTo(192);
  }
}
