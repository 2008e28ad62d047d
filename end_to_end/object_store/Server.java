import com.robothy.s3.rest.LocalS3;
import com.robothy.s3.rest.bootstrap.LocalS3Mode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// An object store on a free port with its objects in a directory, and a bucket: prints the port and stays until it is killed.
/// Arguments: the directory and the bucket.
public final class Server {
  public static void main(String[] arguments) throws Exception {
    LocalS3 server =
        LocalS3.builder().port(-1).mode(LocalS3Mode.PERSISTENCE).dataPath(arguments[0]).build();
    server.start();
    HttpRequest bucket =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getPort() + "/" + arguments[1]))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    int status =
        HttpClient.newHttpClient().send(bucket, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IllegalStateException("making the bucket: " + status);
    }
    System.out.println(server.getPort());
    Thread.currentThread().join();
  }
}
