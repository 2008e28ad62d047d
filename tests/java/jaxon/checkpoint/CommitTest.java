package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jaxon.checkpoint.SimulatedDisk.Fault;
import jaxon.checkpoint.SimulatedDisk.Remains;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A checkpoint exists wholly or not at all, whatever fails at whichever operation.
class CommitTest {
  private static final SequencedMap<String, byte[]> OLD = Samples.state(1);
  private static final SequencedMap<String, byte[]> NEW = Samples.state(2);

  private static SimulatedDisk diskWithOld() {
    SimulatedDisk disk = new SimulatedDisk();
    Samples.save(new CheckpointStore(disk), 1, OLD, 1);
    return disk;
  }

  @ParameterizedTest
  @EnumSource(Remains.class)
  void crashAtAnyOperationOfASaveLeavesTheOldOrTheNew(Remains remains) throws IOException {
    int operations =
        atEveryOperation(
            Fault.CRASH,
            "power",
            CommitTest::diskWithOld,
            store -> Samples.save(store, 2, NEW, 2),
            (disk, failure) -> {
              CheckpointStore next = new CheckpointStore(disk.after(remains));
              next.clean();
              assertIntact(next);
              if (failure == null) {
                assertThat(next.steps()).containsExactly(1L, 2L);
              }
            });
    assertThat(operations).isGreaterThan(60);
  }

  /// What is found after a fault, or after none: then there is no failure.
  private interface Outcome {
    void check(SimulatedDisk disk, @Nullable CheckpointException failure) throws IOException;
  }

  /// Does the work again and again, each time on a disk of its own that fails one operation later,
  /// until the work is done before anything fails.
  ///
  /// @return at how many operations the work was let fail, and one
  private static int atEveryOperation(
      Fault fault,
      String message,
      Supplier<SimulatedDisk> start,
      Consumer<CheckpointStore> work,
      Outcome outcome)
      throws IOException {
    for (int operation = 1; ; operation++) {
      SimulatedDisk disk = start.get();
      disk.plan(fault, operation, message);
      @Nullable CheckpointException failure = null;
      try {
        work.accept(new CheckpointStore(disk));
      } catch (CheckpointException e) {
        assertThat(e.kind()).isEqualTo(CheckpointException.Kind.IO);
        assertThat(e).hasMessageContaining(message);
        failure = e;
      }
      boolean hasFaulted = disk.hasFaulted();
      assertThat(failure != null).isEqualTo(hasFaulted);
      if (fault == Fault.ERROR) {
        disk.plan(Fault.ERROR, 0, "");
      }
      outcome.check(disk, failure);
      if (!hasFaulted) {
        return operation;
      }
    }
  }

  /// What is there is as it was written, and a further save works.
  private static void assertIntact(CheckpointStore store) {
    assertThat(store.steps()).contains(1L);
    assertThat(store.verify(1)).isEmpty();
    assertSame(Samples.load(store, 1), OLD);
    if (store.steps().contains(2L)) {
      assertThat(store.verify(2)).isEmpty();
      assertSame(Samples.load(store, 2), NEW);
    } else {
      Samples.save(store, 2, NEW, 2);
      assertSame(Samples.load(store, 2), NEW);
    }
  }

