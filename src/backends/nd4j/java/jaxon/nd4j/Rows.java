package jaxon.nd4j;

/// The rows of a tensor whose last dim is folded; the other dims may have any strides.
///
/// @param source at least one dim
/// @param result dense, without the last dim
record Rows(Tensor source, Tensor result, Workers workers) {
  /// Elements of a row.
  long columns() {
    View view = source.view();
    return view.dim(view.shape().rank() - 1);
  }

  /// Bytes from an element of a row to the next.
  long stepBytes() {
    View view = source.view();
    return view.stride(view.shape().rank() - 1) * view.dtype().bytes();
  }

  /// Runs `fold` on every row.
  void forEach(Fold fold) {
    int width = result.dtype().bytes();
    long target = result.address();
    workers.split(
        result.view().elements(),
        source.view().type().bytes(),
        (from, to) -> {
          for (long row = from; row < to; row++) {
            fold.run(address(row), target + row * width);
          }
        });
  }

  private long address(long row) {
    View view = source.view();
    long address = source.address();
    long rest = row;
    for (int dim = view.shape().rank() - 2; dim >= 0; dim--) {
      address += rest % view.dim(dim) * view.stride(dim) * view.dtype().bytes();
      rest /= view.dim(dim);
    }
    return address;
  }

  /// Folds the row at `row` and puts the value at `target`.
  @FunctionalInterface
  interface Fold {
    void run(long row, long target);
  }
}
