package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.NewFile;
import jaxon.objectstore.FailingRequests;
import jaxon.objectstore.FailingRequests.Fault;
import jaxon.objectstore.StoreServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// In an object store, too, a checkpoint exists wholly or not at all, whichever request fails.
class ObjectStoreCommitTest {
  private static final SequencedMap<String, byte[]> OLD = Samples.state(1);
  private static final SequencedMap<String, byte[]> NEW = Samples.state(2);
  private static StoreServer server;

  @BeforeAll
  static void start() {
    server = StoreServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CheckpointStore store(String prefix) {
    return new CheckpointStore(StoreServer.files(prefix, new ExecutionInterceptor() {}));
  }

  private static CheckpointStore storeWithOld(String prefix) {
    CheckpointStore store = store(prefix);
    Samples.save(store, 1, OLD, 1);
    return store;
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"KILLED", "ANSWER_LOST"})
  void anyRequestOfASaveMayFail(Fault fault) {
    String prefix = "save/" + fault;
    CheckpointStore calm = storeWithOld(prefix);
    FailingRequests requests = new FailingRequests();
    CheckpointStore store = new CheckpointStore(StoreServer.files(prefix, requests));
    boolean hasFaulted = true;
    int request = 0;
    for (; hasFaulted; request++) {
      requests.plan(fault, request + 1);
      @Nullable CheckpointException failure = null;
      try {
        Samples.save(store, 2, NEW, 2);
      } catch (CheckpointException e) {
        assertThat(e.kind()).isEqualTo(CheckpointException.Kind.IO);
        assertThat(e).hasMessageContaining("the line is dead");
        failure = e;
        store.abandon(2);
      }
      hasFaulted = requests.hasFaulted();
      if (!hasFaulted) {
        assertThat(failure).isNull();
      }
      assertThat(calm.steps()).contains(1L);
      calm.clean();
      assertThat(server.unfinishedUploads()).isZero();
      if (failure == null || calm.steps().contains(2L)) {
        assertSame(Samples.load(calm, 2), NEW);
        calm.delete(2);
      }
      assertThat(server.keys(prefix + "/")).hasSize(3).allMatch(key -> key.contains("/1/"));
    }
    assertThat(request).isGreaterThan(18);
    assertThat(calm.verify(1)).isEmpty();
    assertSame(Samples.load(calm, 1), OLD);
  }

  private static void assertSame(
      SequencedMap<String, byte[]> found, SequencedMap<String, byte[]> wanted) {
    assertThat(found.sequencedKeySet()).containsExactlyElementsOf(wanted.sequencedKeySet());
    wanted.forEach((path, bytes) -> assertThat(found.get(path)).as(path).isEqualTo(bytes));
  }

  @Test
  void anyRequestOfARemovalMayFail() {
    assertNothingIsLost("remove", store -> store.delete(2));
  }

  @Test
  void anyRequestOfASettingAsideMayFail() {
    assertNothingIsLost("aside", store -> store.setAside(2));
    assertThat(store("aside").damaged()).containsExactly("2.damaged");
    assertThat(server.keys("aside/2.damaged/")).hasSize(3);
  }

  /// The second checkpoint is whole until it is gone, at whichever request the work ends.
  private static void assertNothingIsLost(String prefix, Consumer<CheckpointStore> work) {
    CheckpointStore calm = storeWithOld(prefix);
    FailingRequests requests = new FailingRequests();
    CheckpointStore store = new CheckpointStore(StoreServer.files(prefix, requests));
    boolean hasFaulted = true;
    for (int request = 1; hasFaulted; request++) {
      server.keys(prefix + "/2").forEach(server::remove);
      Samples.save(calm, 2, NEW, 1);
      requests.plan(Fault.KILLED, request);
      try {
        work.accept(store);
        assertThat(requests.hasFaulted()).isFalse();
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining("the line is dead");
      }
      hasFaulted = requests.hasFaulted();
      calm.clean();
      if (calm.steps().contains(2L)) {
        assertThat(hasFaulted).isTrue();
        assertSame(Samples.load(calm, 2), NEW);
      }
    }
    assertThat(calm.steps()).containsExactly(1L);
    assertSame(Samples.load(calm, 1), OLD);
  }

