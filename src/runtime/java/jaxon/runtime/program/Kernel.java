package jaxon.runtime.program;

/// One step of a linked program: reads and writes memory that was fixed at link time.
@FunctionalInterface
public interface Kernel {
  void run();
}
