package jaxon.runtime.cpu.dnnl;

/// A dim along which a product is repeated.
///
/// @param size how often
/// @param a distance in elements between one left matrix and the next; 0 repeats the matrix, a
///   negative distance walks backwards
/// @param b the same for the right matrices
/// @param c the same for the results; > 0 unless `size` is 1
public record BatchDim(long size, long a, long b, long c) {
  public BatchDim {
    if (size < 0 || (size > 1 && c <= 0)) {
      throw new IllegalArgumentException(
          "a batch dim needs a size >= 0 and a result stride > 0, got size "
              + size
              + " with strides "
              + a
              + ", "
              + b
              + ", "
              + c);
    }
  }
}
