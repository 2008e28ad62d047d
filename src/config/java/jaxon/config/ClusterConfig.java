package jaxon.config;

/// The processes of a run, and how they reach each other.
public record ClusterConfig(
    @Key(
            doc =
                "Where process 0 listens for the others, HOST:PORT. Empty: the run has one process."
                    + " bin/jaxon launch sets this key, process_id and num_processes.",
            defaultValue = "")
        String coordinator,
    @Key(doc = "Which process this is, counted from 0.", defaultValue = "0", min = 0, max = 65_535)
        int processId,
    @Key(doc = "How many processes the run has.", defaultValue = "1", min = 1, max = 65_536)
        int numProcesses,
    @Key(
            doc =
                "The address or name of the network interface to reach other processes by; nothing"
                    + " is listened on elsewhere. With several hosts, this host's address on their"
                    + " network, which must be a private one.",
            defaultValue = "127.0.0.1")
        String networkInterface,
    @Key(
            doc = "Stop when the processes have not found each other in this time.",
            defaultValue = "300",
            min = 1,
            max = 86_400)
        int rendezvousTimeoutSeconds,
    @Key(
            doc =
                "Stop when another process does not take part in a collective in this time. One that"
                    + " died is noticed sooner.",
            defaultValue = "300",
            min = 1,
            max = 86_400)
        int collectiveTimeoutSeconds,
    @Key(doc = "How collectives travel between processes.", defaultValue = "auto")
        CollectiveTransport collectiveTransport) {

  /// Whether other processes take part.
  public boolean isDistributed() {
    return !coordinator.isEmpty() && numProcesses > 1;
  }
}
