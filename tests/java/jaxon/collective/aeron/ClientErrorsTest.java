package jaxon.collective.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.ErrorCode;
import io.aeron.exceptions.ConductorServiceTimeoutException;
import io.aeron.exceptions.DriverTimeoutException;
import io.aeron.exceptions.RegistrationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which of Aeron's errors a user sees in its words, and which in ours.
class ClientErrorsTest {
  private final Logger logger = Logger.getLogger(ClientErrors.class.getName());
  private final ClientErrors errors = new ClientErrors(1, AeronSettings.ipc(Path.of("/shm/a")));
  private final Shown shown = new Shown();

  /// Keeps what would be printed.
  private static final class Shown extends Handler {
    private final List<String> messages = new ArrayList<>();

    @Override
    public void publish(LogRecord line) {
      messages.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    logger.addHandler(shown);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stop() {
    logger.removeHandler(shown);
    logger.setUseParentHandlers(true);
  }

  @Test
  void standstillIsToldByTheCollectiveAlone() {
    errors.onError(new ConductorServiceTimeoutException("service interval exceeded"));
    errors.onError(new AgentTerminationException());
    assertThat(errors.end()).isInstanceOf(ConductorServiceTimeoutException.class);
    assertThat(errors.reason())
        .startsWith("the process of rank 1 stood still for longer than the 12 s");
    assertThat(shown.messages).isEmpty();
  }

  @Test
  void silentDriverIsToldByTheCollectiveAlone() {
    errors.onError(new DriverTimeoutException("keepalive"));
    assertThat(errors.reason()).startsWith("the media driver in /shm/a does not answer any more");
    assertThat(shown.messages).isEmpty();
  }

  @Test
  void errorWithoutWordsOfOursIsToldAsItIs() {
    errors.onError(new AgentTerminationException("what nobody expects"));
    assertThat(errors.reason()).contains("its Aeron client has ended", "what nobody expects");
  }

  @Test
  void errorThatEndsNothingIsAWarning() {
    errors.onError(new RegistrationException(7, 1, ErrorCode.GENERIC_ERROR, "no such network"));
    assertThat(errors.end()).isNull();
    assertThat(shown.messages).hasSize(1);
  }
}
