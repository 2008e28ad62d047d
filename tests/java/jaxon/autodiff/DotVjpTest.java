package jaxon.autodiff;

import static jaxon.testing.Literals.uniform;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import jaxon.graph.op.ContractOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.testing.GradCheck;
import jaxon.testing.Traced;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class DotVjpTest {
  @Test
  void matrixProductOuterProductInnerProduct() {
    SplittableRandom random = new SplittableRandom(1);
    Literal a = uniform(random, -1, 1, 2, 3);
    Literal b = uniform(random, -1, 1, 3, 4);
    GradCheck.checkTwice(List.of(a, b), args -> List.of(Ops.dot(args.get(0), args.get(1))));
    GradCheck.checkTwice(
        List.of(a, b), args -> List.of(Ops.einsum("ab,cd->dacb", args.get(0), args.get(1))));
    GradCheck.checkTwice(
        List.of(a), args -> List.of(Ops.einsum("ab,ab->", args.get(0), args.get(0))));
  }

  /// Any number of batch, contracting and free dims, each in any order on each side, sizes 1 and
  /// more.
  @RepeatedTest(40)
  void randomDims(RepetitionInfo repetition) {
    SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
    int batch = random.nextInt(3);
    int contract = random.nextInt(3);
    Side lhs = Side.random(random, batch, contract, random.nextInt(3));
    Side rhs = Side.random(random, batch, contract, random.nextInt(3));
    for (int i = 0; i < batch; i++) {
      rhs.sizes[rhs.batch.get(i)] = lhs.sizes[lhs.batch.get(i)];
    }
    for (int i = 0; i < contract; i++) {
      rhs.sizes[rhs.contract.get(i)] = lhs.sizes[lhs.contract.get(i)];
    }
    ContractOp op =
        new ContractOp.DotGeneral(lhs.batch, rhs.batch, lhs.contract, rhs.contract, DType.F64);
    GradCheck.check(
        List.of(uniform(random, -1, 1, lhs.sizes), uniform(random, -1, 1, rhs.sizes)),
        args -> List.of(Traced.emit(op, args.get(0), args.get(1)).square()));
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Side(List<Integer> batch, List<Integer> contract, long[] sizes) {
    static Side random(SplittableRandom random, int batch, int contract, int free) {
      int rank = batch + contract + free;
      List<Integer> dims = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
      Collections.shuffle(dims, random);
      return new Side(
          List.copyOf(dims.subList(0, batch)),
          List.copyOf(dims.subList(batch, batch + contract)),
          IntStream.range(0, rank).mapToLong(_ -> random.nextLong(1, 4)).toArray());
    }
  }

  @Test
  void aWiderResultGivesCotangentsOfTheOperandsType() {
    Literal a = Literal.ofFloats(new float[] {1, 2}, 1, 2);
    Literal b = Literal.ofFloats(new float[] {3, 4}, 2, 1);
    List<Literal> slopes =
        Traced.run(
            List.of(a, b),
            args -> {
              List<Array> params = args.stream().map(x -> x.astype(DType.BF16)).toList();
              return Grad.valueAndGrad(
                      params,
                      p ->
                          new Grad.Objective<>(
                              Ops.einsum("ab,bc->ac", p.get(0), p.get(1), DType.F32).sum(),
                              List.of()))
                  .grad();
            });
    assertThat(slopes.get(0).type().dtype()).isEqualTo(DType.BF16);
    assertThat(slopes.get(0).toDoubles()).containsExactly(3, 4);
    assertThat(slopes.get(1).toDoubles()).containsExactly(1, 2);
  }
}