  private static void assertSame(
      SequencedMap<String, byte[]> found, SequencedMap<String, byte[]> wanted) {
    assertThat(found.sequencedKeySet()).containsExactlyElementsOf(wanted.sequencedKeySet());
    wanted.forEach((path, bytes) -> assertThat(found.get(path)).as(path).isEqualTo(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Input/output error", "No space left on device"})
  void errorAtAnyOperationOfASaveIsToldAndHarmsNothing(String error) throws IOException {
    atEveryOperation(
        Fault.ERROR,
        error,
        CommitTest::diskWithOld,
        store -> Samples.save(store, 2, NEW, 2),
        (disk, failure) -> {
          CheckpointStore store = new CheckpointStore(disk);
          if (failure != null) {
            assertThat(failure).hasMessageContaining("checkpoint");
            store.abandon(2);
            // Only where nothing but the last forcing has failed is the new one there.
            assertThat(disk.list("")).isSubsetOf("1", "2").contains("1");
            assertThat(store.steps()).hasSameSizeAs(disk.list(""));
          }
          assertIntact(store);
        });
  }

  @ParameterizedTest
  @EnumSource(Remains.class)
  void crashAtAnyOperationOfARemovalLeavesNothingHalf(Remains remains) throws IOException {
    int operations =
        atEveryOperation(
            Fault.CRASH,
            "power",
            CommitTest::diskWithBoth,
            store -> store.delete(2),
            (disk, failure) -> {
              if (failure != null) {
                assertThat(failure).hasMessageContaining("cannot remove");
              }
              CheckpointStore next = new CheckpointStore(disk.after(remains));
              next.clean();
              assertIntact(next);
            });
    assertThat(operations).isGreaterThan(4);
  }

  private static SimulatedDisk diskWithBoth() {
    SimulatedDisk disk = diskWithOld();
    Samples.save(new CheckpointStore(disk), 2, NEW, 1);
    return disk;
  }

  @Test
  void errorAtAnyOperationOfACleaningHarmsNoCheckpoint() throws IOException {
    int operations =
        atEveryOperation(
            Fault.ERROR,
            "Input/output error",
            CommitTest::diskWithLeftovers,
            store -> assertThat(store.clean()).containsExactly("2", "3.tmp"),
            (disk, _) -> assertIntact(new CheckpointStore(disk)));
    assertThat(operations).isGreaterThan(8);
  }

  private static SimulatedDisk diskWithLeftovers() {
    SimulatedDisk disk = diskWithOld();
    try {
      disk.createDirectory("2");
      disk.createDirectory("3.tmp");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return disk;
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "2.tmp"})
  void whatIsNotOfACheckpointIsNotRemoved(String name) throws IOException {
    SimulatedDisk disk = diskWithLeftovers();
    disk.createDirectory(name);
    disk.createDirectory("backup.tmp");
    disk.create(name + "/letter.txt").close();
    CheckpointStore store = new CheckpointStore(disk);
    for (Consumer<CheckpointStore> work :
        List.<Consumer<CheckpointStore>>of(CheckpointStore::clean, all -> all.prepare(2))) {
      assertThatThrownBy(() -> work.accept(store))
          .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.isUsage()).isTrue())
          .hasMessageContainingAll(name + " has the name", "letter.txt", "Move it elsewhere");
    }
    store.abandon(2);
    assertThat(disk.list(name)).containsExactly("letter.txt");
    disk.delete(name + "/letter.txt");
    store.clean();
    assertThat(disk.list("")).containsExactly("1", "backup.tmp");
  }

  @Test
  void errorAtAnyOperationOfAListingIsNotTakenForNothing() throws IOException {
    atEveryOperation(
        Fault.ERROR,
        "Input/output error",
        CommitTest::diskWithOld,
        store -> assertThat(store.steps()).containsExactly(1L),
        (disk, _) -> assertIntact(new CheckpointStore(disk)));
  }

  @Test
  void errorAtAnyOperationOfAReadingIsNotTakenForDamage() throws IOException {
    int operations =
        atEveryOperation(
            Fault.ERROR,
            "Input/output error",
            CommitTest::diskWithOld,
            store -> assertSame(Samples.load(store, 1), OLD),
            (disk, _) -> assertIntact(new CheckpointStore(disk)));
    assertThat(operations).isGreaterThan(8);
  }

  @Test
  void checkpointThatIsThereIsNotAbandoned() {
    CheckpointStore store = new CheckpointStore(diskWithOld());
    store.abandon(1);
    assertIntact(store);
  }

  @Test
  void checkpointOfAStepIsNeverWrittenOver() {
    CheckpointStore store = new CheckpointStore(diskWithOld());
    assertThatThrownBy(() -> store.prepare(1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("already");
  }

  @Test
  void missingPartMakesNoCheckpoint() {
    CheckpointStore store = new CheckpointStore(diskWithOld());
    store.prepare(2);
    Checkpoint half = store.writePart(2, 0, 2, Samples.blocks(NEW, 0, 2));
    List<String> paths = List.copyOf(NEW.sequencedKeySet());
    assertThatThrownBy(() -> store.commit(2, Samples.facts(), paths, List.of(half)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("params.kernel is not complete");
    assertThat(store.steps()).containsExactly(1L);
  }

  @Test
  void damagedCheckpointsAreSetAside() throws IOException {
    SimulatedDisk disk = diskWithOld();
    CheckpointStore store = new CheckpointStore(disk);
    store.setAside(1);
    Samples.save(store, 1, NEW, 1);
    store.setAside(1);
    assertThat(disk.list("")).containsExactly("1.damaged", "1.damaged-2");
    assertThat(store.damaged()).containsExactly("1.damaged", "1.damaged-2");
    assertThat(store.clean()).isEmpty();
    assertThat(store.steps()).isEmpty();
  }
}
