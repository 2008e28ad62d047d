package jaxon.collective.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/// How fast datagrams go to another thread of this host and back, with nothing but the JDK's
/// sockets.
///
/// What it says compares with a bus bandwidth: in an all_reduce of S bytes between two ranks S
/// bytes go each way, and here S bytes come back of S that were sent.
///
/// @param datagramBytes as many as the transport's packets have
/// @param window datagrams under way; together they must fit the socket's buffers
/// @param vectorBytes of the memory that is sent and of that which is filled, one time through in a
///   round: those of one datagram stay in the cache, those of a large vector come from memory as
///   they do in a collective
/// @param rounds that are timed
public record UdpEchoFloor(int datagramBytes, int window, long vectorBytes, int rounds) {
  private static final int BUFFERS = 4 << 20;
  private static final int LOST_MILLIS = 200;
  private static final int LEAST_DATAGRAMS = 1000;

  /// Bytes of payload that came back by time, in GB/s, of the median round. Datagrams that are lost
  /// are sent again after a pause.
  public double measure() {
    try (DatagramChannel near = channel();
        DatagramChannel far = channel();
        Selector selector = Selector.open()) {
      Thread.ofPlatform().daemon().name("jaxon-udp-echo").start(() -> echo(far));
      near.connect(far.getLocalAddress());
      near.configureBlocking(false);
      near.register(selector, SelectionKey.OP_READ);
      int slots = (int) Math.max(1, vectorBytes / datagramBytes);
      ByteBuffer sent = ByteBuffer.allocateDirect(slots * datagramBytes);
      ByteBuffer received = ByteBuffer.allocateDirect(slots * datagramBytes);
      int datagrams = Math.max(slots, LEAST_DATAGRAMS);
      long[] nanos = new long[rounds];
      // As many rounds before as are timed, for the JIT compiler.
      for (int round = -rounds; round < rounds; round++) {
        long start = System.nanoTime();
        exchange(near, selector, sent, received, datagrams);
        if (round >= 0) {
          nanos[round] = System.nanoTime() - start;
        }
      }
      return (double) datagramBytes * datagrams / (Latency.of(nanos).p50() * 1e3);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DatagramChannel channel() throws IOException {
    return DatagramChannel.open()
        .setOption(StandardSocketOptions.SO_RCVBUF, BUFFERS)
        .setOption(StandardSocketOptions.SO_SNDBUF, BUFFERS)
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private void exchange(
      DatagramChannel near, Selector selector, ByteBuffer sent, ByteBuffer received, int count)
      throws IOException {
    int underWay = 0;
    int back = 0;
    while (back < count) {
      while (underWay < window
          && back + underWay < count
          && near.write(slot(sent, back + underWay)) > 0) {
        underWay++;
      }
      if (near.read(slot(received, back)) > 0) {
        underWay--;
        back++;
      } else if (selector.select(_ -> {}, LOST_MILLIS) == 0) {
        underWay = 0;
      }
    }
  }

  private ByteBuffer slot(ByteBuffer memory, int datagram) {
    int start = datagram % (memory.capacity() / datagramBytes) * datagramBytes;
    return memory.limit(start + datagramBytes).position(start);
  }

  private void echo(DatagramChannel far) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(datagramBytes);
    try {
      while (true) {
        SocketAddress from = far.receive(buffer.clear());
        far.send(buffer.flip(), from);
      }
    } catch (ClosedChannelException e) {
      // The measurement is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
