package jaxon.objectstore;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import jaxon.checkpoint.CheckpointException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/// How the object store is reached: by the environment variables and profile files of the SDK.
final class S3Connection {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /// Longest silence of the store while it is asked.
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /// By their endpoints: the other settings of a process do not change.
  private static final Map<Optional<URI>, S3Client> SHARED = new ConcurrentHashMap<>();

  private S3Connection() {}

  /// The client of this process, for all threads; nobody closes it.
  ///
  /// @throws CheckpointException if the environment says too little or nonsense
  static S3Client shared() {
    return SHARED.computeIfAbsent(usable(S3Connection::endpoint), _ -> open());
  }

  /// A client as the environment says; nothing is asked yet.
  ///
  /// @throws CheckpointException if the environment says too little or nonsense
  static S3Client open() {
    return usable(() -> builder().build());
  }

  private static <T> T usable(Supplier<T> settings) {
    try {
      return settings.get();
    } catch (SdkClientException | IllegalArgumentException e) {
      throw CheckpointException.usage(
          "the settings for s3:// cannot be used: %s; AWS_ENDPOINT_URL_S3 is of the form http://HOST:PORT or https://HOST, for example http://localhost:9000"
              .formatted(e.getMessage()),
          e);
    }
  }

  /// The builder of such a client.
  static S3ClientBuilder builder() {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(SILENCE));
    if (endpoint().isEmpty()) {
      return builder.region(
          region(DefaultAwsRegionProviderChain.builder().build())
              .orElseThrow(() ->
                  CheckpointException.usage(
                      "s3:// needs a region: set AWS_REGION, or AWS_ENDPOINT_URL_S3 for a store that is not Amazon's")));
    }
    Optional<Region> named =
        region(
            new AwsRegionProviderChain(
                new SystemSettingsRegionProvider(), new AwsProfileRegionProvider()));
    builder.region(named.orElse(Region.US_EAST_1)).forcePathStyle(true);
    if (isUnset("AWS_REQUEST_CHECKSUM_CALCULATION", "aws.requestChecksumCalculation")) {
      // Not every store knows the checksums that Amazon's has; chunks have digests of their own.
      builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
    }
    if (isUnset("AWS_RESPONSE_CHECKSUM_VALIDATION", "aws.responseChecksumValidation")) {
      builder.responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    }
    return builder;
  }

  /// The endpoint that the environment or a profile sets.
  static Optional<URI> endpoint() {
    try (S3Client probe =
        S3Client.builder()
            .region(Region.US_EAST_1)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build()) {
      Optional<URI> endpoint = probe.serviceClientConfiguration().endpointOverride();
      endpoint.ifPresent(S3Connection::requireAddress);
      return endpoint;
    }
  }

  private static void requireAddress(URI endpoint) {
    boolean isHttp =
        "http".equalsIgnoreCase(endpoint.getScheme())
            || "https".equalsIgnoreCase(endpoint.getScheme());
    if (!isHttp || endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          "the endpoint '%s' is no address of a store".formatted(endpoint));
    }
  }

  private static Optional<Region> region(AwsRegionProvider provider) {
    try {
      return Optional.ofNullable(provider.getRegion());
    } catch (SdkClientException e) {
      return Optional.empty();
    }
  }

  private static boolean isUnset(String variable, String property) {
    return System.getenv(variable) == null && System.getProperty(property) == null;
  }
}
