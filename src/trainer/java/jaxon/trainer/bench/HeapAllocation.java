package jaxon.trainer.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/// Counts what all threads allocate on the Java heap between two moments.
///
/// @param bytes bytes allocated by all threads since the JVM started
/// @param collections garbage collections since then
record HeapAllocation(long bytes, long collections) {
  static HeapAllocation now() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long collections =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionCount)
            .sum();
    return new HeapAllocation(threads.getTotalThreadAllocatedBytes(), collections);
  }

  HeapAllocation since(HeapAllocation earlier) {
    return new HeapAllocation(bytes - earlier.bytes, collections - earlier.collections);
  }
}
