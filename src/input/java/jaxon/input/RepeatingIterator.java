package jaxon.input;

/// The first batch of another iterator again and again: MaxText's `reuse_example_batch`.
final class RepeatingIterator implements BatchIterator {
  private final BatchIterator source;
  private final IteratorState first;
  private final Batch batch;
  private long batches;

  RepeatingIterator(BatchIterator source) {
    this.source = source;
    first = source.state();
    batch = source.next();
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public Batch next() {
    batches++;
    return batch;
  }

  @Override
  public IteratorState state() {
    return new IteratorState(
        batches, first.epoch(), first.position(), first.offset(), first.signature());
  }

  @Override
  public void restore(IteratorState state) {
    batches = state.batches();
  }

  @Override
  public void close() {
    source.close();
  }
}
