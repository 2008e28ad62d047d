package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.List;

/// How a loop's body treats one of the loop's carries.
public enum CarryKind {
  /// Updates it where it is.
  STAYS,
  /// Writes the next value to another place and leaves the old place free.
  FLIPS,
  /// Leaves it in another carry's place, or another carry in its place.
  MOVES;

  /// The kinds of the carries of `body`, whose inputs from `firstInput` on and first outputs they
  /// are.
  public static List<CarryKind> of(Plan body, int firstInput, int carries) {
    List<CarryKind> kinds = new ArrayList<>();
    for (int i = 0; i < carries; i++) {
      kinds.add(kind(body, firstInput, carries, i));
    }
    return kinds;
  }

  private static CarryKind kind(Plan body, int firstInput, int carries, int carry) {
    int input = firstInput + carry;
    if (body.leavesIn(carry, input)) {
      return STAYS;
    }
    if (!body.needsPlace(carry)) {
      return MOVES;
    }
    for (int other = 0; other < carries; other++) {
      if (body.leavesIn(other, input)) {
        return MOVES;
      }
    }
    return FLIPS;
  }
}
