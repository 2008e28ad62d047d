package jaxon.runtime.program;

import jaxon.graph.type.DType;

/// A view linked to memory: what kernels work on.
public final class Tensor {
  private final View view;
  private final Anchor anchor;
  private final long distance;

  /// @param distance bytes from the anchor to the slot's first byte
  Tensor(View view, Anchor anchor, long distance) {
    this.view = view;
    this.anchor = anchor;
    this.distance = distance + view.offset() * view.dtype().bytes();
  }

  public View view() {
    return view;
  }

  public DType dtype() {
    return view.dtype();
  }

  /// Address of the first element at this moment.
  public long address() {
    return anchor.address() + distance;
  }

  /// Tells `follower` about every move from now on.
  public void follow(Follower follower) {
    anchor.follow(follower);
  }

  /// What keeps the address of a tensor, in native code for example, and must hear that it moved.
  @FunctionalInterface
  public interface Follower {
    /// The tensor moved by `distance` bytes.
    void moved(long distance);
  }
}
