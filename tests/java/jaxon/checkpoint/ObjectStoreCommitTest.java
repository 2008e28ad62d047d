package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

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
      // What was set aside is whole, or is not there.
      assertThat(server.keys(prefix + "/2.damaged/").size()).isIn(0, 3);
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
    CheckpointStore other = taken("owned");
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

  /// Does something once, at the moment when a small file of a name is to be made; for the store
  /// that serves the tests it also looks after the conditions that it does not know.
  private static final class AtPut implements ExecutionInterceptor {
    private final String end;
    private @Nullable Runnable work;

    AtPut(String end, Runnable work) {
      this.end = end;
      this.work = work;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      if (!(context.request() instanceof PutObjectRequest put)) {
        return;
      }
      if (work != null && put.key().endsWith(end)) {
        Runnable now = work;
        work = null;
        now.run();
      }
      if ("*".equals(put.ifNoneMatch()) && server.keys(put.key()).contains(put.key())) {
        throw S3Exception.builder().statusCode(412).message("there is one").build();
      }
    }
  }

  private static CheckpointStore taken(String prefix) {
    CheckpointStore store = store(prefix);
    store.claim();
    store.clean();
    return store;
  }

  /// Takes a run over and saves, at the moment when the one before puts a file: what is saved
  /// stays.
  @ParameterizedTest
  @ValueSource(strings = {"/.owner", "/manifest.json", "/COMMITTED"})
  void whoIsTakenOverDoesNotHarmTheSuccessor(String file) {
    String prefix = "taken" + file.replace("/", "-");
    CheckpointStore other = store(prefix);
    Runnable takeOver =
        () -> {
          other.claim();
          other.clean();
          Samples.save(other, 2, NEW, 2);
        };
    CheckpointStore one =
        new CheckpointStore(StoreServer.files(prefix, new AtPut("2" + file, takeOver)));
    one.claim();
    one.create();
    one.prepare(2);
    List<Checkpoint> parts = List.of(one.writePart(2, 0, 1, Samples.blocks(OLD, 0, 1)));
    if (file.equals("/.owner")) {
      takeOver.run();
    }
    List<String> paths = List.copyOf(OLD.sequencedKeySet());
    assertThatThrownBy(() -> one.commit(2, Samples.facts(), paths, parts))
        .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.isUsage()).isTrue());
    one.abandon(2);
    for (Consumer<CheckpointStore> work :
        List.<Consumer<CheckpointStore>>of(
            store -> store.delete(2),
            store -> store.setAside(2),
            store -> store.writePart(3, 0, 1, List.of()))) {
      assertThatThrownBy(() -> work.accept(one)).hasMessageContaining("has taken over");
    }
    assertThat(other.verify(2)).isEmpty();
    assertSame(Samples.load(other, 2), NEW);
  }

  /// Another process of a run that was taken over in the middle of its part writes on.
  @Test
  void partsOfTwoRunsDoNotMix() {
    CheckpointStore one = taken("mix");
    CheckpointStore second = store("mix");
    second.create();
    one.prepare(2);
    CheckpointStore other = store("mix");
    List<Checkpoint> parts = new ArrayList<>();
    List<TensorBlock> late =
        Samples.blocks(OLD, 1, 2).stream()
            .map(block ->
                new TensorBlock(
                    block.path(),
                    block.tensor(),
                    block.region(),
                    reader -> {
                      if (parts.isEmpty()) {
                        other.claim();
                        other.clean();
                        other.create();
                        other.prepare(2);
                        for (int writer = 0; writer < 2; writer++) {
                          parts.add(other.writePart(2, writer, 2, Samples.blocks(NEW, writer, 2)));
                          other.storePart(parts.getLast(), writer);
                        }
                      }
                      block.data().read(reader);
                    }))
            .toList();
    second.storePart(second.writePart(2, 1, 2, late), 1);
    assertThat(parts).hasSize(2);
    other.commit(2, Samples.facts(), List.copyOf(NEW.sequencedKeySet()), other.storedParts(2, 2));
    assertThat(other.verify(2)).isEmpty();
    assertSame(Samples.load(other, 2), NEW);
  }

  /// What somebody has put who was taken over between his last look and that is no obstacle.
  @Test
  void lateManifestIsReplaced() {
    CheckpointStore one = new CheckpointStore(StoreServer.files("late", new AtPut("", () -> {})));
    one.claim();
    one.prepare(2);
    List<Checkpoint> parts = List.of(one.writePart(2, 0, 1, Samples.blocks(NEW, 0, 1)));
    server.setContent("late/2/manifest.json", new byte[10]);
    one.commit(2, Samples.facts(), List.copyOf(NEW.sequencedKeySet()), parts);
    assertSame(Samples.load(one, 2), NEW);
  }

  @Test
  void checkpointOfAStepIsNeverWrittenOver() throws IOException {
    CheckpointStore store = storeWithOld("over");
    assertThatThrownBy(() -> store.prepare(1)).hasMessageContaining("already");
    store.abandon(1);
    assertSame(Samples.load(store, 1), OLD);
  }

  /// A prefix that is somebody's, in which something is named as a step.
  @Test
  void whatIsNotOfACheckpointIsNotRemoved() {
    server.setContent("foreign/2024/report.csv", new byte[3]);
    server.setContent("foreign/7/data-00000-of-00001.parquet", new byte[3]);
    CheckpointStore store = store("foreign");
    for (Consumer<CheckpointStore> work :
        List.<Consumer<CheckpointStore>>of(
            CheckpointStore::clean, all -> Samples.save(all, 2024, NEW, 1))) {
      assertThatThrownBy(() -> work.accept(store))
          .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.isUsage()).isTrue())
          .hasMessageContainingAll("s3://bucket/foreign/2024", "report.csv", "Move it elsewhere");
    }
    store.abandon(2024);
    assertThat(server.keys("foreign/")).hasSize(2);
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
