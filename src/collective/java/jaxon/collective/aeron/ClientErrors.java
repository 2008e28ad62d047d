package jaxon.collective.aeron;

import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.ClientTimeoutException;
import io.aeron.exceptions.ConductorServiceTimeoutException;
import io.aeron.exceptions.DriverTimeoutException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;

/// What the Aeron client of a rank reports of itself.
///
/// The error that ends it is a warning to nobody: the collective that fails of it tells it, in
/// words that say where to look. Others are warnings.
final class ClientErrors implements ErrorHandler {
  private static final Logger LOG = System.getLogger(ClientErrors.class.getName());

  private final int rank;
  private final AeronSettings settings;
  private volatile @Nullable Throwable end;

  ClientErrors(int rank, AeronSettings settings) {
    this.rank = rank;
    this.settings = settings;
  }

  @Override
  public void onError(Throwable e) {
    boolean ends =
        e instanceof AgentTerminationException
            || (e instanceof AeronException own && own.category() == AeronException.Category.FATAL);
    if (ends && end == null) {
      end = e;
    }
    LOG.log(ends ? Level.DEBUG : Level.WARNING, "Aeron client of rank {0}: {1}", rank, e);
  }

  /// The error that has ended the client, if one has.
  @Nullable Throwable end() {
    return end;
  }

  /// Why a client that has ended did, to follow the name of what failed.
  String reason() {
    Throwable cause = end;
    if (cause instanceof ConductorServiceTimeoutException
        || cause instanceof ClientTimeoutException) {
      return "the process of rank %d stood still for longer than the %d s after which others count it as dead; was it stopped, or its host suspended or out of memory?"
          .formatted(rank, settings.liveness().toSeconds());
    }
    if (cause == null || cause instanceof DriverTimeoutException) {
      return "the media driver in %s does not answer any more; the process that ran it may have ended"
          .formatted(settings.directory());
    }
    return "its Aeron client has ended: " + cause;
  }
}
