package jaxon.cluster;

/// A process that is gone though it was still needed.
///
/// @param processId its number
/// @param host address of the host it ran on
/// @param pid its process id on that host
/// @param reason what it said last, or how it was noticed
/// @param isUsage whether it ended because of a mistake of the user, which `reason` tells in full
public record LostProcess(int processId, String host, long pid, String reason, boolean isUsage) {
  /// `process 1 (10.0.0.7, pid 4711) is gone: it left without a goodbye`.
  public String describe() {
    return "process %d (%s, pid %d) is gone: %s".formatted(processId, host, pid, reason);
  }
}
