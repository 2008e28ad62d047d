package jaxon.graph.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.Graph;

/// One module under construction: `@main` and the private functions it calls.
final class ModuleText {
  private final boolean locations;
  private final Optional<DeviceGroups> devices;
  private final Map<String, String> nameByText = new HashMap<>();
  private final Set<String> taken = new HashSet<>(Set.of("main"));
  private final StringBuilder functions = new StringBuilder();

  /// @param devices the mesh that collectives run on, if it is known
  ModuleText(boolean locations, Optional<DeviceGroups> devices) {
    this.locations = locations;
    this.devices = devices;
  }

  Optional<DeviceGroups> devices() {
    return devices;
  }

  String print(Graph graph) {
    String main = FunctionText.of(this, locations, graph);
    return "module "
        + Spelling.symbol(graph.name().isEmpty() ? "graph" : graph.name())
        + " {\n  func.func public @main"
        + main
        + functions
        + "}\n";
  }

  /// The symbol of a private function for `graph`, called `wanted` or that with a number.
  String function(String wanted, Graph graph) {
    String text = FunctionText.of(this, locations, graph);
    return nameByText.computeIfAbsent(wanted + "\n" + text, _ -> define(wanted, text));
  }

  private String define(String wanted, String text) {
    String name = wanted;
    for (int i = 0; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    String symbol = Spelling.symbol(name);
    functions.append("  func.func private ").append(symbol).append(text);
    return symbol;
  }
}
