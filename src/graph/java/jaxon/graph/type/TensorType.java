package jaxon.graph.type;

/// The static type of a tensor: element type and shape.
public record TensorType(DType dtype, Shape shape) {
  /// A type from its parts, for example `of(F32, 8, 128)`.
  public static TensorType of(DType dtype, long... dims) {
    return new TensorType(dtype, Shape.of(dims));
  }

  /// Size in bytes when stored densely.
  public long bytes() {
    return Math.multiplyExact(shape.elements(), dtype.bytes());
  }

  /// The same shape with another element type.
  public TensorType withDType(DType other) {
    return new TensorType(other, shape);
  }

  /// The same element type with another shape.
  public TensorType withShape(Shape other) {
    return new TensorType(dtype, other);
  }

  /// For example `f32[8, 128]`.
  @Override
  public String toString() {
    return dtype.text() + shape;
  }
}
