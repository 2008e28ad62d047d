package jaxon.sharding;

import java.util.ArrayList;
import java.util.List;
import jaxon.sharding.LogicalAxisRules.Rule;

/// Logical axis rules as a configuration writes them: `embed: fsdp context`, one text for each row.
public final class RuleText {
  private static final String DEFAULT = "default";

  private RuleText() {}

  /// The rules of these rows; the row `default` stands for those of [DefaultRules].
  ///
  /// @throws ShardingException if a row has another form or names an axis that no mesh has
  public static LogicalAxisRules parse(List<String> rows) {
    List<Rule> rules = new ArrayList<>();
    for (String row : rows) {
      if (row.strip().equals(DEFAULT)) {
        rules.addAll(DefaultRules.rules().rules());
      } else {
        rules.add(rule(row));
      }
    }
    return new LogicalAxisRules(rules);
  }

  private static Rule rule(String row) {
    int colon = row.indexOf(':');
    String name = colon < 0 ? "" : row.substring(0, colon).strip();
    if (name.isEmpty() || name.contains(" ")) {
      throw new ShardingException(
          "logical_axis_rules has the row '%s'; expected 'name: axis axis …', or default"
              .formatted(row));
    }
    String axes = row.substring(colon + 1).strip();
    List<String> mesh = axes.isEmpty() ? List.of() : List.of(axes.split("[ ,]+", -1));
    for (String axis : mesh) {
      if (!MeshAxis.ALL.contains(axis)) {
        throw new ShardingException(
            "logical_axis_rules cuts %s along %s; the mesh axes are %s"
                .formatted(name, axis, MeshAxis.ALL));
      }
    }
    return new Rule(name, mesh);
  }
}
