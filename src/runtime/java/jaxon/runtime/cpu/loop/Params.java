package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The numbers that generated code takes at run time, in a `long[] a`: addresses of inputs, outputs
/// and scratch memory, sizes and strides. Code for other sizes is the same text.
///
/// In the code, number `i` is the local variable `p<i>`.
final class Params {
  private final int inputs;
  private final List<Long> values = new ArrayList<>();
  private final List<Boolean> scratch = new ArrayList<>();
  private long scratchBytes;

  Params(int inputs, int outputs) {
    this.inputs = inputs;
    for (int i = 0; i < inputs + outputs; i++) {
      add(0, false);
    }
  }

  String input(int index) {
    return "p" + index;
  }

  String output(int index) {
    return "p" + (inputs + index);
  }

  /// A parameter of its own, whatever other parameters hold the same number.
  String value(long value) {
    return add(value, false);
  }

  /// The address of `bytes` bytes of scratch memory shared by all threads.
  String scratch(long bytes) {
    String name = add(scratchBytes, true);
    scratchBytes += Math.ceilDiv(bytes, 64) * 64;
    return name;
  }

  private String add(long value, boolean isScratch) {
    values.add(value);
    scratch.add(isScratch);
    return "p" + (values.size() - 1);
  }

  /// The number of a parameter by its name.
  int index(String name) {
    return Integer.parseInt(name.substring(1));
  }

  long scratchBytes() {
    return scratchBytes;
  }

  int count() {
    return values.size();
  }

  /// Declares the parameters `from` to below `to` as local variables.
  void declare(Code code, int from, int to) {
    for (int i = from; i < to; i++) {
      code.line("final long p" + i + " = a[" + i + "];");
    }
  }

  /// A fresh array with everything but addresses filled in.
  long[] template() {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  /// Which elements count from the address of the scratch memory.
  int[] scratchIndices() {
    return IntStream.range(0, scratch.size()).filter(scratch::get).toArray();
  }
}