  @Test
  void anyRequestOfAReadingMayFailAndIsNotTakenForDamage() {
    storeWithOld("read");
    FailingRequests requests = new FailingRequests();
    CheckpointStore store = new CheckpointStore(StoreServer.files("read", requests));
    boolean hasFaulted = true;
    for (int request = 1; hasFaulted; request++) {
      requests.plan(Fault.NOT_MADE, request);
      try {
        assertThat(store.steps()).containsExactly(1L);
        assertSame(Samples.load(store, 1), OLD);
        assertThat(requests.hasFaulted()).isFalse();
      } catch (CheckpointException e) {
        assertThat(e.kind()).isEqualTo(CheckpointException.Kind.IO);
      }
      hasFaulted = requests.hasFaulted();
    }
  }

  @Test
  void flippedBitsAndTruncationsAreFound() throws IOException {
    CheckpointStore store = store("damage");
    Samples.save(store, 5, OLD, 2);
    SplittableRandom random = new SplittableRandom(5);
    List<String> keys = server.keys("damage/5/");
    assertThat(keys).hasSize(4);
    for (String key : keys) {
      byte[] whole = server.content(key);
      for (int trial = 0; trial < 4; trial++) {
        byte[] damaged = whole.clone();
        damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
        assertFound(store, key, damaged);
        assertFound(store, key, Arrays.copyOf(whole, random.nextInt(whole.length)));
      }
      server.remove(key);
      if (!key.endsWith(CheckpointLayout.MARKER)) {
        assertFound(store, 5);
      }
      server.setContent(key, whole);
    }
    assertThat(store.verify(5)).isEmpty();
  }

  private static void assertFound(CheckpointStore store, String key, byte[] content) {
    server.setContent(key, content);
    assertFound(store, 5);
  }

  private static void assertFound(CheckpointStore store, long step) {
    assertThatThrownBy(() -> Samples.load(store, step))
        .isInstanceOfSatisfying(
            CheckpointException.class,
            e -> assertThat(e.kind()).isEqualTo(CheckpointException.Kind.DAMAGED));
  }

  @Test
  void whoStartsLastOwnsTheRun() {
    CheckpointStore one = store("owned");
    one.claim();
    Samples.save(one, 1, OLD, 1);
    one.prepare(2);
    Checkpoint part = one.writePart(2, 0, 1, Samples.blocks(NEW, 0, 1));
    CheckpointStore other = store("owned");
    other.claim();
    other.clean();
    List<String> paths = List.copyOf(NEW.sequencedKeySet());
    assertThatThrownBy(() -> one.commit(2, Samples.facts(), paths, List.of(part)))
        .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.isUsage()).isTrue())
        .hasMessageContaining("has taken over s3://bucket/owned (process ");
    other.prepare(2);
    Checkpoint others = other.writePart(2, 0, 1, Samples.blocks(NEW, 0, 1));
    one.abandon(2);
    assertThatThrownBy(() -> one.prepare(3)).hasMessageContaining("has taken over");
    other.commit(2, Samples.facts(), paths, List.of(others));
    assertSame(Samples.load(other, 2), NEW);
  }

  @Test
  void checkpointOfAStepIsNeverWrittenOver() throws IOException {
    CheckpointStore store = storeWithOld("over");
    assertThatThrownBy(() -> store.prepare(1)).hasMessageContaining("already");
    store.abandon(1);
    assertSame(Samples.load(store, 1), OLD);
  }

  @Test
  void uploadsThatAKilledProcessHasLeftAreRemoved() throws IOException {
    CheckpointStore one = storeWithOld("two");
    CheckpointFiles files = StoreServer.files("two", new ExecutionInterceptor() {});
    try (NewFile large = files.createLarge("2/left", 1000)) {
      large.write(ByteBuffer.wrap(new byte[1000]));
      assertThat(server.unfinishedUploads()).isEqualTo(1);
      one.clean();
      assertThat(server.unfinishedUploads()).isZero();
      assertThatThrownBy(large::force).isInstanceOf(IOException.class);
    }
    assertThat(files.list("")).containsExactly("1");
  }
}
