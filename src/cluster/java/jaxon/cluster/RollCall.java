package jaxon.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The rules by which processes belong together; the coordinator is the first of a list.
final class RollCall {
  private RollCall() {}

  /// Why the processes cannot work together, apart from their configurations; empty if they can.
  static Optional<String> conflict(List<Identity> present) {
    for (int i = 1; i < present.size(); i++) {
      Optional<String> conflict = conflict(present.subList(0, i), present.get(i));
      if (conflict.isPresent()) {
        return conflict;
      }
    }
    return Optional.empty();
  }

  /// Why `comer` cannot join those who are present.
  static Optional<String> conflict(List<Identity> present, Identity comer) {
    Identity first = present.getFirst();
    if (!comer.job().equals(first.job())) {
      return Optional.of(
          """
          %s belongs to job '%s', %s to job '%s', and both use the coordinator at %s
            Give each job a coordinator address of its own.\
          """
              .formatted(
                  first.describe(), first.job(), comer.describe(), comer.job(), first.address()));
    }
    if (comer.processes() != first.processes()) {
      return Optional.of(
          """
          %s was started with num_processes=%d, %s with num_processes=%d
            Start all processes with the same number.\
          """
              .formatted(first.describe(), first.processes(), comer.describe(), comer.processes()));
    }
    return present.stream()
        .filter(other -> other.processId() == comer.processId())
        .findFirst()
        .map(other ->
            """
            two processes have process_id=%d: one at %s (pid %d) and one at %s (pid %d)
              Give each of the %d processes a number of its own, 0 to %d.\
            """
                .formatted(
                    comer.processId(),
                    other.host(),
                    other.pid(),
                    comer.host(),
                    comer.pid(),
                    first.processes(),
                    first.processes() - 1));
  }

  /// The first process whose configuration is not the coordinator's.
  static Optional<Identity> otherConfiguration(List<Identity> present) {
    Identity first = present.getFirst();
    return present.stream().filter(one -> !one.digest().equals(first.digest())).findFirst();
  }

  /// What to say of two configurations that differ.
  static String configurationConflict(Identity first, Identity other, List<String> differences) {
    StringBuilder text =
        new StringBuilder(
            "%s and %s have different configurations"
                .formatted(first.describe(), other.describe()));
    differences.forEach(line -> text.append("\n  ").append(line));
    return text.append("\n  Start all processes with the same configuration.").toString();
  }

  /// Who is missing when the time is over.
  static String incomplete(List<Identity> present, ClusterSettings settings) {
    List<String> missing = new ArrayList<>();
    for (int id = 0; id < settings.processes(); id++) {
      int wanted = id;
      if (present.stream().noneMatch(one -> one.processId() == wanted)) {
        missing.add(Integer.toString(id));
      }
    }
    return """
    only %d of %d processes joined within %d s; missing: %s
      Joined: %s.
      Start the others with coordinator=%s num_processes=%d and their process_id, or raise rendezvous_timeout_seconds.\
    """
        .formatted(
            present.size(),
            settings.processes(),
            settings.timeout().toSeconds(),
            String.join(", ", missing),
            present.stream().map(Identity::describe).collect(Collectors.joining(", ")),
            settings.coordinator(),
            settings.processes());
  }
}
