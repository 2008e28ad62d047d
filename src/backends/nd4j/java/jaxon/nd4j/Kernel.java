package jaxon.nd4j;

/// One step of a linked program: reads and writes memory that was fixed at link time.
@FunctionalInterface
interface Kernel {
  void run();
}
