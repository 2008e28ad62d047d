package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.List;

/// Finds the operands that an elementwise result may be put over.
public final class InPlace {
  private InPlace() {}

  /// Positions of reads that cover their slot in row-major order, have elements as wide as the
  /// result's, and whose slot is read under no other layout.
  public static List<Integer> of(List<View> reads, View result) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < reads.size(); i++) {
      View read = reads.get(i);
      boolean fits =
          read.isWhole()
              && read.dtype().bytes() == result.dtype().bytes()
              && read.elements() == result.elements();
      for (View other : reads) {
        fits &= other.slot() != read.slot() || other.equals(read);
      }
      if (fits) {
        positions.add(i);
      }
    }
    return positions;
  }
}
