package jaxon.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import jaxon.autodiff.Grad;
import jaxon.graph.Graph;
import jaxon.graph.interpret.CollectiveOpException;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.BlockSpec;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Collectives;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.ShardingException;
import jaxon.sharding.simulate.MeshInterpreter;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

/// Functions of blocks with collectives of their own give what the same functions of whole tensors
/// do, and so do their gradients.
class ShardMapTest {
  private static final AxisGroup RING = new AxisGroup(List.of("ring"), 4);
  private static final Mesh MESH = Mesh.of("data", 2, "ring", 4);
  private static final BlockSpec ROWS = BlockSpec.cut(2, 0, RING);
  private static final BlockSpec COLUMNS = BlockSpec.cut(2, 1, RING);
  private static final BlockSpec WHOLE = BlockSpec.whole(2);

  private static Literal random(long... dims) {
    SplittableRandom random = new SplittableRandom(dims.length + dims[0]);
    return Literal.generate(TensorType.of(DType.F64, dims), _ -> random.nextDouble(-1, 1));
  }

  /// A function of whole tensors and the same in blocks; `x` is `[8, 12]`, `w` is `[12, 4]`.
  private static void assertSame(
      Function<List<Array>, Array> plain, Function<List<Array>, Array> inBlocks) {
    List<Literal> inputs = List.of(random(8, 12), random(12, 4));
    List<Literal> expected = Interpreter.run(graph(inputs, plain), inputs);
    Graph manual = graph(inputs, inBlocks);
    for (String rows : List.of("", "ring", "data+ring")) {
      List<PartitionSpec> specs = List.of(PartitionSpec.of(rows, ""), PartitionSpec.of("", ""));
      List<Literal> found = MeshInterpreter.run(partition(manual, specs), inputs);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i).toDoubles())
            .as("result %d with rows cut along '%s'", i, rows)
            .containsExactly(expected.get(i).toDoubles(), within(1e-12));
      }
    }
  }

  /// The value and the gradients of a weighted sum of it.
  private static Graph graph(List<Literal> inputs, Function<List<Array>, Array> function) {
    return Traced.graph(
        inputs,
        args -> {
          Grad.ValueAndGrad<List<Array>, Array> found =
              Grad.valueAndGrad(
                  args,
                  p -> {
                    Array y = function.apply(p);
                    Array weights = Ops.iota(y.type(), 0).add(Ops.iota(y.type(), 1).sin());
                    return new Grad.Objective<>(y.mul(weights).sum(), y);
                  });
          List<Array> all = new ArrayList<>(List.of(found.aux()));
          all.addAll(found.grad());
          return all;
        });
  }

  private static PartitionedGraph partition(Graph graph, List<PartitionSpec> inputs) {
    List<Optional<PartitionSpec>> outputs =
        Collections.nCopies(graph.outputs().size(), Optional.empty());
    return Partitioner.partition(graph, MESH, inputs, outputs, new LogicalAxisRules(List.of()));
  }

  private static Array map(
      List<BlockSpec> inputs,
      BlockSpec output,
      List<Array> operands,
      Function<List<Array>, Array> body) {
    return Control.shardMap(
            RING, inputs, List.of(output), operands, blocks -> List.of(body.apply(blocks)))
        .getFirst();
  }

  @Test
  void blocksWithoutCollectives() {
    assertSame(
        p -> Ops.dot(p.get(0).sin(), p.get(1)).square(),
        p -> map(List.of(ROWS, WHOLE), ROWS, p, b -> Ops.dot(b.get(0).sin(), b.get(1)).square()));
  }

  @Test
  void sumsOverDevices() {
    assertSame(
        p -> Ops.dot(p.get(0), p.get(1).exp()).sin(),
        p ->
            map(
                List.of(COLUMNS, ROWS),
                WHOLE,
                p,
                b -> Collectives.allReduce(Ops.dot(b.get(0), b.get(1).exp()), RING).sin()));
  }

  @Test
  void sumsThatAreScattered() {
    assertSame(
        p -> Ops.dot(p.get(0), p.get(1)).square(),
        p ->
            map(
                List.of(COLUMNS, ROWS),
                ROWS,
                p,
                b -> Collectives.reduceScatter(Ops.dot(b.get(0), b.get(1)), 0, RING).square()));
  }

  @Test
  void gathered() {
    assertSame(
        p -> Ops.einsum("nd,md->nm", p.get(0), p.get(0).sin()),
        p ->
            map(
                List.of(ROWS, WHOLE),
                ROWS,
                p,
                b ->
                    Ops.einsum(
                        "nd,md->nm", b.get(0), Collectives.allGather(b.get(0).sin(), 0, RING))));
  }

  @Test
  void exchanged() {
    assertSame(
        p -> Ops.dot(p.get(0).square(), p.get(1)),
        p ->
            map(
                List.of(ROWS, ROWS),
                WHOLE,
                p,
                b -> {
                  Array columns = Collectives.allToAll(b.get(0).square(), 1, 0, RING);
                  return Collectives.allReduce(Ops.dot(columns, b.get(1)), RING);
                }));
  }

  @Test
  void aroundTheRing() {
    assertSame(
        p -> {
          Array x = p.get(0).sin();
          Array before = Ops.concatenate(0, List.of(x.slice(0, 6, 8), x.slice(0, 0, 6)));
          return x.mul(before);
        },
        p ->
            map(
                List.of(ROWS, WHOLE),
                ROWS,
                p,
                b -> {
                  Array x = b.get(0).sin();
                  return x.mul(Collectives.shift(x, RING));
                }));
  }

  @Test
  void byPlace() {
    assertSame(
        p -> p.get(0).mul(Ops.iota(p.get(0).type(), 0).div(2).floor()),
        p ->
            map(
                List.of(ROWS, WHOLE),
                ROWS,
                p,
                b -> b.get(0).mul(Collectives.place(RING).astype(DType.F64))));
  }

  @Test
  void otherAxesCutTheRegionAsTheyDoTheRest() {
    List<Literal> inputs = List.of(random(8, 12), random(12, 4));
    Graph graph =
        Traced.graph(
            inputs,
            p ->
                List.of(
                    map(
                        List.of(COLUMNS, ROWS),
                        WHOLE,
                        p,
                        b -> Collectives.allReduce(Ops.dot(b.get(0), b.get(1)), RING))));
    PartitionedGraph program =
        partition(graph, List.of(PartitionSpec.of("data", "ring"), PartitionSpec.of("ring", "")));

    assertThat(program.outputs()).containsExactly(PartitionSpec.of("data", ""));
    assertThat(CollectiveUse.of(program.graph()))
        .singleElement()
        .satisfies(use -> assertThat(use.op()).isInstanceOf(CollectiveOp.AllReduce.class))
        .satisfies(use -> assertThat(use.operand()).isEqualTo(TensorType.of(DType.F64, 4, 4)));
  }

  @Test
  void oneDeviceNeedsNoRegion() {
    AxisGroup one = new AxisGroup(List.of("ring"), 1);
    BlockSpec rows = BlockSpec.cut(2, 0, one);
    Literal x = random(4, 3);
    List<Literal> found =
        Traced.run(
            List.of(x),
            p ->
                Control.shardMap(
                    one, List.of(rows), List.of(rows), p, b -> List.of(sumOverAll(b, one))));

    assertThat(found.getFirst().toDoubles())
        .containsExactly(Interpreter.run(doubled(x), List.of(x)).getFirst().toDoubles());
  }

  private static Array sumOverAll(List<Array> blocks, AxisGroup group) {
    Array place = Collectives.place(group).astype(DType.F64);
    return Collectives.allReduce(blocks.getFirst(), group).mul(2).add(place);
  }

  private static Graph doubled(Literal x) {
    return Traced.graph(List.of(x), p -> List.of(p.getFirst().mul(2)));
  }

  @Test
  void saysWhatDoesNotFit() {
    List<Literal> inputs = List.of(random(8, 12), random(12, 4));
    List<PartitionSpec> whole =
        PartitionSpec.replicated(inputs.stream().map(Literal::type).toList());
    Graph graph =
        Traced.graph(inputs, p -> List.of(map(List.of(ROWS, WHOLE), ROWS, p, b -> b.get(0).sin())));

    assertThatThrownBy(() -> Interpreter.run(graph, inputs))
        .isInstanceOf(CollectiveOpException.class)
        .hasMessageContaining("Run the graph on a mesh");
    assertThatThrownBy(() ->
            Partitioner.partition(
                graph,
                Mesh.of("ring", 2),
                whole,
                List.of(Optional.empty()),
                new LogicalAxisRules(List.of())))
        .isInstanceOf(ShardingException.class)
        .hasMessageContaining("was written for 4 devices along (ring)");
    BlockSpec seven = BlockSpec.cut(2, 0, new AxisGroup(List.of("ring"), 7));
    assertThatThrownBy(() ->
            Traced.graph(inputs, p -> List.of(map(List.of(seven, WHOLE), ROWS, p, List::getFirst))))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("does not divide by the 7 devices");
    AxisGroup others = new AxisGroup(List.of("data"), 2);
    Graph crossing =
        Traced.graph(
            inputs,
            p ->
                List.of(
                    map(
                        List.of(ROWS, WHOLE),
                        ROWS,
                        p,
                        b -> Collectives.allReduce(b.get(0), others))));
    assertThatThrownBy(() -> partition(crossing, whole))
        .isInstanceOf(ShardingException.class)
        .hasMessageContaining("one device along other axes");
    Graph partitioned = partition(graph, whole).graph();
    assertThat(partitioned.inputTypes()).isEqualTo(graph.inputTypes());
    Graph loose = Traced.graph(inputs, p -> List.of(Collectives.allReduce(p.getFirst(), RING)));
    assertThatThrownBy(() -> partition(loose, whole))
        .isInstanceOf(ShardingException.class)
        .hasMessageContaining("partition a graph once");
  }
}
