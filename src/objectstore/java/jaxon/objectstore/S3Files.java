package jaxon.objectstore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.NewFile;
import jaxon.checkpoint.files.StoredFile;
import jaxon.config.Place;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Objects of a bucket whose keys begin with a prefix, as files.
///
/// A directory is there when an object is in it. An object is there, whole and durable, when the
/// request that makes it is answered; before, nobody sees it.
final class S3Files implements CheckpointFiles {
  /// Larger objects cannot be copied by one request.
  private static final long MOST_COPIED = 5L << 30;

  private static final int COPY_PIECE = 8 << 20;
  private static final System.Logger LOG = System.getLogger("jaxon.objectstore");

  private final S3Client client;
  private final S3Address address;
  private final int leastPart;
  private final long mostCopied;

  S3Files(S3Client client, S3Address address) {
    this(client, address, PartedUpload.LEAST_PART, MOST_COPIED);
  }

  /// @param leastPart bytes of a part of a large file at least
  /// @param mostCopied bytes of a file that the store copies itself at most
  S3Files(S3Client client, S3Address address, int leastPart, long mostCopied) {
    this.client = client;
    this.address = address;
    this.leastPart = leastPart;
    this.mostCopied = mostCopied;
  }

  /// Makes a request about `name`.
  private <T> T ask(String name, Supplier<T> request) throws IOException {
    try {
      return request.get();
    } catch (SdkException e) {
      throw Refusal.of(client, address, name, e);
    }
  }

  @Override
  public Place place() {
    return address.place();
  }

  @Override
  public boolean canRename() {
    return false;
  }

  /// Buckets are not made: only asks whether this one can be reached.
  @Override
  public void createPlace() throws IOException {
    hasAny("");
  }

  @Override
  public void createDirectory(String name) {
    // Is there with its first file.
  }

