package jaxon.graph.text;

import java.util.Optional;
import jaxon.graph.Graph;
import jaxon.graph.lower.LowerScan;

/// Prints a graph as a StableHLO module that XLA parses and runs.
///
/// The graph is the function `@main`; composites, custom derivatives and rematerialized regions are
/// private functions, equal ones shared. Equal graphs give equal text: arguments are `%arg0…`,
/// other values `%0…` in order.
public final class StableHloPrinter {
  private StableHloPrinter() {}

  /// The module of `graph`.
  public static String print(Graph graph) {
    return new ModuleText(false, Optional.empty()).print(LowerScan.apply(graph));
  }

  /// The module of `graph`, the program of each device of a mesh; devices are partitions.
  public static String print(Graph graph, DeviceGroups devices) {
    return new ModuleText(false, Optional.of(devices)).print(LowerScan.apply(graph));
  }

  /// The module of `graph`, each operation followed by the user's line as `loc("file":line:0)`.
  public static String printWithLocations(Graph graph) {
    return new ModuleText(true, Optional.empty()).print(LowerScan.apply(graph));
  }
}
