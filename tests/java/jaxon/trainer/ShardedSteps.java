package jaxon.trainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jaxon.config.Configuration;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.models.Models;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Pipelining;
import jaxon.sharding.partition.PartitionedGraph;
import jaxon.sharding.partition.Partitioner;
import jaxon.sharding.simulate.MeshInterpreter;

/// A training step on one device and on meshes.
final class ShardedSteps {
  private static final LogicalAxes BATCH =
      LogicalAxes.of("activation_embed_and_logits_batch", "activation_norm_length");

  private final LogicalAxisRules rules = DefaultRules.rules();
  private final TrainPrograms programs;
  private final List<LogicalAxes> stateAxes;
  private final int rows;
  private final int length;

  /// Traced for one device.
  ShardedSteps(Path place, String... overrides) {
    this(Mesh.of("data", 1), place, overrides);
  }

  /// Traced for a mesh.
  ShardedSteps(Mesh mesh, Path place, String... overrides) {
    Configuration config = TinyRun.config(place, overrides);
    programs = TrainPrograms.trace(config, new RunMesh(mesh, rules));
    List<LogicalAxes> params = Models.init(config).axes();
    stateAxes = new ArrayList<>();
    List<TensorType> state = programs.init().graph().outputTypes();
    for (int i = 0; i < state.size(); i++) {
      // Parameters, then trees of moments like them, then the step.
      boolean scalar = state.get(i).shape().rank() == 0;
      stateAxes.add(scalar ? LogicalAxes.of() : params.get(i % params.size()));
    }
    rows = config.sequencesPerUpdate();
    length = config.data().maxTargetLength();
  }

  TrainPrograms programs() {
    return programs;
  }

  List<Literal> initialState() {
    Literal key = Literal.wrap(TensorType.of(DType.UI32, 2), new int[] {0, 42});
    return Interpreter.run(programs.init().graph(), List.of(key));
  }

  /// Tokens of two documents in each row, the last ones not counted.
  List<Literal> batch(int step) {
    int n = rows * length;
    int[] inputs = IntStream.range(0, n).map(i -> (7 * i + 3 * step + i * i % 11) % 13).toArray();
    int[] targets = IntStream.range(0, n).map(i -> (5 * i + step + 1) % 13).toArray();
    int half = length / 2;
    int[] positions = IntStream.range(0, n).map(i -> i % length % half).toArray();
    int[] segments = IntStream.range(0, n).map(i -> 1 + i % length / half).toArray();
    int[] counted =
        IntStream.range(0, n)
            .map(i -> i % length == length - 1 && i / length % 2 == 0 ? 0 : 1 + i % length / half)
            .toArray();
    return List.of(leaf(inputs), leaf(positions), leaf(segments), leaf(targets), leaf(counted));
  }

  private Literal leaf(int[] values) {
    return Literal.ofInts(programs.order().apply(values, length), rows, length);
  }

  /// The step for a mesh: state in, batch in, state out in the same cut, metrics on all devices.
  PartitionedGraph partition(Mesh mesh) {
    return partition(mesh, Pipelining.DEFAULT);
  }

  /// The step for a mesh with stages.
  PartitionedGraph partition(Mesh mesh, Pipelining pipelining) {
    List<PartitionSpec> state = new ArrayList<>();
    List<TensorType> types = programs.step().graph().inputTypes();
    for (int i = 0; i < stateAxes.size(); i++) {
      state.add(rules.assign(stateAxes.get(i), types.get(i).shape(), mesh).spec());
    }
    List<PartitionSpec> inputs = new ArrayList<>(state);
    for (TensorType leaf : types.subList(state.size(), types.size())) {
      inputs.add(rules.assign(BATCH, leaf.shape(), mesh).spec());
    }
    List<Optional<PartitionSpec>> outputs =
        new ArrayList<>(state.stream().map(Optional::of).toList());
    outputs.add(Optional.of(PartitionSpec.replicated(1)));
    return Partitioner.partition(programs.step().graph(), mesh, inputs, outputs, rules, pipelining);
  }

  /// The results of each step, on one device.
  List<List<Literal>> runAlone(int steps) {
    List<List<Literal>> results = new ArrayList<>();
    List<Literal> state = initialState();
    for (int step = 0; step < steps; step++) {
      results.add(Interpreter.run(programs.step().graph(), with(state, batch(step))));
      state = results.getLast().subList(0, state.size());
    }
    return results;
  }

  /// The results of each step, on all devices of a mesh.
  List<List<Literal>> run(PartitionedGraph program, int steps) {
    List<List<Literal>> results = new ArrayList<>();
    List<Literal> state = initialState();
    for (int step = 0; step < steps; step++) {
      results.add(MeshInterpreter.run(program, with(state, batch(step))));
      state = results.getLast().subList(0, state.size());
    }
    return results;
  }

  private static List<Literal> with(List<Literal> state, List<Literal> batch) {
    List<Literal> all = new ArrayList<>(state);
    all.addAll(batch);
    return all;
  }
}
