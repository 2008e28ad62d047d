package jaxon.input;

import jaxon.input.source.InputException;

/// A place in the endless stream of documents.
///
/// @param epoch the pass over the data, from 0
/// @param position the place in the order of that pass, from 0
/// @param offset how many (input, target) pairs of the document at `position` are already used
record Cursor(long epoch, long position, long offset) {
  static final Cursor START = new Cursor(0, 0, 0);

  Cursor {
    if (epoch < 0 || position < 0 || offset < 0) {
      throw new InputException(
          "An input position holds a negative number: epoch %d, position %d, offset %d. The saved state is damaged."
              .formatted(epoch, position, offset));
    }
  }
}
