package jaxon.runtime.cpu.loop;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A block of generated code: its text so far and the names it defines.
///
/// What does not change in an inner block is written to the outer one, before the inner block's
/// text is appended.
final class Scope {
  private final @Nullable Scope parent;
  private final int level;
  private final Code code = new Code();
  private final Map<Object, String> names = new HashMap<>();

  Scope(@Nullable Scope parent, int level) {
    this.parent = parent;
    this.level = level;
  }

  Code code() {
    return code;
  }

  int level() {
    return level;
  }

  /// The innermost enclosing block, this one included, that runs at most as often as `wanted`.
  Scope at(int wanted) {
    Scope scope = this;
    while (scope.level > wanted && scope.parent != null) {
      scope = scope.parent;
    }
    return scope;
  }

  /// The name of `key` here or in an enclosing block.
  @Nullable String find(Object key) {
    String name = names.get(key);
    return name != null || parent == null ? name : parent.find(key);
  }

  void define(Object key, String name) {
    names.put(key, name);
  }
}
