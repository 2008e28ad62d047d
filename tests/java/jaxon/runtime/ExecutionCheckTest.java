package jaxon.runtime;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class ExecutionCheckTest {
  private static final TensorType X = TensorType.of(DType.F32, 2);
  private static final TensorType Y = TensorType.of(DType.I32, 3);
  private static final Device DEVICE = new Device("fake", 0);

  private record Fake(TensorType type, Device device, boolean isClosed, int id) implements Buffer {
    @Override
    public Literal toLiteral() {
      throw new UnsupportedOperationException("not needed");
    }

    @Override
    public void close() {}
  }

  private static Buffer open(TensorType type, int id) {
    return new Fake(type, DEVICE, false, id);
  }

  private static void check(SortedSet<Integer> donated, Buffer... inputs) {
    ExecutionCheck.inputs(List.of(X, X, Y), DEVICE, donated, List.of(inputs));
  }

  private static void check(Buffer... inputs) {
    check(new TreeSet<>(), inputs);
  }

  @Test
  void acceptsWhatTheProgramTakes() {
    Buffer shared = open(X, 0);
    assertThatCode(() -> check(shared, shared, open(Y, 1))).doesNotThrowAnyException();
  }

  @Test
  void saysHowManyInputsWereAsked() {
    assertThatThrownBy(() -> check(open(X, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the program takes 3 inputs, got 1");
  }

  @Test
  void saysWhichTypeWasAsked() {
    assertThatThrownBy(() -> check(open(X, 0), open(Y, 1), open(Y, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input 1 must have type f32[2], got i32[3]");
  }

  @Test
  void saysWhichInputIsClosed() {
    Buffer closed = new Fake(Y, DEVICE, true, 2);
    assertThatThrownBy(() -> check(open(X, 0), open(X, 1), closed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input 2 of type i32[3] is closed");
  }

  @Test
  void saysWhichInputIsElsewhere() {
    Buffer elsewhere = new Fake(X, new Device("fake", 1), false, 0);
    assertThatThrownBy(() -> check(elsewhere, open(X, 1), open(Y, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input 0 must be on device fake:0, is on fake:1");
  }

  @Test
  void refusesADonatedBufferGivenTwice() {
    Buffer shared = open(X, 0);
    for (int donated = 0; donated < 2; donated++) {
      SortedSet<Integer> positions = new TreeSet<>(List.of(donated));
      assertThatThrownBy(() -> check(positions, shared, shared, open(Y, 2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("inputs 0 and 1 are one buffer");
    }
  }
}
