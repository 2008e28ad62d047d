package jaxon.graph.tree;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import jaxon.graph.trace.Array;
import org.jspecify.annotations.Nullable;

/// Flattens and rebuilds trees of [Array]s.
///
/// A tree is an [Array] (a leaf), a record (its components in order), a [List], an [Optional], a
/// [SequencedMap] or [SortedMap] with string keys (its values in order), or anything else, which is
/// static: it is kept as it is and has no leaves. Paths join component names, list positions and
/// map keys with dots, for example `layers.3.mlp.gate.kernel`.
public final class Tree {
  private Tree() {}

  /// The leaves in order.
  public static List<Array> leaves(Object tree) {
    return new ArrayList<>(leavesByPath(tree).values());
  }

  /// The paths of the leaves in order; the path of a tree that is itself a leaf is empty.
  public static List<String> paths(Object tree) {
    return new ArrayList<>(leavesByPath(tree).keySet());
  }

  /// The leaves by path, in order.
  public static SequencedMap<String, Array> leavesByPath(Object tree) {
    SequencedMap<String, Array> leaves = new LinkedHashMap<>();
    collect("", tree, leaves);
    return leaves;
  }

  /// A tree like `template` with other leaves; takes as many as the template has.
  public static <T> T rebuild(T template, List<Array> leaves) {
    int expected = leaves(template).size();
    if (leaves.size() != expected) {
      throw new IllegalArgumentException(
          "a tree of " + expected + " leaves was given " + leaves.size());
    }
    Iterator<Array> next = leaves.iterator();
    return map(template, _ -> next.next());
  }

  /// The tree with `function` applied to each leaf, in order.
  @SuppressWarnings("unchecked") // A node is rebuilt as its own class.
  public static <T> T map(T tree, UnaryOperator<Array> function) {
    return (T) Objects.requireNonNull(mapNode(tree, function));
  }

  /// The tree with `function` applied to each pair of leaves of two trees of one structure.
  public static <T> T map(T first, T second, BinaryOperator<Array> function) {
    if (!paths(first).equals(paths(second))) {
      throw new IllegalArgumentException(
          "two trees of one structure are needed, got the leaves "
              + paths(first)
              + " and "
              + paths(second));
    }
    Iterator<Array> others = leaves(second).iterator();
    return map(first, leaf -> function.apply(leaf, others.next()));
  }

  /// The tree with each leaf replaced by a placeholder of its type: a template for a program's
  /// inputs.
  public static <T> T template(T tree) {
    return map(tree, leaf -> Array.placeholder(leaf.type()));
  }

  private static void collect(String path, @Nullable Object node, Map<String, Array> leaves) {
    String prefix = path.isEmpty() ? "" : path + ".";
    switch (node) {
      case null -> {}
      case Array leaf -> {
        if (leaves.putIfAbsent(path, leaf) != null) {
          throw new IllegalArgumentException("two leaves of a tree have the path '" + path + "'");
        }
      }
      case Record r -> {
        for (RecordComponent component : r.getClass().getRecordComponents()) {
          collect(prefix + component.getName(), read(r, component), leaves);
        }
      }
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          collect(prefix + i, list.get(i), leaves);
        }
      }
      case Optional<?> optional -> optional.ifPresent(child -> collect(path, child, leaves));
      case SequencedMap<?, ?> map ->
          map.forEach((key, child) -> collect(prefix + key, child, leaves));
      case Map<?, ?> map -> requireNoLeaves(path, map);
      default -> {}
    }
  }

  /// A map without an order may be static, but its leaves would have no order.
  private static void requireNoLeaves(String path, Map<?, ?> map) {
    for (Object child : map.values()) {
      if (!leaves(child).isEmpty()) {
        throw new IllegalArgumentException(
            "the map at '"
                + path
                + "' has leaves but no order: use a LinkedHashMap or TreeMap, not a "
                + map.getClass().getSimpleName());
      }
    }
  }

  private static @Nullable Object mapNode(@Nullable Object node, UnaryOperator<Array> function) {
    return switch (node) {
      case null -> null;
      case Array leaf -> function.apply(leaf);
      case Record r -> mapRecord(r, function);
      case List<?> list -> list.stream().map(child -> mapNode(child, function)).toList();
      case Optional<?> optional -> optional.map(child -> mapNode(child, function));
      case SortedMap<?, ?> map -> mapSorted(map, function);
      case SequencedMap<?, ?> map -> {
        SequencedMap<Object, @Nullable Object> mapped = new LinkedHashMap<>();
        map.forEach((key, child) -> mapped.put(key, mapNode(child, function)));
        yield Collections.unmodifiableSequencedMap(mapped);
      }
      default -> node;
    };
  }

  private static <K> SortedMap<K, @Nullable Object> mapSorted(
      SortedMap<K, ?> map, UnaryOperator<Array> function) {
    SortedMap<K, @Nullable Object> mapped = new TreeMap<>(map.comparator());
    map.forEach((key, child) -> mapped.put(key, mapNode(child, function)));
    return Collections.unmodifiableSortedMap(mapped);
  }

  private static Object mapRecord(Record node, UnaryOperator<Array> function) {
    RecordComponent[] components = node.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = mapNode(read(node, components[i]), function);
    }
    return construct(node.getClass(), types, values);
  }

  private static @Nullable Object read(Record node, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(node);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component + " of " + node.getClass(), e);
    }
  }

  private static Object construct(
      Class<?> type, Class<?>[] componentTypes, @Nullable Object[] values) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(componentTypes);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "cannot rebuild a "
              + type.getName()
              + ": declare its collections as List, SequencedMap, SortedMap or Optional, not as a"
              + " class",
          e);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("cannot rebuild a " + type.getName(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot rebuild a " + type.getName(), e);
    }
  }
}
