package jaxon.trainer.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;

/// Remembers what it was given; can be held back and can fail.
final class RecordingSink implements MetricSink {
  final List<Long> steps = Collections.synchronizedList(new ArrayList<>());
  final List<Double> values = Collections.synchronizedList(new ArrayList<>());
  final List<String> threads = Collections.synchronizedList(new ArrayList<>());
  final CountDownLatch failed = new CountDownLatch(1);
  volatile CountDownLatch open = new CountDownLatch(0);
  volatile long failAt = -1;
  int closes;

  @Override
  public void write(long step, SequencedMap<String, Double> scalars) {
    try {
      open.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (step == failAt) {
      failed.countDown();
      throw new IllegalStateException("disk full at " + step);
    }
    steps.add(step);
    values.addAll(scalars.values());
    threads.add(Thread.currentThread().getName());
  }

  @Override
  public void close() {
    closes++;
  }
}
