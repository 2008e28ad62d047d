package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.type.DType;

/// Writes the computation of values, each in the outermost block that it can stand in.
final class Values {
  /// Where a value lies in memory since an earlier pass over the row.
  ///
  /// @param stashed whether it is kept as an accumulator is, and not as its dtype
  record Place(String base, Affine address, int bytes, boolean stashed) {}

  private record AddressKey(String base, Affine address, int bytes) {}

  private final Nest nest;
  private final Dialect dialect;
  private final Params params;
  private final Map<Node, Integer> levels = new HashMap<>();
  private final Map<Node, Place> places = new HashMap<>();
  private int names;

  Values(Nest nest, Dialect dialect, Params params) {
    this.nest = nest;
    this.dialect = dialect;
    this.params = params;
  }

  /// From now on `node` is read from memory.
  void keep(Node node, Place place) {
    places.put(node, place);
  }

  void forgetPlaces() {
    places.clear();
  }

  String fresh(String prefix) {
    return prefix + names++;
  }

  /// The innermost loop that `node` changes with.
  int level(Node node) {
    Integer known = levels.get(node);
    if (known != null) {
      return known;
    }
    int level =
        switch (node.form()) {
          case Node.Read read -> nest.level(read.address());
          case Node.Index index -> nest.level(index.value());
          case Node.Splat _ -> Nest.TASK;
          case Node.Folded _ -> 0;
          case Node.Apply _ ->
              node.operands().stream().mapToInt(this::level).max().orElse(Nest.TASK);
        };
    levels.put(node, level);
    return level;
  }

  /// The name of `node` in `scope`; what is missing is written there or further out.
  ///
  /// @param tail whether the innermost block is the partial step
  String use(Node node, Scope scope, boolean tail) {
    if (node.form() instanceof Node.Splat splat) {
      return dialect.splat(node.dtype(), splat);
    }
    // The end of a fold makes its result known by form.
    String known = scope.find(node.form() instanceof Node.Folded folded ? folded : node);
    if (known != null) {
      return known;
    }
    Scope home = scope.at(level(node));
    String name = fresh("v");
    Place place = places.get(node);
    if (place != null && home.level() == nest.innermost()) {
      String address = address(place.base(), place.address(), place.bytes(), home);
      String load =
          place.stashed()
              ? dialect.loadAccumulator(node.dtype(), address, tail)
              : dialect.load(node.dtype(), address, tail);
      declare(home, name, node.dtype(), load);
    } else {
      define(node, name, home, tail);
    }
    home.define(node, name);
    return name;
  }

  private void define(Node node, String name, Scope home, boolean tail) {
    switch (node.form()) {
      case Node.Read read ->
          declare(home, name, node.dtype(), read(read, node.dtype(), home, tail));
      case Node.Index index ->
          declare(home, name, node.dtype(), index(index.value(), node.dtype(), home));
      case Node.Apply _ -> {
        List<String> operands = new ArrayList<>();
        for (Node operand : node.operands()) {
          operands.add(use(operand, home, tail));
        }
        dialect.apply(home.code(), name, node, operands);
      }
      case Node.Folded folded ->
          throw new IllegalStateException("fold " + folded.fold() + " is used before it has ended");
      case Node.Splat _ -> throw new IllegalStateException("a constant has no name");
    }
  }

  private void declare(Scope scope, String name, DType dtype, String expression) {
    scope.code().line(dialect.type(dtype) + " " + name + " = " + expression + ";");
  }

  private String read(Node.Read read, DType dtype, Scope home, boolean tail) {
    String base = params.input(read.input());
    boolean inner = home.level() == nest.innermost();
    long step = inner ? nest.innerStep(read.address()) : 0;
    if (!inner || step == 0) {
      return dialect.broadcast(dtype, address(base, read.address(), dtype.bytes(), home));
    }
    String address = address(base, read.address(), dtype.bytes(), home);
    if (step == 1) {
      return dialect.load(dtype, address, tail);
    }
    return dialect.gather(dtype, address, innerStep(read.address(), dtype.bytes(), home), tail);
  }

  /// The address in bytes of an access at the indices of `scope`.
  String address(String base, Affine access, int bytes, Scope scope) {
    boolean inner = scope.level() == nest.innermost();
    Scope outer = scope.at(outerLevel(access));
    AddressKey key = new AddressKey(base, access, bytes);
    String start = outer.find(key);
    if (start == null) {
      start = fresh("at");
      outer.code().line("final long " + start + " = " + sum(base, access, bytes) + ";");
      outer.define(key, start);
    }
    if (!inner) {
      return start;
    }
    long step = nest.columns().isEmpty() ? 1 : nest.innerStep(access);
    if (step == 0) {
      return start;
    }
    if (step == 1) {
      return bytes == 1 ? start + " + j" : start + " + j * " + bytes;
    }
    return start + " + j * " + innerStep(access, bytes, scope);
  }

  /// The parameter that holds the innermost step of `access` in bytes.
  private String innerStep(Affine access, int bytes, Scope scope) {
    AddressKey key = new AddressKey("step", access, bytes);
    String name = scope.find(key);
    if (name == null) {
      name = params.value(nest.innerStep(access) * bytes);
      scope.at(Nest.TASK).define(key, name);
    }
    return name;
  }

  /// The innermost level but the last that `access` changes with.
  private int outerLevel(Affine access) {
    List<Nest.Group> columns = nest.columns();
    for (int i = columns.size() - 2; i >= 0; i--) {
      if (Nest.step(access, columns.get(i)) != 0) {
        return i + 1;
      }
    }
    boolean rows = nest.rows().stream().anyMatch(group -> Nest.step(access, group) != 0);
    return rows ? 0 : Nest.TASK;
  }

  /// `base` and what the loops but the innermost add.
  private String sum(String base, Affine access, int bytes) {
    StringBuilder text = new StringBuilder(base);
    if (access.offset() != 0) {
      text.append(" + ").append(params.value(access.offset() * bytes));
    }
    for (int i = 0; i < nest.rows().size(); i++) {
      addTerm(text, Nest.step(access, nest.rows().get(i)) * bytes, rowIndex(i));
    }
    for (int i = 0; i < nest.columns().size() - 1; i++) {
      addTerm(text, Nest.step(access, nest.columns().get(i)) * bytes, columnIndex(i));
    }
    return text.toString();
  }

  private void addTerm(StringBuilder text, long step, String index) {
    if (step != 0) {
      text.append(" + ").append(index).append(" * ").append(params.value(step));
    }
  }

  /// The variable that counts row loop `i`.
  static String rowIndex(int i) {
    return "i" + i;
  }

  /// The variable that counts column loop `i`.
  String columnIndex(int i) {
    return i == nest.columns().size() - 1 ? "j" : "j" + i;
  }

  private String index(Affine value, DType dtype, Scope home) {
    boolean inner = home.level() == nest.innermost() && !nest.columns().isEmpty();
    String base = sum("0", value, 1).replaceFirst("^0 \\+ ", "");
    if (!inner || nest.innerStep(value) == 0) {
      return dialect.index(dtype, base, "0");
    }
    String step = params.value(nest.innerStep(value));
    return dialect.index(dtype, base + " + j * " + step, step);
  }
}
