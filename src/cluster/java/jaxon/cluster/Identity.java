package jaxon.cluster;

import com.hazelcast.cluster.Member;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a process says of itself when it joins, carried by the attributes of its member.
///
/// @param uuid of the member
/// @param address the member listens on, `host:port`
/// @param pid of the process, on its host
record Identity(
    String uuid,
    String address,
    int processId,
    int processes,
    String job,
    String digest,
    long pid) {
  private static final String PROCESS_ID = "process_id";
  private static final String PROCESSES = "num_processes";
  private static final String JOB = "job";
  private static final String DIGEST = "digest";
  private static final String PID = "pid";
  private static final int UNKNOWN = -1;

  /// The attributes of this process.
  static Map<String, String> attributes(ClusterSettings settings) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put(PROCESS_ID, Integer.toString(settings.processId()));
    attributes.put(PROCESSES, Integer.toString(settings.processes()));
    attributes.put(JOB, settings.job());
    attributes.put(DIGEST, settings.digest());
    attributes.put(PID, Long.toString(ProcessHandle.current().pid()));
    return attributes;
  }

  /// The identity of a member; what it does not say is -1 or empty.
  static Identity of(Member member) {
    Map<String, String> attributes = member.getAttributes();
    return new Identity(
        member.getUuid().toString(),
        member.getAddress().getHost() + ":" + member.getAddress().getPort(),
        number(attributes, PROCESS_ID),
        number(attributes, PROCESSES),
        attributes.getOrDefault(JOB, ""),
        attributes.getOrDefault(DIGEST, ""),
        number(attributes, PID));
  }

  private static int number(Map<String, String> attributes, String key) {
    String text = attributes.getOrDefault(key, "");
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : UNKNOWN;
  }

  String host() {
    return address.substring(0, address.lastIndexOf(':'));
  }

  /// `process 1 (10.0.0.7, pid 4711)`.
  String describe() {
    return "process %d (%s, pid %d)".formatted(processId, host(), pid);
  }
}
