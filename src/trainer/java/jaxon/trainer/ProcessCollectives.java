package jaxon.trainer;

import jaxon.collective.CollectiveException;
import jaxon.collective.Communicator;
import jaxon.config.CollectiveTransport;
import jaxon.config.Configuration;

/// Collectives between processes that meet as those of a run do, for measuring.
public final class ProcessCollectives {
  private ProcessCollectives() {}

  /// What each process does.
  @FunctionalInterface
  public interface Part {
    /// Works with the others.
    ///
    /// @param overUdp whether bytes travel over the network
    void run(Communicator communicator, boolean overUdp);
  }

  /// Meets the other processes and does this one's part.
  ///
  /// @throws TrainingException if a collective fails
  public static void run(Configuration config, Part part) {
    RunProcesses processes = RunProcesses.meet(config, RunMesh.of(config), ProcessGuard.none());
    try (Communicator communicator =
        processes.links().communicators().apply(config.cluster().processId())) {
      part.run(communicator, config.cluster().collectiveTransport() == CollectiveTransport.UDP);
    } catch (CollectiveException e) {
      processes.fail(e);
      throw TrainingException.failure(String.valueOf(e.getMessage()), e);
    } finally {
      processes.close();
    }
  }
}
