package jaxon.sharding.propagate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jaxon.graph.Var;
import jaxon.sharding.DimSharding;
import jaxon.sharding.TensorSharding;

/// What is known while it spreads. A dim gets axes once and keeps them; a fixed value keeps all.
final class Shardings {
  private final Map<Var, TensorSharding> known = new HashMap<>();
  private final Set<Var> fixed = new HashSet<>();
  private boolean changed;

  Map<Var, TensorSharding> all() {
    return known;
  }

  TensorSharding of(Var var) {
    TensorSharding sharding = known.get(var);
    return sharding == null ? whole(var) : sharding;
  }

  static TensorSharding whole(Var var) {
    return TensorSharding.replicated(var.type().shape());
  }

  /// Gives a value a sharding for good, unless it has one.
  void fix(Var var, TensorSharding sharding) {
    if (fixed.add(var)) {
      known.put(var, sharding);
    }
  }

  /// Cuts the dims of `var` that are whole so far as `offered` says, but for axes already in use.
  void offer(Var var, TensorSharding offered) {
    if (fixed.contains(var) || offered.isReplicated()) {
      return;
    }
    TensorSharding now = of(var);
    for (int dim = 0; dim < now.dims().size(); dim++) {
      if (now.dim(dim).isWhole() && !offered.dim(dim).isWhole()) {
        DimSharding free = without(offered.dim(dim), now.axes());
        if (!free.isWhole()) {
          now = now.with(dim, free);
          changed = true;
        }
      }
    }
    known.put(var, now);
  }

  /// True when something was accepted since the last call.
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /// The longest start of the axes that is not used yet; nothing of a dim of several parts.
  private static DimSharding without(DimSharding offered, List<String> used) {
    if (offered.axes().stream().noneMatch(used::contains)) {
      return offered;
    }
    if (!offered.isBlocks()) {
      return DimSharding.whole(offered.size());
    }
    List<String> kept = new ArrayList<>();
    for (String axis : offered.axes()) {
      if (used.contains(axis)) {
        break;
      }
      kept.add(axis);
    }
    return DimSharding.of(offered.size(), kept);
  }
}
