package jaxon.runtime.cpu.dnnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.lower.BatchedProduct;
import jaxon.runtime.lower.MatrixOperand;
import jaxon.runtime.program.Slot;
import jaxon.runtime.program.View;
import org.junit.jupiter.api.Test;

class DotPlanTest {
  private static final DType F32 = DType.F32;

  private static DotGeneral dot(
      List<Integer> leftBatch, List<Integer> rightBatch, List<Integer> left, List<Integer> right) {
    return new DotGeneral(leftBatch, rightBatch, left, right, F32);
  }

  private static MatrixOperand operand(Shape shape, List<Integer> batch, List<Integer> contract) {
    View view = View.dense(new Slot(shape.elements() * F32.bytes()), new TensorType(F32, shape));
    List<Integer> free =
        IntStream.range(0, shape.rank())
            .filter(dim -> !batch.contains(dim) && !contract.contains(dim))
            .boxed()
            .toList();
    return MatrixOperand.inPlace(view, batch, free, contract).orElseThrow();
  }

  /// Runs `op` on dense operands by the plan and compares with the interpreter.
  private static void check(DotGeneral op, Shape lhs, Shape rhs) {
    SplittableRandom random = new SplittableRandom(11);
    Literal left = smallWhole(new TensorType(F32, lhs), random);
    Literal right = smallWhole(new TensorType(F32, rhs), random);
    Literal expected = Interpreter.apply(op, List.of(), List.of(left, right)).getFirst();
    Shape batch = Shape.of(op.lhsBatch().stream().map(lhs::dim).toList());
    BatchedProduct product =
        new BatchedProduct(
            batch,
            operand(lhs, op.lhsBatch(), op.lhsContract()),
            operand(rhs, op.rhsBatch(), op.rhsContract()));
    MatmulSpec spec = DotPlan.spec(product, F32);
    try (Arena arena = Arena.ofConfined();
        WorkerPool pool = new WorkerPool(2);
        Matmul matmul = Matmul.prepare(Dnnl.get(), spec, 2)) {
      MemorySegment c = arena.allocate(expected.type().shape().elements() * F32.bytes() + 4, 64);
      matmul.run(memory(arena, left), memory(arena, right), c.address(), pool);
      for (int i = 0; i < expected.type().shape().elements(); i++) {
        assertThat(RawMemory.get(F32, c.address() + 4L * i))
            .as("element %d of %s", i, op)
            .isCloseTo(expected.get(i), within(1e-3));
      }
    }
  }

  private static Literal smallWhole(TensorType type, SplittableRandom random) {
    float[] values = new float[(int) type.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(-8, 9);
    }
    return Literal.wrap(type, values);
  }

  private static long memory(Arena arena, Literal literal) {
    MemorySegment memory = arena.allocate(literal.type().shape().elements() * 4 + 4, 64);
    for (int i = 0; i < literal.type().shape().elements(); i++) {
      RawMemory.set(F32, memory.address() + 4L * i, literal.get(i));
    }
    return memory.address();
  }

  @Test
  void transpositions() {
    List<Integer> none = List.of();
    check(dot(none, none, List.of(1), List.of(0)), Shape.of(5, 7), Shape.of(7, 3));
    check(dot(none, none, List.of(0), List.of(0)), Shape.of(7, 5), Shape.of(7, 3));
    check(dot(none, none, List.of(1), List.of(1)), Shape.of(5, 7), Shape.of(3, 7));
    check(dot(none, none, List.of(0), List.of(1)), Shape.of(7, 5), Shape.of(3, 7));
  }

  @Test
  void vectorsAndScalars() {
    List<Integer> none = List.of();
    check(dot(none, none, List.of(0), List.of(0)), Shape.of(7), Shape.of(7));
    check(dot(none, none, none, none), Shape.of(4), Shape.of(6));
    check(dot(none, none, List.of(1), List.of(0)), Shape.of(5, 7), Shape.of(7));
    check(dot(none, none, List.of(0), List.of(0)), Shape.of(7), Shape.of(7, 3));
  }

  @Test
  void severalContractingAndFreeDims() {
    List<Integer> none = List.of();
    check(dot(none, none, List.of(2, 3), List.of(0, 1)), Shape.of(2, 3, 4, 5), Shape.of(4, 5, 6));
    check(dot(none, none, List.of(0, 1), List.of(0, 1)), Shape.of(2, 3, 4), Shape.of(2, 3, 5));
  }

  @Test
  void headsOfAttention() {
    // "bthd,bshd->bhts" and "bhts,bshd->bhtd"
    List<Integer> heads = List.of(0, 2);
    check(dot(heads, heads, List.of(3), List.of(3)), Shape.of(2, 5, 3, 4), Shape.of(2, 6, 3, 4));
    check(
        dot(List.of(0, 1), heads, List.of(3), List.of(1)),
        Shape.of(2, 3, 5, 6),
        Shape.of(2, 6, 3, 4));
  }
}
