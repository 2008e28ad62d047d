package jaxon.runtime;

import java.util.List;
import java.util.SortedSet;
import jaxon.graph.type.TensorType;

/// The checks that every backend makes on the inputs of an execution.
public final class ExecutionCheck {
  private ExecutionCheck() {}

  /// Throws [IllegalArgumentException] naming the position, what was asked and what was found,
  /// unless `inputs` are open buffers on `device` of exactly `types`, and no donated one is given
  /// twice.
  public static void inputs(
      List<TensorType> types, Device device, SortedSet<Integer> donated, List<Buffer> inputs) {
    if (inputs.size() != types.size()) {
      throw new IllegalArgumentException(
          "the program takes " + types.size() + " inputs, got " + inputs.size());
    }
    for (int i = 0; i < inputs.size(); i++) {
      input(i, types.get(i), device, inputs.get(i));
    }
    donatedOnce(donated, inputs);
  }

  private static void input(int position, TensorType asked, Device device, Buffer found) {
    if (found.isClosed()) {
      throw new IllegalArgumentException(
          "input "
              + position
              + " of type "
              + asked
              + " is closed: it was released, or donated to an earlier execution");
    }
    if (!found.type().equals(asked)) {
      throw new IllegalArgumentException(
          "input " + position + " must have type " + asked + ", got " + found.type());
    }
    if (!found.device().equals(device)) {
      throw new IllegalArgumentException(
          "input "
              + position
              + " must be on device "
              + device
              + ", is on "
              + found.device()
              + ": copy it with Backend.put");
    }
  }

  @SuppressWarnings("ReferenceEquality") // the question is whether it is the same buffer
  private static void donatedOnce(SortedSet<Integer> donated, List<Buffer> inputs) {
    for (int position : donated) {
      for (int i = 0; i < inputs.size(); i++) {
        if (i != position && inputs.get(i) == inputs.get(position)) {
          throw new IllegalArgumentException(
              "inputs "
                  + Math.min(i, position)
                  + " and "
                  + Math.max(i, position)
                  + " are one buffer, and one of them is donated: give each donated buffer once");
        }
      }
    }
  }
}
