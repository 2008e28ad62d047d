package jaxon.input;

import java.util.List;

/// One shard's rows of a batch: five int arrays of shape `[rows, length]`, row-major.
///
/// A row holds one or more segments, then padding. In a segment of `n` positions that came from
/// tokens `t[0..n]`: `inputs = t[0..n-1]`, `targets = t[1..n]`, `inputsPosition = 0..n-1`, and
/// `inputsSegmentation` is the segment's number in its row, from 1. The last token of a document is
/// thus a target and never an input, and a document cut in two overlaps by one token, so each token
/// but a document's first is predicted exactly once. Padding is 0 in all five arrays. A position
/// counts in the loss where `targetsSegmentation` is not 0.
///
/// The arrays are the batch's own; whoever holds the batch may read them and must not write to
/// them.
public final class Batch {
  private final long index;
  private final int rows;
  private final int length;
  private final int[] inputs;
  private final int[] inputsPosition;
  private final int[] inputsSegmentation;
  private final int[] targets;
  private final int[] targetsSegmentation;
  private final List<SegmentOrigin> origins;

  Batch(
      long index,
      int rows,
      int length,
      int[] inputs,
      int[] inputsPosition,
      int[] inputsSegmentation,
      int[] targets,
      List<SegmentOrigin> origins) {
    this.index = index;
    this.rows = rows;
    this.length = length;
    this.inputs = inputs;
    this.inputsPosition = inputsPosition;
    this.inputsSegmentation = inputsSegmentation;
    this.targets = targets;
    this.targetsSegmentation = inputsSegmentation.clone();
    this.origins = List.copyOf(origins);
  }

  /// The number of the batch in its iterator, from 0.
  public long index() {
    return index;
  }

  /// The rows of this shard.
  public int rows() {
    return rows;
  }

  /// The positions of a row.
  public int length() {
    return length;
  }

  /// Token ids, 0 in padding.
  public int[] inputs() {
    return inputs;
  }

  /// Positions, from 0 in each segment.
  public int[] inputsPosition() {
    return inputsPosition;
  }

  /// Segment numbers, from 1 in each row; 0 is padding.
  public int[] inputsSegmentation() {
    return inputsSegmentation;
  }

  /// Token ids that follow the inputs, 0 in padding.
  public int[] targets() {
    return targets;
  }

  /// As [#inputsSegmentation], but 0 also where a target does not count.
  public int[] targetsSegmentation() {
    return targetsSegmentation;
  }

  /// The positions that count in the loss.
  public int targetCount() {
    int count = 0;
    for (int segment : targetsSegmentation) {
      count += segment == 0 ? 0 : 1;
    }
    return count;
  }

  /// Where this shard's segments come from, in no particular order of rows.
  public List<SegmentOrigin> origins() {
    return origins;
  }

  /// The batch in a few words, for messages.
  @Override
  public String toString() {
    String from =
        origins.isEmpty()
            ? "padding only"
            : origins.size() == 1
                ? origins.getFirst().toString()
                : origins.getFirst() + " … " + origins.getLast();
    return "batch %d (%d x %d tokens; %s)".formatted(index, rows, length, from);
  }
}
