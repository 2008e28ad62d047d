package jaxon.runtime;

import java.util.List;

/// A block of a tensor and the buffer that holds it.
///
/// @param start the block's first element, per dim of the whole tensor
public record BufferBlock(List<Long> start, Buffer part) {
  public BufferBlock {
    start = List.copyOf(start);
  }
}
