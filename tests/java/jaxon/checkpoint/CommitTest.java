package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import jaxon.checkpoint.SimulatedDisk.Fault;
import jaxon.checkpoint.SimulatedDisk.Remains;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A checkpoint exists wholly or not at all, whatever fails at whichever operation.
class CommitTest {
  private static final Path PLACE = Path.of("/disk/run/checkpoints");
  private static final SequencedMap<String, byte[]> OLD = Samples.state(1);
  private static final SequencedMap<String, byte[]> NEW = Samples.state(2);

  private static SimulatedDisk diskWithOld() {
    SimulatedDisk disk = new SimulatedDisk();
    Samples.save(new CheckpointStore(PLACE, disk), 1, OLD, 1);
    return disk;
  }

  @ParameterizedTest
  @EnumSource(Remains.class)
  void crashAtAnyOperationOfASaveLeavesTheOldOrTheNew(Remains remains) {
    int operations = 0;
    boolean isDone = false;
    while (!isDone) {
      operations++;
      SimulatedDisk disk = diskWithOld();
      disk.plan(Fault.CRASH, operations, "power");
      isDone = hasSaved(disk);
      assertThat(isDone).isEqualTo(!disk.hasFaulted());
      CheckpointStore next = new CheckpointStore(PLACE, disk.after(remains));
      next.clean();
      assertIntact(next);
      if (isDone) {
        assertThat(next.steps()).containsExactly(1L, 2L);
      }
    }
    assertThat(operations).isGreaterThan(60);
  }

  private static boolean hasSaved(SimulatedDisk disk) {
    try {
      Samples.save(new CheckpointStore(PLACE, disk), 2, NEW, 2);
      return true;
    } catch (CheckpointException e) {
      assertThat(e.kind()).isEqualTo(CheckpointException.Kind.IO);
      return false;
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
    int operations = 0;
    boolean isDone = false;
    while (!isDone) {
      operations++;
      SimulatedDisk disk = diskWithOld();
      disk.plan(Fault.ERROR, operations, error);
      CheckpointStore store = new CheckpointStore(PLACE, disk);
      try {
        Samples.save(store, 2, NEW, 2);
        isDone = true;
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining(error).hasMessageContaining("checkpoint");
        store.abandon(2);
      }
      assertThat(isDone).isEqualTo(!disk.hasFaulted());
      disk.plan(Fault.ERROR, 0, "");
      if (!isDone) {
        // Only where nothing but the last forcing has failed is the new one there.
        assertThat(disk.list(PLACE)).isSubsetOf("1", "2").contains("1");
        assertThat(store.steps()).hasSameSizeAs(disk.list(PLACE));
      }
      assertIntact(store);
    }
  }

  @ParameterizedTest
  @EnumSource(Remains.class)
  void crashAtAnyOperationOfARemovalLeavesNothingHalf(Remains remains) {
    int operations = 0;
    boolean isDone = false;
    while (!isDone) {
      operations++;
      SimulatedDisk disk = diskWithOld();
      Samples.save(new CheckpointStore(PLACE, disk), 2, NEW, 1);
      disk.plan(Fault.CRASH, operations, "power");
      try {
        new CheckpointStore(PLACE, disk).delete(2);
        isDone = true;
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining("cannot remove");
      }
      CheckpointStore next = new CheckpointStore(PLACE, disk.after(remains));
      next.clean();
      assertIntact(next);
    }
    assertThat(operations).isGreaterThan(4);
  }

  @Test
  void errorAtAnyOperationOfACleaningHarmsNoCheckpoint() throws IOException {
    int operations = 0;
    boolean isDone = false;
    while (!isDone) {
      operations++;
      SimulatedDisk disk = diskWithOld();
      disk.createDirectories(PLACE.resolve("2"));
      disk.createDirectories(PLACE.resolve("3.tmp"));
      disk.plan(Fault.ERROR, operations, "Input/output error");
      CheckpointStore store = new CheckpointStore(PLACE, disk);
      try {
        assertThat(store.clean()).containsExactly("2", "3.tmp");
        isDone = true;
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining("Input/output error");
      }
      disk.plan(Fault.ERROR, 0, "");
      assertIntact(store);
    }
    assertThat(operations).isGreaterThan(8);
  }

  @Test
  void errorAtAnyOperationOfAListingIsNotTakenForNothing() {
    int operations = 0;
    boolean isDone = false;
    while (!isDone) {
      operations++;
      SimulatedDisk disk = diskWithOld();
      disk.plan(Fault.ERROR, operations, "Input/output error");
      try {
        assertThat(new CheckpointStore(PLACE, disk).steps()).containsExactly(1L);
        isDone = true;
      } catch (CheckpointException e) {
        assertThat(e.kind()).isEqualTo(CheckpointException.Kind.IO);
      }
      assertThat(isDone).isEqualTo(!disk.hasFaulted());
    }
  }

  @Test
  void errorAtAnyOperationOfAReadingIsNotTakenForDamage() {
    int operations = 0;
    boolean isDone = false;
    while (!isDone) {
      operations++;
      SimulatedDisk disk = diskWithOld();
      disk.plan(Fault.ERROR, operations, "Input/output error");
      try {
        assertSame(Samples.load(new CheckpointStore(PLACE, disk), 1), OLD);
        isDone = true;
      } catch (CheckpointException e) {
        assertThat(e.kind()).isEqualTo(CheckpointException.Kind.IO);
      }
    }
    assertThat(operations).isGreaterThan(8);
  }

  @Test
  void checkpointThatIsThereIsNotAbandoned() {
    CheckpointStore store = new CheckpointStore(PLACE, diskWithOld());
    store.abandon(1);
    assertIntact(store);
  }

  @Test
  void checkpointOfAStepIsNeverWrittenOver() {
    CheckpointStore store = new CheckpointStore(PLACE, diskWithOld());
    assertThatThrownBy(() -> store.prepare(1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("already");
  }

  @Test
  void missingPartMakesNoCheckpoint() {
    CheckpointStore store = new CheckpointStore(PLACE, diskWithOld());
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
    CheckpointStore store = new CheckpointStore(PLACE, disk);
    store.setAside(1);
    Samples.save(store, 1, NEW, 1);
    store.setAside(1);
    assertThat(disk.list(PLACE)).containsExactly("1.damaged", "1.damaged-2");
    assertThat(store.damaged()).containsExactly("1.damaged", "1.damaged-2");
    assertThat(store.clean()).isEmpty();
    assertThat(store.steps()).isEmpty();
  }
}
