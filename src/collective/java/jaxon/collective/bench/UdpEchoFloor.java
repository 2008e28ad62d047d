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
/// @param datagramBytes as many as the transport's packets have
/// @param window datagrams under way; together they must fit the socket's buffers
/// @param datagrams sent in all
public record UdpEchoFloor(int datagramBytes, int window, int datagrams) {
  private static final int BUFFERS = 4 << 20;
  private static final int LOST_MILLIS = 200;

  /// Bytes of payload that came back by time, in GB/s: each went both ways, as the two halves of an
  /// all_reduce between two ranks do. Datagrams that are lost are sent again after a pause.
  public double measure() {
    try (DatagramChannel near = channel();
        DatagramChannel far = channel();
        Selector selector = Selector.open()) {
      Thread.ofPlatform().daemon().name("jaxon-udp-echo").start(() -> echo(far));
      near.connect(far.getLocalAddress());
      near.configureBlocking(false);
      near.register(selector, SelectionKey.OP_READ);
      exchange(near, selector, Math.max(window, datagrams / 10));
      long start = System.nanoTime();
      exchange(near, selector, datagrams);
      long nanos = System.nanoTime() - start;
      return (double) datagramBytes * datagrams / nanos;
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

  private void exchange(DatagramChannel near, Selector selector, int count) throws IOException {
    ByteBuffer sent = ByteBuffer.allocateDirect(datagramBytes);
    ByteBuffer received = ByteBuffer.allocateDirect(datagramBytes);
    int underWay = 0;
    int back = 0;
    while (back < count) {
      while (underWay < window && back + underWay < count && near.write(sent.clear()) > 0) {
        underWay++;
      }
      if (near.read(received.clear()) > 0) {
        underWay--;
        back++;
      } else if (selector.select(_ -> {}, LOST_MILLIS) == 0) {
        underWay = 0;
      }
    }
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
