package jaxon.objectstore;

import com.robothy.s3.rest.LocalS3;
import com.robothy.s3.rest.bootstrap.LocalS3Mode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.config.Place;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// An object store in memory on a free port, to which the settings of this JVM lead while it is
/// open. Other tests must not run beside it.
public final class StoreServer implements AutoCloseable {
  public static final String BUCKET = "bucket";

  /// Kept, or its level would be forgotten.
  private static final Logger NETTY = Logger.getLogger("io.netty");

  private final LocalS3 server;
  private final Map<String, Optional<String>> before = new LinkedHashMap<>();
  private final S3Client client;

  private StoreServer(LocalS3 server) {
    this.server = server;
    set("aws.endpointUrlS3", "http://127.0.0.1:" + server.getPort());
    set("aws.accessKeyId", "key");
    set("aws.secretAccessKey", "secret");
    set("aws.disableEc2Metadata", "true");
    client = S3Connection.open();
    client.createBucket(bucket -> bucket.bucket(BUCKET));
  }

  /// Starts a server with one empty bucket.
  public static StoreServer start() {
    // The server's own leaks are none of ours.
    System.setProperty("io.netty.leakDetection.level", "disabled");
    NETTY.setLevel(Level.OFF);
    LocalS3 server = LocalS3.builder().port(-1).mode(LocalS3Mode.IN_MEMORY).build();
    server.start();
    return new StoreServer(server);
  }

  /// Sets a system property until the end.
  void set(String key, String value) {
    before.putIfAbsent(key, Optional.ofNullable(System.getProperty(key)));
    System.setProperty(key, value);
  }

  /// Leaves a system property out until the end.
  void clear(String key) {
    before.putIfAbsent(key, Optional.ofNullable(System.getProperty(key)));
    System.clearProperty(key);
  }

  /// The address of a prefix in the bucket.
  public static Place place(String prefix) {
    return new Place("s3://" + BUCKET + "/" + prefix);
  }

  /// A client whose requests the interceptor sees.
  static S3Client client(ExecutionInterceptor interceptor) {
    return S3Connection.builder()
        .overrideConfiguration(with -> with.addExecutionInterceptor(interceptor))
        .build();
  }

  /// Files below a prefix whose requests the interceptor sees; those above 128 bytes have parts,
  /// and those above 2000 are not copied by the store.
  public static CheckpointFiles files(String prefix, ExecutionInterceptor interceptor) {
    return new S3Files(client(interceptor), S3Address.of(place(prefix)), 128, 2000);
  }

  /// The keys that begin with a prefix.
  public List<String> keys(String prefix) {
    return client.listObjectsV2Paginator(in -> in.bucket(BUCKET).prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  public byte[] content(String key) {
    return client.getObjectAsBytes(of -> of.bucket(BUCKET).key(key)).asByteArray();
  }

  public void setContent(String key, byte[] content) {
    client.putObject(to -> to.bucket(BUCKET).key(key), RequestBody.fromBytes(content));
  }

  public void remove(String key) {
    client.deleteObject(of -> of.bucket(BUCKET).key(key));
  }

  /// How many uploads were begun and neither completed nor aborted.
  public int unfinishedUploads() {
    return client.listMultipartUploads(in -> in.bucket(BUCKET)).uploads().size();
  }

  @Override
  public void close() {
    client.close();
    before.forEach((key, value) ->
        value.ifPresentOrElse(
            text -> System.setProperty(key, text), () -> System.clearProperty(key)));
    server.shutdown();
  }
}
