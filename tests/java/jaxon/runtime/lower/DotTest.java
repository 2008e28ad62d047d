package jaxon.runtime.lower;

import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class DotTest {
  private static final List<String> SPECS =
      List.of(
          "ij,jk->ik",
          "ji,jk->ik",
          "ij,kj->ik",
          "ji,kj->ik",
          "bij,bjk->bik",
          "bji,bkj->bik",
          "ibj,jbk->bik",
          "bthd,bshd->bhts",
          "bhts,bshd->bhtd",
          "btd,dhk->bthk",
          "bthk,hkd->btd",
          "btd,bthk->dhk",
          "bti,btj->ij",
          "ij,ij->",
          "i,j->ij",
          "ij,j->i",
          "i,ij->j",
          "ji,j->i",
          "i,i->",
          "abc,cab->b",
          "iab,bja->ij",
          "bi,bi->b");

  private final SplittableRandom random = new SplittableRandom(5);
  private final OpCheck check = new OpCheck();

  private static long size(char letter) {
    return 2L + Math.floorMod(letter * 7, 6);
  }

  private Literal operand(DType dtype, String letters) {
    long[] dims = letters.chars().mapToLong(c -> size((char) c)).toArray();
    TensorType type = TensorType.of(dtype, dims);
    return dtype.isFloat()
        ? Literal.generate(type, _ -> random.nextDouble(-1, 1))
        : Literal.generateLongs(type, _ -> random.nextLong(0, 2));
  }

  @Test
  void everyLayout() {
    for (String spec : SPECS) {
      String[] parts = spec.split(",|->", -1);
      for (DType dtype : List.of(DType.F32, DType.F64, DType.BF16, DType.F16, DType.I32)) {
        List<Literal> inputs = List.of(operand(dtype, parts[0]), operand(dtype, parts[1]));
        check.check(spec + " " + dtype, inputs, a -> List.of(Ops.einsum(spec, a.get(0), a.get(1))));
      }
    }
    check.verify();
  }

  @Test
  void resultsInAWiderType() {
    List<Literal> inputs = List.of(operand(DType.BF16, "ij"), operand(DType.BF16, "jk"));
    check.check(
        "bf16 to f32",
        inputs,
        a -> List.of(Ops.einsum("ij,jk->ik", a.get(0), a.get(1), DType.F32)));
    check.verify();
  }

  @Test
  void viewsAsOperands() {
    List<Literal> inputs = List.of(operand(DType.F32, "abc"), operand(DType.F32, "abc"));
    check.check(
        "views",
        inputs,
        a -> {
          Array x = a.get(0);
          Array y = a.get(1);
          Array repeated = y.slice(1, 0, 1).broadcastInDim(y.shape(), 0, 1, 2);
          return List.of(
              Ops.einsum("abc,adc->abd", x.slice(2, 1, 3), y.slice(2, 0, 2)),
              Ops.einsum("abc,abd->acd", x.reverse(1), y),
              Ops.einsum("abc,abd->acd", x, repeated),
              Ops.einsum("abc,dbc->ad", x, repeated),
              Ops.einsum(
                  "xy,zy->xz",
                  x.transpose(1, 0, 2).reshape(size('b'), size('a') * size('c')),
                  y.transpose(1, 0, 2).reshape(size('b'), size('a') * size('c'))));
        });
    check.verify();
  }

  private void product(DType dtype, long m, long n, long k) {
    List<Literal> inputs =
        List.of(
            Literal.generate(TensorType.of(dtype, 2, m, k), _ -> random.nextDouble(-1, 1)),
            Literal.generate(TensorType.of(dtype, 2, k, n), _ -> random.nextDouble(-1, 1)));
    check.check(
        dtype + " " + m + " x " + n + " x " + k,
        inputs,
        a ->
            List.of(
                Ops.einsum("bij,bjk->bik", a.get(0), a.get(1)),
                Ops.einsum("bij,bjk->bki", a.get(0), a.get(1)),
                Ops.einsum("bij,bjk->ik", a.get(0), a.get(1)),
                Ops.einsum(
                    "jbi,kbj->bik", a.get(0).transpose(2, 0, 1), a.get(1).transpose(2, 0, 1))));
  }

  @Test
  void dimsOfSizeOneAndZero() {
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      for (long m : new long[] {0, 1, 3}) {
        for (long n : new long[] {0, 1, 3}) {
          for (long k : new long[] {0, 1, 3}) {
            product(dtype, m, n, k);
          }
        }
      }
    }
    check.verify();
  }

  @Test
  void primeDims() {
    long[] primes = {2, 7, 13, 31, 61, 127};
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      for (int i = 0; i < 12; i++) {
        long m = primes[random.nextInt(primes.length)];
        long n = primes[random.nextInt(primes.length)];
        product(dtype, m, n, primes[random.nextInt(primes.length)]);
      }
    }
    check.verify();
  }
}
