package jaxon.cli;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jaxon.cluster.FreePort;
import jaxon.cluster.HostPort;
import jaxon.cluster.launch.LauncherWatch;
import org.jspecify.annotations.Nullable;

/// The processes to start on this host.
///
/// @param here how many
/// @param first number of the first of them
/// @param everywhere how many there are on all hosts
/// @param coordinator `HOST:PORT`
/// @param command what each runs: a command of Jaxon and its arguments
record LaunchPlan(int here, int first, int everywhere, String coordinator, List<String> command) {
  private static final String LAUNCH = "launch";
  private static final int MOST = 4096;
  private static final List<String> GIVEN = List.of("coordinator", "process_id", "num_processes");

  /// @param known the commands of Jaxon
  /// @throws IllegalArgumentException that tells the user's mistake
  static LaunchPlan of(
      int here,
      int first,
      @Nullable Integer everywhere,
      @Nullable String coordinator,
      List<String> command,
      List<String> known) {
    check(here >= 1 && here <= MOST, "--processes is %d; it must be 1 to %d".formatted(here, MOST));
    int all = everywhere == null ? here : everywhere;
    check(
        first >= 0 && first <= all - here,
        "processes %d to %d do not fit into %d; processes are numbered from 0"
                .formatted(first, first + here - 1, all)
            + ". See --first-process and --num-processes");
    check(
        coordinator != null || all == here,
        "processes on other hosts need to know where process 0 listens: give --coordinator=HOST:PORT");
    check(
        coordinator == null || HostPort.isValid(coordinator),
        "--coordinator is '%s'; write HOST:PORT".formatted(coordinator));
    checkCommand(command, known);
    return new LaunchPlan(
        here,
        first,
        all,
        coordinator == null
            ? "127.0.0.1:" + FreePort.at(InetAddress.ofLiteral("127.0.0.1"))
            : coordinator,
        command);
  }

  private static void checkCommand(List<String> command, List<String> known) {
    List<String> allowed = known.stream().filter(name -> !name.equals(LAUNCH)).toList();
    check(
        !command.isEmpty(),
        "there is nothing to launch; write the command after --, for example: launch --processes=2 --"
            + " train --config=base.yml");
    check(
        allowed.contains(command.getFirst()),
        "there is no command '%s' to launch; there are %s"
            .formatted(command.getFirst(), String.join(", ", allowed)));
    Optional<String> given =
        GIVEN.stream()
            .filter(key -> command.stream().anyMatch(word -> word.matches("(--)?" + key + "=.*")))
            .findFirst();
    check(given.isEmpty(), given.orElse("") + " after -- is launch's to give; see launch --help");
  }

  private static void check(boolean right, String message) {
    if (!right) {
      throw new IllegalArgumentException(message);
    }
  }

  /// The command line of each process: a JVM with the flags of this one.
  ///
  /// @param cores of this host, which the processes share out
  List<List<String>> commands(int cores) {
    List<String> options = new ArrayList<>(LauncherWatch.jvmOptions());
    // A JVM that is killed leaves its counters in the temporary directory.
    options.add("-XX:+PerfDisableSharedMem");
    boolean isSet =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .anyMatch(option -> option.startsWith("-XX:ActiveProcessorCount="));
    if (here > 1 && !isSet) {
      // Then num_threads=0, all cores, means a share of them.
      options.add("-XX:ActiveProcessorCount=" + Math.max(1, cores / here));
    }
    List<List<String>> commands = new ArrayList<>();
    for (int id = first; id < first + here; id++) {
      List<String> arguments = new ArrayList<>(command);
      arguments.add("coordinator=" + coordinator);
      arguments.add("process_id=" + id);
      arguments.add("num_processes=" + everywhere);
      commands.add(JvmCommand.jaxon(options, arguments));
    }
    return commands;
  }

  /// What to run on each of several hosts, with what to know about it.
  static List<String> commandsOfHosts(
      List<String> hosts, int port, int eachHost, List<String> command) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Run each command on its host, in any order. Process 0 is the coordinator: it listens");
    lines.add("# at %s:%d, and all others must reach it there.".formatted(hosts.getFirst(), port));
    String words = command.stream().map(LaunchPlan::quoted).collect(Collectors.joining(" "));
    for (int i = 0; i < hosts.size(); i++) {
      lines.add("# On " + hosts.get(i) + ":");
      lines.add(
          "bin/jaxon launch --processes=%d --coordinator=%s:%d --first-process=%d --num-processes=%d -- %s network_interface=%s"
              .formatted(
                  eachHost,
                  hosts.getFirst(),
                  port,
                  i * eachHost,
                  hosts.size() * eachHost,
                  words,
                  hosts.get(i)));
    }
    return lines;
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
