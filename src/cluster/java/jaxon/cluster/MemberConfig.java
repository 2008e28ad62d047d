package jaxon.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The settings of the embedded Hazelcast member: closed where its defaults are open, small where
/// they are made for data, and quick to notice who is gone.
final class MemberConfig {
  /// Name of the one map.
  static final String BOARD = "board";

  private static final String CLUSTER = "jaxon-1";

  /// A silent connection counts as lost after this time; pauses of a process must be shorter. A
  /// closed one is noticed at once.
  private static final int SILENCE_SECONDS = 12;

  private static final int MOST_BACKUPS = 2;

  private MemberConfig() {}

  /// @param own the address to listen on, and no other
  /// @param port to listen on; 0 for any that is free
  /// @param coordinator address of process 0
  static Config of(
      ClusterSettings settings, InetAddress own, int port, InetAddress coordinator, Duration join) {
    Config config = new Config();
    config.setClusterName(CLUSTER);
    properties(join).forEach(config::setProperty);
    Identity.attributes(settings).forEach(config.getMemberAttributeConfig()::setAttribute);
    config.setAdvancedNetworkConfig(network(settings, own, port, coordinator));
    config.getJetConfig().setEnabled(false);
    config.getMetricsConfig().setEnabled(false);
    config.getIntegrityCheckerConfig().setEnabled(false);
    config.getSerializationConfig().setJavaSerializationFilterConfig(onlyErrors());
    config.getSerializationConfig().getCompactSerializationConfig().setZeroConfigFilter(nothing());
    config.addMapConfig(
        new MapConfig(BOARD)
            .setInMemoryFormat(InMemoryFormat.BINARY)
            .setStatisticsEnabled(false)
            // While members join or leave, waiting for a backup may take five seconds.
            .setBackupCount(0)
            .setAsyncBackupCount(Math.min(MOST_BACKUPS, settings.processes() - 1)));
    return config;
  }

  /// Only members are spoken to: no clients, no REST, no memcache; no multicast, no discovery.
  private static AdvancedNetworkConfig network(
      ClusterSettings settings, InetAddress own, int port, InetAddress coordinator) {
    ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
    endpoint.setPort(port).setPortAutoIncrement(false);
    endpoint.getInterfaces().setEnabled(true).addInterface(own.getHostAddress());
    String target = coordinator.getHostAddress() + ":" + settings.coordinator().port();
    JoinConfig join = new JoinConfig();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).setMembers(List.of(target));
    if (!settings.isCoordinator()) {
      join.getTcpIpConfig().setRequiredMember(target);
    }
    return new AdvancedNetworkConfig()
        .setEnabled(true)
        .setMemberEndpointConfig(endpoint)
        .setJoin(join);
  }

  /// Java's serialization carries only the errors of Hazelcast's own operations. An error that
  /// cannot be read back is not answered, and then the member waits, so none of them may be
  /// missing.
  private static JavaSerializationFilterConfig onlyErrors() {
    return new JavaSerializationFilterConfig()
        .setDefaultsDisabled(true)
        .setBlacklist(new ClassFilter().addPrefixes("java.lang.invoke.", "java.lang.reflect."))
        .setWhitelist(
            new ClassFilter()
                .addPrefixes("com.hazelcast.", "java.lang.", "[Ljava.lang.StackTraceElement")
                .addClasses(
                    "java.io.EOFException",
                    "java.io.IOException",
                    "java.util.Collections$EmptyList",
                    "java.util.ConcurrentModificationException",
                    "java.util.concurrent.CancellationException",
                    "java.util.concurrent.ExecutionException",
                    "java.util.concurrent.TimeoutException"));
  }

  private static JavaSerializationFilterConfig nothing() {
    return new JavaSerializationFilterConfig()
        .setDefaultsDisabled(true)
        .setWhitelist(new ClassFilter().addClasses("jaxon.cluster.None"));
  }

  private static Map<String, String> properties(Duration join) {
    Map<String, String> properties = new TreeMap<>();
    properties.put("hazelcast.phone.home.enabled", "false");
    properties.put("hazelcast.shutdownhook.enabled", "false");
    properties.put("hazelcast.health.monitoring.level", "OFF");
    properties.put("hazelcast.logging.emoji.enabled", "false");
    properties.put("hazelcast.slow.operation.detector.enabled", "false");
    // Without these it listens on every network whatever the interface is.
    properties.put("hazelcast.socket.bind.any", "false");
    properties.put("hazelcast.socket.server.bind.any", "false");
    properties.put("hazelcast.socket.client.bind.any", "false");
    // Joining: at once, and bounded.
    properties.put("hazelcast.wait.seconds.before.join", "0");
    properties.put("hazelcast.max.join.seconds", Long.toString(Math.max(1, join.toSeconds())));
    properties.put("hazelcast.mastership.claim.timeout.seconds", "5");
    // Noticing: a closed connection is tried again twice, 50 ms apart; then its member is gone.
    properties.put("hazelcast.connection.monitor.interval", "50");
    properties.put("hazelcast.connection.monitor.max.faults", "2");
    properties.put("hazelcast.heartbeat.interval.seconds", "1");
    properties.put("hazelcast.max.no.heartbeat.seconds", Integer.toString(SILENCE_SECONDS));
    // A run whose processes lost each other is over: its halves never merge.
    properties.put("hazelcast.merge.first.run.delay.seconds", "86400");
    properties.put("hazelcast.operation.call.timeout.millis", "10000");
    properties.put("hazelcast.graceful.shutdown.max.wait", "3");
    // Few threads: the cores are for the computation.
    properties.put("hazelcast.partition.count", "7");
    properties.put("hazelcast.operation.thread.count", "2");
    properties.put("hazelcast.operation.generic.thread.count", "2");
    properties.put("hazelcast.operation.response.thread.count", "1");
    properties.put("hazelcast.io.input.thread.count", "1");
    properties.put("hazelcast.io.output.thread.count", "1");
    properties.put("hazelcast.event.thread.count", "1");
    return properties;
  }
}
