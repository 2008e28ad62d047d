package jaxon.graph.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TreeTest {
  record Linear(Array kernel, @Nullable Array bias, String activation) {}

  record Block(List<Linear> layers, Optional<Array> scale, int heads) {}

  record Pair<A, B>(A first, B second) {}

  record Named(SequencedMap<String, Array> byName, SortedMap<String, Array> sorted) {}

  record Concrete(ArrayList<Array> arrays) {}

  record Positive(Array value) {
    Positive {
      if (value.rank() > 1) {
        throw new IllegalStateException("rank " + value.rank());
      }
    }
  }

  private static Array leaf(int size) {
    return Array.placeholder(TensorType.of(DType.F32, size));
  }

  private final Array a = leaf(1);
  private final Array b = leaf(2);
  private final Array c = leaf(3);

  private Block block() {
    return new Block(
        List.of(new Linear(a, null, "silu"), new Linear(b, c, "none")), Optional.of(leaf(4)), 8);
  }

  @Test
  void leavesOfRecordsListsAndOptionalsInOrder() {
    assertThat(Tree.paths(block()))
        .containsExactly("layers.0.kernel", "layers.1.kernel", "layers.1.bias", "scale");
    assertThat(Tree.leaves(block()).subList(0, 3)).containsExactly(a, b, c);
    assertThat(Tree.leavesByPath(block())).containsEntry("layers.1.bias", c);
  }

  @Test
  void aLeafIsATreeAndSoIsNothing() {
    assertThat(Tree.paths(a)).containsExactly("");
    assertThat(Tree.rebuild(a, List.of(b))).isSameAs(b);
    assertThat(Tree.leaves("static")).isEmpty();
    assertThat(Tree.leaves(List.of())).isEmpty();
    assertThat(Tree.leaves(Optional.empty())).isEmpty();
  }

  @Test
  void rebuildKeepsStaticsNullsAndEmptyOptionals() {
    Linear rebuilt = Tree.rebuild(new Linear(a, null, "silu"), List.of(c));
    assertThat(rebuilt).isEqualTo(new Linear(c, null, "silu"));
    Block empty = new Block(List.of(), Optional.empty(), 8);
    assertThat(Tree.rebuild(empty, List.of())).isEqualTo(empty);
    List<@Nullable Array> withNull = Collections.singletonList(null);
    assertThat(Tree.leaves(withNull)).isEmpty();
    assertThat(Tree.map(withNull, x -> x)).isEqualTo(withNull);
  }

  @Test
  void rebuildIsTheInverseOfLeaves() {
    Block block = block();
    assertThat(Tree.rebuild(block, Tree.leaves(block))).isEqualTo(block);
  }

  @Test
  void mapsKeepTheirOrder() {
    SequencedMap<String, Array> byName = new LinkedHashMap<>();
    byName.put("z", a);
    byName.put("y", b);
    SortedMap<String, Array> sorted = new TreeMap<>(Comparator.reverseOrder());
    sorted.put("k", a);
    sorted.put("m", c);
    Named named = new Named(byName, sorted);
    assertThat(Tree.paths(named)).containsExactly("byName.z", "byName.y", "sorted.m", "sorted.k");
    Named rebuilt = Tree.rebuild(named, List.of(a, b, c, a));
    assertThat(rebuilt).isEqualTo(named);
    assertThat(rebuilt.sorted().firstKey()).isEqualTo("m");
  }

  @Test
  void genericRecords() {
    Pair<Linear, List<Array>> pair = new Pair<>(new Linear(a, b, "x"), List.of(c));
    assertThat(Tree.paths(pair)).containsExactly("first.kernel", "first.bias", "second.0");
    Pair<Linear, List<Array>> mapped = Tree.map(pair, leaf -> leaf == a ? c : leaf);
    assertThat(mapped.first().kernel()).isSameAs(c);
    assertThat(mapped.second()).containsExactly(c);
  }

  @Test
  void mapOfTwoTreesPairsLeaves() {
    List<Array> seconds = new ArrayList<>();
    Pair<Array, Array> result =
        Tree.map(
            new Pair<>(a, b),
            new Pair<>(b, c),
            (first, second) -> {
              seconds.add(second);
              return first;
            });
    assertThat(result).isEqualTo(new Pair<>(a, b));
    assertThat(seconds).containsExactly(b, c);
    assertThatThrownBy(() -> Tree.map(new Linear(a, null, ""), new Linear(a, b, ""), (x, _) -> x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[kernel] and [kernel, bias]");
  }

  @Test
  void templatesHaveTheTypesOnly() {
    Block template = Tree.template(block());
    assertThat(Tree.paths(template)).isEqualTo(Tree.paths(block()));
    assertThat(template.layers().get(1).kernel()).isNotSameAs(b);
    assertThat(template.layers().get(1).kernel().type()).isEqualTo(b.type());
    assertThat(template.heads()).isEqualTo(8);
  }

  @Test
  void theNumberOfLeavesMustFit() {
    assertThatThrownBy(() -> Tree.rebuild(block(), List.of(a)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tree of 4 leaves was given 1");
    assertThatThrownBy(() -> Tree.rebuild(a, List.of(a, b)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tree of 1 leaves was given 2");
  }

  @Test
  void mapsWithoutOrderMayOnlyBeStatic() {
    Map<String, Array> unordered = new HashMap<>(Map.of("w", a));
    assertThatThrownBy(() -> Tree.leaves(new Pair<>("x", unordered)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the map at 'second' has leaves but no order");
    assertThat(Tree.leaves(new Pair<>(Map.of("rope", 1e4), a))).containsExactly(a);
  }

  @Test
  void equalPathsAreRefused() {
    SequencedMap<String, Object> ambiguous = new LinkedHashMap<>();
    ambiguous.put("x.y", a);
    ambiguous.put("x", new LinkedHashMap<>(Map.of("y", b)));
    assertThatThrownBy(() -> Tree.leaves(ambiguous))
        .hasMessage("two leaves of a tree have the path 'x.y'");
  }

  @Test
  void componentsMustBeDeclaredAsInterfaces() {
    Concrete concrete = new Concrete(new ArrayList<>(List.of(a)));
    assertThatThrownBy(() -> Tree.map(concrete, x -> x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Concrete: declare its collections as List, SequencedMap");
  }

  @Test
  void theErrorOfARecordsConstructorComesThrough() {
    Array matrix = Array.placeholder(TensorType.of(DType.F32, 1, 1));
    assertThatThrownBy(() -> Tree.rebuild(new Positive(a), List.of(matrix)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("rank 2");
  }
}
