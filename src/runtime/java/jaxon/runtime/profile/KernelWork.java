package jaxon.runtime.profile;

import jaxon.graph.type.DType;

/// What a kernel has to do, whatever its time.
///
/// @param name operation and type of its first result, for example `dot_general bf16[4096, 512]`
/// @param dtype element type whose matrix roofline counts: that of the first operand
/// @param flops floating-point operations that count against the matrix roofline; 0 for work that
///   is bound by memory
/// @param bytes bytes that it must at least read and write; of a collective, that one device must
///   at least send
/// @param waits whether its time is waiting for other devices: a collective that the program waits
///   in, or the wait for one that was started before
public record KernelWork(String name, DType dtype, long flops, long bytes, boolean waits) {
  /// Work of which nothing is known.
  public static final KernelWork UNKNOWN = new KernelWork("?", DType.F32, 0, 0);

  /// Work of the device itself.
  public KernelWork(String name, DType dtype, long flops, long bytes) {
    this(name, dtype, flops, bytes, false);
  }

  private static final String WAIT = "wait for ";

  /// The start of this collective, which then runs beside other kernels.
  public KernelWork start() {
    return new KernelWork("start " + name, dtype, 0, 0);
  }

  /// The wait for this collective, which was started before.
  public KernelWork finish() {
    return waiting(WAIT + name, dtype, 0);
  }

  /// The name of the collective that this waits in or for.
  public String collective() {
    return name.startsWith(WAIT) ? name.substring(WAIT.length()) : name;
  }

  /// A collective that the program waits in.
  public static KernelWork waiting(String name, DType dtype, long bytes) {
    return new KernelWork(name, dtype, 0, bytes, true);
  }
}