  @Override
  public NewFile create(String name) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    return new NewFile() {
      @Override
      public void write(ByteBuffer bytes) {
        byte[] more = new byte[bytes.remaining()];
        bytes.get(more);
        content.writeBytes(more);
      }

      @Override
      public void force() throws IOException {
        ask(
            name,
            () ->
                client.putObject(
                    to -> to.bucket(address.bucket()).key(address.key(name)),
                    RequestBody.fromBytes(content.toByteArray())));
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public NewFile createLarge(String name, long about) {
    return new PartedUpload(client, address, name, PartedUpload.partBytes(about, leastPart));
  }

  @Override
  public void put(String name, byte[] content) throws IOException {
    RequestBody body = RequestBody.fromBytes(content);
    try {
      client.putObject(
          to -> to.bucket(address.bucket()).key(address.key(name)).ifNoneMatch("*"), body);
    } catch (S3Exception e) {
      switch (e.statusCode()) {
        case Refusal.PRECONDITION_FAILED, Refusal.CONFLICT -> requireSame(name, content, e);
        case Refusal.NOT_IMPLEMENTED -> putUnconditionally(name, body);
        default -> throw Refusal.of(client, address, name, e);
      }
    } catch (SdkException e) {
      throw Refusal.of(client, address, name, e);
    }
  }

  /// It may have been this very request whose answer was lost, and which was made again.
  private void requireSame(String name, byte[] content, S3Exception refusal) throws IOException {
    if (!isFile(name)) {
      throw Refusal.of(client, address, name, refusal);
    }
    try (StoredFile stored = open(name)) {
      byte[] found = new byte[(int) Math.min(stored.size(), content.length + 1L)];
      stored.read(ByteBuffer.wrap(found), 0);
      if (!Arrays.equals(found, content)) {
        throw (IOException) new FileAlreadyExistsException(address.text(name)).initCause(refusal);
      }
    }
  }

  private void putUnconditionally(String name, RequestBody body) throws IOException {
    if (isFile(name)) {
      throw new FileAlreadyExistsException(address.text(name));
    }
    ask(
        name,
        () -> client.putObject(to -> to.bucket(address.bucket()).key(address.key(name)), body));
  }

  @Override
  public StoredFile open(String name) throws IOException {
    long size =
        ask(name, () -> client.headObject(of -> of.bucket(address.bucket()).key(address.key(name))))
            .contentLength();
    return new StoredObject(client, address, name, size);
  }

  @Override
  public void rename(String from, String to) {
    throw new UnsupportedOperationException("object stores cannot rename");
  }

  @Override
  public void copyDirectory(String from, String to, String last) throws IOException {
    String key = address.key(from + "/" + last);
    List<S3Object> all = objects(from);
    copy(all.stream().filter(object -> !object.key().equals(key)).toList(), from, to);
    copy(all.stream().filter(object -> object.key().equals(key)).toList(), from, to);
  }

  private void copy(List<S3Object> objects, String from, String to) throws IOException {
    Together.map(
        objects,
        object -> {
          String name = object.key().substring(address.prefix().length());
          copy(name, to + name.substring(from.length()), object.size());
          return name;
        });
  }

  private void copy(String from, String to, long size) throws IOException {
    if (size <= mostCopied) {
      ask(
          from,
          () ->
              client.copyObject(copy ->
                  copy.sourceBucket(address.bucket())
                      .sourceKey(address.key(from))
                      .destinationBucket(address.bucket())
                      .destinationKey(address.key(to))));
      return;
    }
    try (StoredFile stored = open(from);
        NewFile made = createLarge(to, size)) {
      for (long at = 0; at < size; at += COPY_PIECE) {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(COPY_PIECE, size - at));
        stored.read(piece, at);
        made.write(piece.flip());
      }
      made.force();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    ask(name, () -> client.deleteObject(of -> of.bucket(address.bucket()).key(address.key(name))));
  }

  @Override
  public void deleteDirectory(String name) throws IOException {
    Together.map(
        objects(name),
        object -> {
          delete(object.key().substring(address.prefix().length()));
          return object.key();
        });
  }

  /// All objects below a directory.
  private List<S3Object> objects(String directory) throws IOException {
    return ask(
        directory,
        () ->
            client
                .listObjectsV2Paginator(
                    in -> in.bucket(address.bucket()).prefix(address.below(directory)))
                .contents()
                .stream()
                .toList());
  }

  @Override
  public void forceDirectory(String name) {
    // Names are durable when their objects are.
  }

  /// Uploads that were neither completed nor aborted take space and are in no list of objects.
  @Override
  public void removeUnfinished() {
    List<MultipartUpload> left = List.of();
    try {
      left =
          client
              .listMultipartUploadsPaginator(
                  in -> in.bucket(address.bucket()).prefix(address.prefix()))
              .uploads()
              .stream()
              .toList();
    } catch (SdkException e) {
      warnOfUnfinished("", e);
    }
    for (MultipartUpload upload : left) {
      try {
        client.abortMultipartUpload(
            of -> of.bucket(address.bucket()).key(upload.key()).uploadId(upload.uploadId()));
      } catch (SdkException e) {
        boolean isGone =
            e instanceof S3Exception answer && answer.statusCode() == Refusal.NOT_FOUND;
        if (!isGone) {
          warnOfUnfinished(upload.key().substring(address.prefix().length()), e);
        }
      }
    }
  }

  private void warnOfUnfinished(String name, SdkException failure) {
    LOG.log(
        System.Logger.Level.WARNING,
        "unfinished uploads of {0} may stay: {1}",
        address.text(name),
        Refusal.of(client, address, name, failure));
  }

  @Override
  public List<String> list(String name) throws IOException {
    String prefix = address.below(name);
    TreeSet<String> names = new TreeSet<>();
    ask(
        name,
        () -> {
          for (ListObjectsV2Response page :
              client.listObjectsV2Paginator(
                  in -> in.bucket(address.bucket()).prefix(prefix).delimiter("/"))) {
            for (S3Object object : page.contents()) {
              names.add(object.key().substring(prefix.length()));
            }
            for (CommonPrefix directory : page.commonPrefixes()) {
              String below = directory.prefix();
              names.add(below.substring(prefix.length(), below.length() - 1));
            }
          }
          return names;
        });
    // An object that stands for the directory itself, as some programs make it.
    names.remove("");
    return new ArrayList<>(names);
  }

  private boolean hasAny(String directory) throws IOException {
    return !ask(
            directory,
            () ->
                client.listObjectsV2(
                    in -> in.bucket(address.bucket()).prefix(address.below(directory)).maxKeys(1)))
        .contents()
        .isEmpty();
  }

  @Override
  public boolean isDirectory(String name) throws IOException {
    return hasAny(name);
  }

  @Override
  public boolean isFile(String name) throws IOException {
    try {
      client.headObject(of -> of.bucket(address.bucket()).key(address.key(name)));
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == Refusal.NOT_FOUND) {
        return false;
      }
      throw Refusal.of(client, address, name, e);
    } catch (SdkException e) {
      throw Refusal.of(client, address, name, e);
    }
  }

  @Override
  public List<String> filesAmong(List<String> names) throws IOException {
    List<Boolean> are = Together.map(names, this::isFile);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (are.get(i)) {
        found.add(names.get(i));
      }
    }
    return found;
  }
}
