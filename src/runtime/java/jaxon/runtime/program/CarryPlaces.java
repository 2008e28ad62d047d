package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.type.TensorType;

/// The scratch memory of a loop's carries.
///
/// @param spares second places for the carries that the body does not update in place; empty for
///   the others
/// @param exchange room to put all carries aside while they are moved at the end; empty unless the
///   body changes their places
public record CarryPlaces(List<CarryKind> kinds, List<Slot> spares, Slot exchange) {
  public CarryPlaces {
    kinds = List.copyOf(kinds);
    spares = List.copyOf(spares);
  }

  /// The places for a loop over `body`, whose inputs from `firstInput` on are the carries.
  public static CarryPlaces of(Plan body, int firstInput, int carries) {
    List<CarryKind> kinds = CarryKind.of(body, firstInput, carries);
    List<TensorType> types = body.type().outputs().subList(0, carries);
    List<Slot> spares = new ArrayList<>();
    long sum = 0;
    for (int i = 0; i < carries; i++) {
      spares.add(new Slot(body.needsPlace(i) ? types.get(i).bytes() : 0));
      sum += types.get(i).bytes();
    }
    return new CarryPlaces(kinds, spares, new Slot(kinds.contains(CarryKind.MOVES) ? sum : 0));
  }

  /// All slots.
  public List<Slot> slots() {
    List<Slot> slots = new ArrayList<>(spares);
    slots.add(exchange);
    return slots;
  }

  /// True when carry `index` may start in the place where its result will be, over its initial
  /// value: not if the body flips it an odd number of times, or it would end in the other place.
  public boolean mayTakeOver(int index, long length) {
    return kinds.get(index) != CarryKind.FLIPS || length % 2 == 0;
  }
}
