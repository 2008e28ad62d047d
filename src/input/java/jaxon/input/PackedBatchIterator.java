package jaxon.input;

import java.util.NoSuchElementException;
import jaxon.input.source.InputException;

/// The batches of one packer.
final class PackedBatchIterator implements BatchIterator {
  private final InputSettings settings;
  private final Packer packer;
  private Cursor cursor = Cursor.START;
  private long batches;

  PackedBatchIterator(InputSettings settings, Packer packer) {
    this.settings = settings;
    this.packer = packer;
  }

  @Override
  public boolean hasNext() {
    return packer.hasNext(cursor);
  }

  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          "The data ended after batch %d: numEpochs is reached.".formatted(batches));
    }
    BatchBuilder batch = new BatchBuilder(settings);
    cursor = packer.fill(cursor, batch);
    return batch.build(batches++);
  }

  @Override
  public IteratorState state() {
    return new IteratorState(
        batches, cursor.epoch(), cursor.position(), cursor.offset(), packer.signature());
  }

  @Override
  public void restore(IteratorState state) {
    if (!state.signature().equals(packer.signature())) {
      throw new InputException(
          """
          The saved input state belongs to other data or settings: it was saved for '%s', this run has '%s'. \
          Use the same data, packing, shuffle and seed, or start the data from the beginning.\
          """
              .formatted(state.signature(), packer.signature()));
    }
    cursor = state.cursor();
    batches = state.batches();
  }

  @Override
  public void close() {}
}
