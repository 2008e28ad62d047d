package jaxon.checkpoint;

/// A stored piece of a tensor.
///
/// @param file which of the checkpoint's files holds it
/// @param offset where its bytes begin there
/// @param compressed how many bytes lie there if they are compressed, else 0
/// @param region what it is of the tensor, row-major
/// @param digest what the bytes in the file are checked against
public record Chunk(int file, long offset, long compressed, Region region, String digest) {
  boolean isCompressed() {
    return compressed > 0;
  }

  /// Number of bytes in the file, of elements of so many bytes.
  long storedBytes(int width) {
    return isCompressed() ? compressed : Math.multiplyExact(region.elements(), width);
  }

  /// The chunk in a file of another number.
  Chunk in(int otherFile) {
    return new Chunk(otherFile, offset, compressed, region, digest);
  }
}
