package jaxon.collective.algorithm;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.collective.Call;
import jaxon.collective.CollectiveException;
import jaxon.collective.CollectiveWords;
import jaxon.collective.Communicator;
import jaxon.collective.QueuedCommunicator;

/// A rank's place in a group of ranks that reach each other through a [Transport].
public final class PeerCommunicator extends QueuedCommunicator {
  private final Endpoint endpoint;
  private final Group group;

  PeerCommunicator(Endpoint endpoint, Group group) {
    super(
        group.place(),
        group.members(),
        endpoint.queue(),
        endpoint.recorder(),
        endpoint.transfers());
    this.endpoint = endpoint;
    this.group = group;
  }

  /// The communicator of all ranks of a transport, which it owns and closes.
  ///
  /// @param epoch a number that no other run on the same addresses has
  /// @param deadline how long a collective may take
  public static Communicator world(
      Transport transport, long epoch, Duration deadline, AlgorithmChoice choice) {
    List<Integer> all = IntStream.range(0, transport.size()).boxed().toList();
    Endpoint endpoint = new Endpoint(transport, epoch, deadline, choice);
    return endpoint.communicator(transport.rank(), all);
  }

  @Override
  protected Communicator group(int place, List<Integer> members) {
    return endpoint.communicator(place, members);
  }

  @Override
  protected void execute(Call call, CollectiveWords words) {
    endpoint.checkWhole();
    try {
      new PeerWork(new Exchange(endpoint, group, words)).run(call);
      endpoint.transport().handOver();
    } catch (CollectiveException e) {
      endpoint.fail(e);
      throw e;
    } catch (RuntimeException | Error e) {
      endpoint.fail(new CollectiveException(words + ": " + e, words.rank(), e));
      throw e;
    }
  }

  @Override
  public void abort(Throwable cause) {
    endpoint.fail(new CollectiveException(cause.toString(), endpoint.transport().rank(), cause));
  }

  @Override
  public void lost(int rank, String reason) {
    endpoint.report(new Transport.Failure(rank, true, reason));
  }

  /// Closes the transport if this is a communicator of all ranks.
  @Override
  public void close() {
    if (size() == endpoint.transport().size()) {
      endpoint.close();
    }
  }
}
