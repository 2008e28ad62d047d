package jaxon.nd4j;

import java.util.List;
import jaxon.graph.type.DType;
import jaxon.runtime.program.Tensor;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.buffer.BaseCpuDataBuffer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.OpaqueDataBuffer;

/// A dense row-major ND4J array over memory that Jaxon owns, and can be moved to another address.
final class NativeArray {
  private final Address pointer;
  private final long length;
  private final INDArray array;
  private final OpaqueDataBuffer buffer;

  private NativeArray(DType dtype, List<Long> dims, long address) {
    long elements = 1;
    for (long dim : dims) {
      elements *= dim;
    }
    if (elements == 0) {
      throw new IllegalArgumentException("ND4J arrays here have elements, asked: " + dims);
    }
    this.length = elements;
    this.pointer = new Address(address, length);
    DataBuffer data = Nd4j.createBuffer(pointer, length, type(dtype));
    this.buffer = ((BaseCpuDataBuffer) data).getOpaqueDataBuffer();
    this.array = Nd4j.create(data, dims.stream().mapToLong(Long::longValue).toArray());
  }

  /// `tensor`, which is dense but for repeated dims, as an array of `dims` that follows it.
  ///
  /// `dims` is the shape after merging dims that all operands of a kernel walk alike.
  static NativeArray of(Tensor tensor, List<Long> dims) {
    NativeArray array = new NativeArray(tensor.dtype(), dims, tensor.address());
    tensor.follow(array::shift);
    return array;
  }

  /// The dense `tensor` as one row of all its elements.
  static NativeArray flat(Tensor tensor) {
    return of(tensor, List.of(tensor.view().elements()));
  }

  OpaqueDataBuffer buffer() {
    return buffer;
  }

  LongPointer shapeInfo() {
    return (LongPointer) array.shapeInfoDataBuffer().addressPointer();
  }

  private void shift(long distance) {
    pointer.shift(distance);
    buffer.setPrimaryBuffer(pointer, length);
  }

  @Override
  public String toString() {
    return array.dataType() + array.shapeInfoToString();
  }

  static DataType type(DType dtype) {
    return switch (dtype) {
      case I1 -> DataType.BOOL;
      case I8 -> DataType.INT8;
      case I32 -> DataType.INT32;
      case I64 -> DataType.INT64;
      case UI8 -> DataType.UINT8;
      case UI32 -> DataType.UINT32;
      case UI64 -> DataType.UINT64;
      case BF16 -> DataType.BFLOAT16;
      case F16 -> DataType.FLOAT16;
      case F32 -> DataType.FLOAT;
      case F64 -> DataType.DOUBLE;
    };
  }

  /// A JavaCPP pointer to memory that it does not own.
  private static final class Address extends Pointer {
    Address(long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.capacity = length;
      this.limit = length;
    }

    void shift(long distance) {
      address += distance;
    }
  }
}
