package jaxon.cluster;

import com.hazelcast.logging.AbstractLogger;
import com.hazelcast.logging.ILogger;
import com.hazelcast.logging.LogEvent;
import com.hazelcast.logging.LoggerFactory;
import java.util.logging.Level;

/// Sends Hazelcast's log to [System.Logger], all of it for debugging: what matters to a user, a
/// member that is gone or cannot join, we tell in our own words, and when all leave at the end of a
/// run Hazelcast calls severe what is nothing.
///
/// Hazelcast makes it by reflection, so it is public.
public final class HazelcastLog implements LoggerFactory {
  /// The system property by which Hazelcast finds this class.
  private static final String PROPERTY = "hazelcast.logging.class";

  /// Makes every member of this JVM log here, unless the user has chosen another way.
  static void install() {
    if (System.getProperty(PROPERTY) == null
        && System.getProperty("hazelcast.logging.type") == null) {
      System.setProperty(PROPERTY, HazelcastLog.class.getName());
    }
  }

  @Override
  public ILogger getLogger(String name) {
    return new Bridge(System.getLogger("jaxon.cluster.hazelcast"), name);
  }

  private static final class Bridge extends AbstractLogger {
    private final System.Logger target;
    private final String name;

    Bridge(System.Logger target, String name) {
      this.target = target;
      this.name = name;
    }

    @Override
    public void log(Level level, String message) {
      if (isLoggable(level)) {
        target.log(System.Logger.Level.DEBUG, name + ": " + message);
      }
    }

    @Override
    public void log(Level level, String message, Throwable thrown) {
      if (isLoggable(level)) {
        target.log(System.Logger.Level.DEBUG, name + ": " + message, thrown);
      }
    }

    @Override
    @SuppressWarnings("removal") // The interface still asks for it.
    public void log(LogEvent event) {
      log(event.getLogRecord().getLevel(), event.getLogRecord().getMessage());
    }

    @Override
    public Level getLevel() {
      return target.isLoggable(System.Logger.Level.DEBUG) ? Level.FINE : Level.OFF;
    }

    @Override
    public boolean isLoggable(Level level) {
      return level.intValue() >= getLevel().intValue();
    }
  }
}
