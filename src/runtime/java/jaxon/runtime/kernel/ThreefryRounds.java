package jaxon.runtime.kernel;

/// The composite [jaxon.graph.trace.Threefry#COMPOSITE] as one loop.
///
/// Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC
/// 2011): operands are two key words and two counter words, results two words.
public final class ThreefryRounds {
  private static final int PARITY = 0x1BD11BDA;
  private static final int[][] ROTATIONS = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  private static final int GROUPS = 5;

  private ThreefryRounds() {}

  /// Computes one chunk: operands 0 to 3, results 4 and 5.
  public static void run(Lanes lanes, long[] addresses, long[] strides, int count) {
    int[][] keys = {
      lanes.loadInts(0, addresses[0], strides[0], count),
      lanes.loadInts(1, addresses[1], strides[1], count),
      lanes.ints(5)
    };
    int[] a = lanes.loadInts(2, addresses[2], strides[2], count);
    int[] b = lanes.loadInts(3, addresses[3], strides[3], count);
    for (int i = 0; i < count; i++) {
      keys[2][i] = keys[0][i] ^ keys[1][i] ^ PARITY;
    }
    add(a, keys[0], 0, count);
    add(b, keys[1], 0, count);
    for (int group = 0; group < GROUPS; group++) {
      for (int rotation : ROTATIONS[group % 2]) {
        round(a, b, rotation, count);
      }
      add(a, keys[(group + 1) % 3], 0, count);
      add(b, keys[(group + 2) % 3], group + 1, count);
    }
    Lanes.store(a, addresses[4], count);
    Lanes.store(b, addresses[5], count);
  }

  private static void round(int[] a, int[] b, int rotation, int count) {
    for (int i = 0; i < count; i++) {
      int sum = a[i] + b[i];
      a[i] = sum;
      b[i] = Integer.rotateLeft(b[i], rotation) ^ sum;
    }
  }

  private static void add(int[] x, int[] key, int number, int count) {
    for (int i = 0; i < count; i++) {
      x[i] += key[i] + number;
    }
  }
}
