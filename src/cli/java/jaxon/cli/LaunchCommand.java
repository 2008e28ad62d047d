package jaxon.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import jaxon.cluster.launch.Launcher;
import jaxon.cluster.launch.Patience;
import jaxon.trainer.RunLeftovers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon launch`: runs a command in several processes, on this host or, told how, on several.
@Command(
    name = "launch",
    description = "Runs a command in several processes that work together.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    customSynopsis = "jaxon launch --processes=N [OPTIONS] -- COMMAND [ARGUMENTS]",
    footer = {
      "",
      "Lines of process I start with '[I] '; error lines that several print are shown once, with the"
          + " number of the first. When a process fails, the others are stopped, and its exit code is"
          + " that of launch. Ctrl-C stops all.",
      "",
      "Example: bin/jaxon launch --processes=4 -- train --config=base.yml steps=10"
    })
final class LaunchCommand implements Callable<Integer> {
  @Option(
      names = "--processes",
      required = true,
      paramLabel = "N",
      description = "How many processes to start on this host; with --hosts, on each.")
  private int processes;

  @Option(
      names = "--hosts",
      split = ",",
      paramLabel = "HOST",
      description =
          "Starts nothing, but prints the command to run on each of these hosts; the first is the"
              + " coordinator's.")
  private @Nullable List<String> hosts;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "29500",
      description = "With --hosts: the coordinator's port. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--coordinator",
      paramLabel = "HOST:PORT",
      description =
          "Where process 0 listens, if other hosts have processes too. Default: a free port of this"
              + " host.")
  private @Nullable String coordinator;

  @Option(
      names = "--first-process",
      paramLabel = "I",
      defaultValue = "0",
      description = "Number of the first process on this host. Default: ${DEFAULT-VALUE}.")
  private int firstProcess;

  @Option(
      names = "--num-processes",
      paramLabel = "N",
      description = "Processes on all hosts together. Default: those of this host.")
  private @Nullable Integer numProcesses;

  @Option(
      names = "--stop-timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "After Ctrl-C or SIGTERM, time for the processes to end a step. Default:"
              + " ${DEFAULT-VALUE}.")
  private int stopTimeout;

  @Parameters(arity = "0..*", hidden = true)
  private List<String> command = List.of();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  LaunchCommand() {}

  @Override
  public Integer call() {
    LaunchPlan plan = plan();
    if (hosts != null) {
      LaunchPlan.commandsOfHosts(hosts, port, processes, command)
          .forEach(spec.commandLine().getOut()::println);
      return 0;
    }
    Patience patience = Patience.USUAL.withAfterSignal(Duration.ofSeconds(stopTimeout));
    try {
      return new Launcher(
              plan.commands(Runtime.getRuntime().availableProcessors()),
              firstProcess,
              patience,
              System.out,
              System.err)
          .cleaningUp(RunLeftovers::remove)
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /// What to start, checked.
  private LaunchPlan plan() {
    if (stopTimeout < 0) {
      throw new ParameterException(
          spec.commandLine(), "--stop-timeout is %d; it must be 0 or more".formatted(stopTimeout));
    }
    try {
      List<String> commands = List.copyOf(spec.root().subcommands().keySet());
      return LaunchPlan.of(processes, firstProcess, numProcesses, coordinator, command, commands);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
