package jaxon.runtime.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import jaxon.testing.Traced;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TrainingStepTest {
  private static final int STEPS = 10;

  private final SplittableRandom random = new SplittableRandom(23);

  private Literal floats(double scale, long... dims) {
    return Literal.generate(TensorType.of(DType.F32, dims), _ -> random.nextDouble(-scale, scale));
  }

  private static Literal zeros(long... dims) {
    return Literal.splat(TensorType.of(DType.F32, dims), 0);
  }

  /// One step of gradient descent with momentum on a two-layer network, its gradients by hand.
  private static List<Array> step(List<Array> a) {
    Array w1 = a.get(0);
    Array b1 = a.get(1);
    Array w2 = a.get(2);
    Array x = a.get(6);
    Array target = a.get(7);
    Array hidden = Ops.dot(x, w1).add(b1.broadcastTo(Shape.of(16, 11))).tanh();
    Array error = Ops.dot(hidden, w2).sub(target);
    Array loss = error.square().mean();
    Array dy = error.mul(2.0 / 16 / 3);
    Array dw2 = Ops.einsum("bi,bo->io", hidden, dy);
    Array dz = Ops.einsum("bo,io->bi", dy, w2).mul(hidden.square().neg().add(1.0));
    Array dw1 = Ops.einsum("bi,bo->io", x, dz);
    List<Array> gradients = List.of(dw1, dz.sum(0), dw2);
    List<Array> weights = new ArrayList<>();
    List<Array> velocities = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Array velocity = a.get(3 + i).mul(0.9).add(gradients.get(i));
      velocities.add(velocity);
      weights.add(a.get(i).sub(velocity.mul(0.05)));
    }
    List<Array> results = new ArrayList<>(weights);
    results.addAll(velocities);
    results.add(loss);
    return results;
  }

  @ParameterizedTest
  @FieldSource("jaxon.runtime.lower.EngineRun#ENGINES")
  void lossFollowsTheInterpreter(String engine) {
    List<Literal> inputs = new ArrayList<>();
    inputs.addAll(List.of(floats(0.5, 7, 11), floats(0.1, 11), floats(0.5, 11, 3)));
    inputs.addAll(List.of(zeros(7, 11), zeros(11), zeros(11, 3)));
    inputs.addAll(List.of(floats(1, 16, 7), floats(1, 16, 3)));
    Graph graph = Traced.graph(inputs, TrainingStepTest::step);
    List<Double> expected = new ArrayList<>();
    List<Literal> state = new ArrayList<>(inputs);
    for (int i = 0; i < STEPS; i++) {
      List<Literal> results = Interpreter.run(graph, state);
      expected.add(results.getLast().get(0));
      state = new ArrayList<>(results.subList(0, 6));
      state.addAll(inputs.subList(6, 8));
    }
    assertThat(expected.getLast()).as("the network learns").isLessThan(expected.getFirst());
    List<Double> found = train(engine, graph, inputs);
    for (int i = 0; i < STEPS; i++) {
      assertThat(found.get(i))
          .as("loss of step " + i)
          .isCloseTo(expected.get(i), Offset.offset(1e-5));
    }
    assertThat(train(engine, graph, inputs)).as("losses of a second run").isEqualTo(found);
  }

  private static List<Double> train(String engine, Graph graph, List<Literal> inputs) {
    List<Double> losses = new ArrayList<>();
    try (HostBackend backend = EngineRun.open(engine);
        Executable executable = backend.compile(graph, CompileOptions.DEFAULT.donateFirst(6))) {
      List<Buffer> buffers = new ArrayList<>();
      inputs.forEach(input -> buffers.add(backend.put(input, backend.devices().getFirst())));
      for (int i = 0; i < STEPS; i++) {
        List<Buffer> results = executable.execute(buffers);
        losses.add(results.getLast().toLiteral().get(0));
        results.getLast().close();
        for (int j = 0; j < 6; j++) {
          buffers.set(j, results.get(j));
        }
        assertThat(backend.liveBuffers()).as("live buffers").isEqualTo(8);
      }
      buffers.forEach(Buffer::close);
      assertThat(backend.liveBuffers()).isZero();
    }
    return losses;
  }
}
