package jaxon.objectstore;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import jaxon.checkpoint.files.PlaceException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What an object store has not done, and what to do about it.
final class Refusal extends IOException {
  private static final long serialVersionUID = 1L;

  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;
  static final int PRECONDITION_FAILED = 412;
  static final int RANGE_NOT_SATISFIABLE = 416;
  static final int NOT_IMPLEMENTED = 501;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int REDIRECT = 300;
  private static final int MISTAKE = 400;

  Refusal(String message, Throwable cause) {
    super(message, cause);
  }

  /// The sentence alone: it is meant for the user, who is told what a failure is called otherwise.
  @SuppressWarnings("OverrideThrowableToString") // The message has the text already; the name goes.
  @Override
  public String toString() {
    return String.valueOf(getMessage());
  }

  /// What a failed request about `name` means.
  static IOException of(S3Client client, S3Address address, String name, SdkException failure) {
    if (failure instanceof AbortedException) {
      Thread.currentThread().interrupt();
      return (IOException)
          new InterruptedIOException("interrupted while the object store was asked")
              .initCause(failure);
    }
    if (failure instanceof S3Exception answer) {
      return ofAnswer(address, name, answer);
    }
    String text = String.valueOf(failure.getMessage());
    if (text.contains("Unable to load credentials")) {
      return new PlaceException(
          "there are no credentials for %s: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile in ~/.aws"
              .formatted(address.place()),
          failure);
    }
    Optional<String> network = network(failure);
    if (network.isPresent()) {
      Optional<URI> endpoint = client.serviceClientConfiguration().endpointOverride();
      return new Refusal(
          "%s cannot be reached: %s; check the network and %s"
              .formatted(
                  endpoint.map(URI::toString).orElse("the object store of " + address.place()),
                  network.get(),
                  endpoint.isPresent() ? "AWS_ENDPOINT_URL_S3" : "AWS_REGION"),
          failure);
    }
    return new Refusal(text, failure);
  }

  /// What is wrong with the connection, if it is that.
  private static Optional<String> network(Throwable failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return Optional.of("unknown host " + cause.getMessage());
      }
      if (cause instanceof IOException) {
        return Optional.of(
            cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
      }
    }
    return Optional.empty();
  }

  private static IOException ofAnswer(S3Address address, String name, S3Exception answer) {
    int status = answer.statusCode();
    if (isNoBucket(answer)) {
      return new PlaceException(
          "there is no bucket %s; make it, or correct the address".formatted(address.bucket()),
          answer);
    }
    if (status == NOT_FOUND) {
      return new NoSuchFileException(address.text(name));
    }
    String found = "%d %s".formatted(status, details(answer));
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      return new Refusal(
          "the object store denies access to %s (%s); check the credentials and what they allow"
              .formatted(address.text(name), found),
          answer);
    }
    if (status >= REDIRECT && status < MISTAKE) {
      return new Refusal(
          "the bucket %s is in another region (%s); set AWS_REGION to it"
              .formatted(address.bucket(), found),
          answer);
    }
    return new Refusal(
        "the object store refuses %s (%s)".formatted(address.text(name), found), answer);
  }

  private static boolean isNoBucket(S3Exception answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    return answer instanceof NoSuchBucketException
        || (details != null && "NoSuchBucket".equals(details.errorCode()));
  }

  private static String details(S3Exception answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    if (details == null) {
      return "";
    }
    String code = details.errorCode();
    String message = details.errorMessage();
    return message == null || message.isBlank() ? "" + code : code + ": " + message;
  }
}
