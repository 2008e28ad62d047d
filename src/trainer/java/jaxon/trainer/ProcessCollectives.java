package jaxon.trainer;

import java.util.function.Consumer;
import jaxon.collective.CollectiveException;
import jaxon.collective.Communicator;
import jaxon.config.CollectiveTransport;
import jaxon.config.Configuration;
import jaxon.trainer.bench.CollectivesReport;

/// Measures the collectives between processes that meet as those of a run do.
public final class ProcessCollectives {
  private ProcessCollectives() {}

  /// One process's part; the first one reports.
  public static void measure(Configuration config, CollectivesReport report, Consumer<String> out) {
    RunProcesses processes = RunProcesses.meet(config, RunMesh.of(config));
    try (Communicator communicator =
        processes.links().communicators().apply(config.cluster().processId())) {
      boolean overUdp = config.cluster().collectiveTransport() == CollectiveTransport.UDP;
      report.run(communicator, overUdp, processes.isLeader() ? out : _ -> {});
    } catch (CollectiveException e) {
      processes.fail(e);
      throw TrainingException.failure(String.valueOf(e.getMessage()), e);
    } finally {
      processes.close();
    }
  }
}
