package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which outputs may lie where an input lies.
///
/// An index of a loop reads before it writes. So an output may take the place of an input whose
/// every element is read at the index that writes the element there, and in no later pass.
final class Sharing {
  /// Output `output` in the place of input `input`.
  record Pair(int output, int input) {}

  private Sharing() {}

  static Set<Pair> of(Reading reading, int inputs) {
    Set<Pair> pairs = new HashSet<>();
    for (Target target : reading.targets()) {
      for (int input = 0; input < inputs; input++) {
        if (target.kind() == Target.Kind.FULL && allows(reading, target.index(), input)) {
          pairs.add(new Pair(target.index(), input));
        }
      }
    }
    return Set.copyOf(pairs);
  }

  private static boolean allows(Reading reading, int output, int input) {
    for (List<Body> bodies : reading.rowBoxes()) {
      int last = RowPlan.of(reading, bodies).passes() - 1;
      for (Body body : bodies) {
        if (body.output(output).depth() < lastOf(body, last)) {
          return false;
        }
        if (!readsInPlace(reading.space(), body, body.output(output), input)) {
          return false;
        }
      }
    }
    return true;
  }

  /// The last pass that computes anything from inputs.
  private static int lastOf(Body body, int last) {
    return body.roots().stream().mapToInt(Node::depth).max().orElse(last);
  }

  private static boolean readsInPlace(Space space, Body body, Node written, int input) {
    Affine place = space.linear(0, space.dims());
    List<Node> open = new ArrayList<>(body.roots());
    Set<Node> seen = new HashSet<>();
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (!seen.add(node)) {
        continue;
      }
      open.addAll(node.operands());
      if (node.form() instanceof Node.Read read && read.input() == input) {
        boolean sameWidth = node.dtype().bytes() == written.dtype().bytes();
        if (!sameWidth || !sameWithin(read.address(), place, body.box())) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean sameWithin(Affine x, Affine y, Box box) {
    Affine distance = x.plus(y.times(-1));
    return distance.min(box) == 0 && distance.max(box) == 0;
  }
}
