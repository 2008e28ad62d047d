package jaxon.input;

import java.util.ArrayList;
import java.util.List;

/// The rows of a global batch while they are filled; only the rows of one shard are kept.
final class BatchBuilder {
  private final int firstRow;
  private final int localRows;
  private final int length;
  private final int[] used;
  private final int[] segments;
  private final int[] inputs;
  private final int[] positions;
  private final int[] segmentation;
  private final int[] targets;
  private final List<SegmentOrigin> origins = new ArrayList<>();

  BatchBuilder(InputSettings settings) {
    localRows = settings.localRows();
    firstRow = settings.shardIndex() * localRows;
    length = settings.maxTargetLength();
    used = new int[settings.batchSize()];
    segments = new int[settings.batchSize()];
    int cells = localRows * length;
    inputs = new int[cells];
    positions = new int[cells];
    segmentation = new int[cells];
    targets = new int[cells];
  }

  /// The rows of the global batch.
  int rows() {
    return used.length;
  }

  /// The free positions of `row`.
  int room(int row) {
    return length - used[row];
  }

  /// The first row with `pairs` free positions and fewer than `maxSegments` segments (0: any), or
  /// -1.
  int firstRowWithRoom(int pairs, int maxSegments) {
    for (int row = 0; row < used.length; row++) {
      if (room(row) >= pairs && (maxSegments == 0 || segments[row] < maxSegments)) {
        return row;
      }
    }
    return -1;
  }

  /// Whether `row` belongs to this shard, so that its tokens are needed.
  boolean keeps(int row) {
    return row >= firstRow && row < firstRow + localRows;
  }

  /// Adds the segment of `tokens.length - 1` pairs to the row that `origin` names.
  void add(SegmentOrigin origin, int[] tokens) {
    int row = origin.row();
    int pairs = tokens.length - 1;
    int segment = ++segments[row];
    int start = used[row];
    used[row] += pairs;
    if (used[row] > length) {
      throw new IllegalStateException(
          "row %d of %d positions was given %d".formatted(row, length, used[row]));
    }
    if (!keeps(row)) {
      return;
    }
    int base = (row - firstRow) * length + start;
    for (int i = 0; i < pairs; i++) {
      inputs[base + i] = tokens[i];
      positions[base + i] = i;
      segmentation[base + i] = segment;
      targets[base + i] = tokens[i + 1];
    }
    origins.add(origin);
  }

  Batch build(long index) {
    return new Batch(index, localRows, length, inputs, positions, segmentation, targets, origins);
  }
}
