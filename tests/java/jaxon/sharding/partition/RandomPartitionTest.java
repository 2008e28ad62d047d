package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.simulate.MeshInterpreter;
import jaxon.testing.GraphListing;
import jaxon.testing.RandomGraphs;
import jaxon.testing.RandomLiterals;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random graphs over the whole op set, with random cuts of inputs and results.
class RandomPartitionTest {
  private static final LogicalAxisRules NO_RULES = new LogicalAxisRules(List.of());
  private static final Mesh MESH = new Mesh(List.of("two", "deux", "three"), List.of(2, 1, 3));

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 200, 300})
  void givesWhatOneDeviceGives(int first) {
    for (int seed = first; seed < first + 100; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      SplittableRandom random = new SplittableRandom(seed);
      List<PartitionSpec> inputs = new ArrayList<>();
      graph.inputs().forEach(input -> inputs.add(spec(input, random)));
      List<Optional<PartitionSpec>> outputs = new ArrayList<>();
      for (Var output : graph.outputs()) {
        outputs.add(random.nextBoolean() ? Optional.of(spec(output, random)) : Optional.empty());
      }
      PartitionedGraph program = Partitioner.partition(graph, MESH, inputs, outputs, NO_RULES);
      compare(graph, program, RandomLiterals.of(graph.inputTypes(), seed), seed);
    }
  }

  /// A random cut of the dims that can be cut.
  private static PartitionSpec spec(Var var, SplittableRandom random) {
    Shape shape = var.type().shape();
    List<List<String>> dims = new ArrayList<>();
    List<String> left = new ArrayList<>(List.of("two", "three"));
    for (int dim = 0; dim < shape.rank(); dim++) {
      List<String> axes = new ArrayList<>();
      for (String axis : List.copyOf(left)) {
        long size = MESH.size(axes) * (long) MESH.size(axis);
        if (random.nextInt(3) > 0 && shape.dim(dim) % size == 0) {
          axes.add(axis);
          left.remove(axis);
        }
      }
      dims.add(axes);
    }
    return new PartitionSpec(dims);
  }

  private static void compare(
      Graph graph, PartitionedGraph program, List<Literal> inputs, int seed) {
    List<Literal> expected = Interpreter.run(graph, inputs);
    List<Literal> found = MeshInterpreter.run(program, inputs);
    for (int i = 0; i < expected.size(); i++) {
      for (long at = 0; at < expected.get(i).type().shape().elements(); at++) {
        double a = expected.get(i).get(at);
        double b = found.get(i).get(at);
        boolean same = Double.compare(a + 0.0, b + 0.0) == 0;
        if (!same && !(Math.abs(a - b) <= 2e-2 * Math.max(1, Math.abs(a)))) {
          throw new AssertionError(
              "seed %d, output %d, element %d: %s became %s; inputs %s%n%s%nbecame%n%s"
                  .formatted(
                      seed,
                      i,
                      at,
                      a,
                      b,
                      program.inputs(),
                      GraphListing.of(graph),
                      GraphListing.of(program.graph())));
        }
      }
    }
  }
}
