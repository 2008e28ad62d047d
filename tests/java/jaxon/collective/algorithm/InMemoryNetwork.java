package jaxon.collective.algorithm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import jaxon.collective.Communicator;
import jaxon.collective.reduce.NativeMemory;
import org.jspecify.annotations.Nullable;

/// Transports between threads, over queues that hold a few small frames.
final class InMemoryNetwork implements AutoCloseable {
  private static final int QUEUED = 3;
  private static final long PARK_NANOS = 2_000_000;

  /// What a rank does.
  interface Body {
    void run(Communicator communicator) throws Exception;
  }

  private record Packet(Frame frame, ByteBuffer payload) {}

  private final int size;
  private final int maxPayload;
  private final List<Queue<Packet>> queues = new ArrayList<>();
  private final List<Link> links;
  private final AtomicReference<Transport.@Nullable Failure> failure = new AtomicReference<>();
  private final Arena arena = Arena.ofShared();

  InMemoryNetwork(int size, int maxPayload) {
    this.size = size;
    this.maxPayload = maxPayload;
    for (int i = 0; i < size * size; i++) {
      queues.add(new ArrayBlockingQueue<>(QUEUED));
    }
    this.links = IntStream.range(0, size).mapToObj(Link::new).toList();
  }

  Transport transport(int rank) {
    return links.get(rank);
  }

  /// Runs a body for each rank, on virtual threads, and gives what each threw, by rank.
  static Map<Integer, Throwable> run(
      InMemoryNetwork network, Duration deadline, AlgorithmChoice choice, List<Body> bodies) {
    Map<Integer, Throwable> thrown = new ConcurrentSkipListMap<>();
    List<Thread> threads = new ArrayList<>();
    for (int rank = 0; rank < bodies.size(); rank++) {
      int me = rank;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                Transport transport = network.transport(me);
                try (Communicator c = PeerCommunicator.world(transport, 1, deadline, choice)) {
                  bodies.get(me).run(c);
                } catch (Throwable e) {
                  thrown.put(me, e);
                  transport.abort(String.valueOf(e.getMessage()));
                }
              }));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return thrown;
  }

  /// Runs the same body for each of `size` ranks; throws what one of them threw.
  static void run(int size, AlgorithmChoice choice, Body body) {
    try (InMemoryNetwork network = new InMemoryNetwork(size, 208)) {
      List<Body> bodies = IntStream.range(0, size).mapToObj(i -> body).toList();
      for (Throwable thrown : run(network, Duration.ofSeconds(20), choice, bodies).values()) {
        throw new AssertionError(thrown.getMessage(), thrown);
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  private final class Link implements Transport {
    private final int rank;
    private final MemorySegment arrival = arena.allocate(maxPayload, 8);
    private volatile @Nullable Thread waiter;

    Link(int rank) {
      this.rank = rank;
    }

    @Override
    public int rank() {
      return rank;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public int maxPayload() {
      return maxPayload;
    }

    @Override
    public boolean offer(int peer, Frame frame, long address, int length) {
      byte[] payload = NativeMemory.ALL.asSlice(address, length).toArray(ValueLayout.JAVA_BYTE);
      boolean taken =
          queues.get(rank * size + peer).offer(new Packet(frame, ByteBuffer.wrap(payload)));
      links.get(peer).wake();
      return taken;
    }

    @Override
    public int poll(int peer, FrameHandler handler) {
      int taken = 0;
      while (true) {
        Packet packet = queues.get(peer * size + rank).poll();
        if (packet == null) {
          return taken;
        }
        taken++;
        links.get(peer).wake();
        byte[] payload = packet.payload().array();
        int length = payload.length;
        MemorySegment.copy(payload, 0, arrival, ValueLayout.JAVA_BYTE, 0, length);
        if (!handler.onFrame(packet.frame(), arrival.address(), length)) {
          return taken;
        }
      }
    }

    private void wake() {
      LockSupport.unpark(waiter);
    }

    @Override
    public void idle(int turns) {
      waiter = Thread.currentThread();
      LockSupport.parkNanos(this, PARK_NANOS);
    }

    @Override
    public Optional<Failure> failure() {
      return Optional.ofNullable(failure.get()).filter(why -> why.rank() != rank);
    }

    @Override
    public boolean hasClosed(int peer) {
      return false;
    }

    @Override
    public void abort(String reason) {
      failure.compareAndSet(null, new Failure(rank, false, reason));
      links.forEach(Link::wake);
    }

    @Override
    public void close() {}
  }
}
