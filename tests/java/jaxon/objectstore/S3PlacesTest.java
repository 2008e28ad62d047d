package jaxon.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointStore;
import jaxon.config.Place;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is wrong with a store or an address is said in a sentence that says what to do.
class S3PlacesTest {
  @TempDir private Path place;
  private StoreServer server;

  @BeforeEach
  void start() {
    server = StoreServer.start();
    server.set("aws.maxAttempts", "1");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void assertRefused(String address, CheckpointException.Kind kind, String... says) {
    assertThatThrownBy(() -> CheckpointStore.at(new Place(address)).create())
        .isInstanceOfSatisfying(
            CheckpointException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContainingAll(says)
        .message()
        .doesNotContain("Exception", "\n");
  }

  @Test
  void storeIsFoundByTheSchemeAndTheEnvironment() {
    CheckpointStore store = CheckpointStore.at(new Place("s3://bucket/deep/er/"));
    store.create();
    assertThat(store.steps()).isEmpty();
    assertThat(store.place()).hasToString("s3://bucket/deep/er");
    assertThat(store.place(7)).hasToString("s3://bucket/deep/er/7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://", "s3:///prefix", "s3://bucket//prefix", "s3://a b/c"})
  void addressWithoutABucketOrWithEmptyPartsIsRefused(String address) {
    assertRefused(address, CheckpointException.Kind.USAGE, "s3://BUCKET/PREFIX");
  }

  @Test
  void unknownSchemeNamesTheKnown() {
    assertRefused(
        "gs://bucket/prefix",
        CheckpointException.Kind.USAGE,
        "checkpoints cannot be at gs://",
        "a directory or at s3://");
  }

  @Test
  void missingBucketIsNamed() {
    assertRefused(
        "s3://nobucket/prefix", CheckpointException.Kind.USAGE, "no bucket nobucket", "make it");
  }

  @Test
  void missingCredentialsAreToldWithTheirVariables() {
    server.set("aws.profile", "none");
    server.set("aws.configFile", place.resolve("none").toString());
    server.set("aws.sharedCredentialsFile", place.resolve("none").toString());
    server.clear("aws.accessKeyId");
    server.clear("aws.secretAccessKey");
    if (System.getenv("AWS_ACCESS_KEY_ID") == null) {
      assertRefused(
          "s3://bucket/prefix",
          CheckpointException.Kind.USAGE,
          "no credentials for s3://bucket/prefix",
          "AWS_ACCESS_KEY_ID");
    }
  }

  @Test
  void connectionIsShared() {
    assertThat(S3Connection.shared()).isSameAs(S3Connection.shared());
  }

  @Test
  void endpointWhereNobodyListensIsNamed() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    server.set("aws.endpointUrlS3", "http://127.0.0.1:" + port);
    assertRefused(
        "s3://bucket/prefix",
        CheckpointException.Kind.IO,
        "http://127.0.0.1:" + port + " cannot be reached: ",
        "refused",
        "AWS_ENDPOINT_URL_S3");
  }

  @Test
  void deniedAccessIsToldWithTheStoresReason() throws IOException {
    HttpServer denying =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    denying.createContext(
        "/",
        exchange -> {
          byte[] body =
              "<Error><Code>SignatureDoesNotMatch</Code><Message>Check your key</Message></Error>"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(403, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    denying.start();
    try {
      server.set("aws.endpointUrlS3", "http://127.0.0.1:" + denying.getAddress().getPort());
      assertRefused(
          "s3://bucket/prefix",
          CheckpointException.Kind.IO,
          "denies access to s3://bucket/prefix (403 SignatureDoesNotMatch: Check your key)",
          "credentials");
    } finally {
      denying.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:9000", "ftp://localhost", "localhost", "http:store"})
  void endpointThatIsNoWebAddressIsAMistake(String endpoint) {
    server.set("aws.endpointUrlS3", endpoint);
    assertRefused(
        "s3://bucket/prefix",
        CheckpointException.Kind.USAGE,
        endpoint,
        "AWS_ENDPOINT_URL_S3",
        "http://localhost:9000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not an address", "127.0.0.1:9000"})
  void nonsensicalSettingsAreAMistake(String endpoint) {
    server.set("aws.endpointUrlS3", endpoint);
    assertRefused(
        "s3://bucket/prefix",
        CheckpointException.Kind.USAGE,
        "AWS_ENDPOINT_URL_S3",
        "http://localhost:9000");
    assertThatThrownBy(() -> CheckpointStore.at(new Place("s3://bucket/prefix")))
        .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.isUsage()).isTrue());
  }
}
