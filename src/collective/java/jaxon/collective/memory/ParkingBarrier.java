package jaxon.collective.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A barrier that can be used again and again, whose waiters spin shortly and sleep then.
final class ParkingBarrier {
  /// About 5 µs; a rank that is later than that is worth a sleep.
  private static final int SPINS = 200;

  /// How often a sleeper looks around for failures that nobody could wake it for.
  private static final long LOOK_NANOS = 20_000_000;

  private final int size;
  private final boolean spins;
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicLong round = new AtomicLong();
  private final AtomicReferenceArray<Thread> sleepers;
  private final long[] rounds;

  ParkingBarrier(int size) {
    this.size = size;
    this.spins = size <= Runtime.getRuntime().availableProcessors();
    this.sleepers = new AtomicReferenceArray<>(size);
    this.rounds = new long[size];
  }

  /// Waits for all; false if the time is up or `giveUp` says so.
  boolean await(int rank, long deadlineNanos, BooleanSupplier giveUp) {
    long mine = round.get();
    synchronized (rounds) {
      rounds[rank]++;
    }
    if (arrived.incrementAndGet() == size) {
      arrived.set(0);
      round.set(mine + 1);
      wakeAll();
      return true;
    }
    for (int i = 0; spins && i < SPINS; i++) {
      if (round.get() != mine) {
        return true;
      }
      Thread.onSpinWait();
    }
    return sleep(rank, mine, deadlineNanos, giveUp);
  }

  private boolean sleep(int rank, long mine, long deadlineNanos, BooleanSupplier giveUp) {
    sleepers.set(rank, Thread.currentThread());
    boolean interrupted = false;
    try {
      while (round.get() == mine) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0 || giveUp.getAsBoolean()) {
          return round.get() != mine;
        }
        LockSupport.parkNanos(this, Math.min(left, LOOK_NANOS));
        // An interrupted thread would not sleep; the interrupt is kept for the caller.
        interrupted |= Thread.interrupted();
      }
      return true;
    } finally {
      sleepers.set(rank, null);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Wakes everyone who sleeps, to look around.
  void wakeAll() {
    for (int i = 0; i < size; i++) {
      LockSupport.unpark(sleepers.get(i));
    }
  }

  /// The ranks that have come to fewer barriers than `rank`: those it waits for.
  List<Integer> behind(int rank) {
    List<Integer> late = new ArrayList<>();
    synchronized (rounds) {
      for (int i = 0; i < size; i++) {
        if (rounds[i] < rounds[rank]) {
          late.add(i);
        }
      }
    }
    return late;
  }
}
