package jaxon.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jaxon.checkpoint.files.CheckpointFiles;
import jaxon.checkpoint.files.NewFile;
import jaxon.checkpoint.files.StoredFile;
import jaxon.config.Place;

/// A file system in memory that knows what is durable, and fails or crashes when told to.
public final class SimulatedDisk implements CheckpointFiles {
  /// What happens at the chosen operation.
  public enum Fault {
    /// The operation fails; those after it work.
    ERROR,
    /// The machine stops: this operation is done by half, if it can be, and none after it.
    CRASH
  }

  /// What is left after a crash.
  public enum Remains {
    /// Everything that was done: the process was killed.
    ALL,
    /// What was forced: the power was cut.
    FORCED,
    /// All names, but only the content that was forced: names may reach the disk first.
    NAMES
  }

  private static final class Node {
    private final Map<String, Node> entries = new TreeMap<>();
    private Map<String, Node> durableEntries = new TreeMap<>();
    private byte[] content = new byte[0];
    private byte[] durableContent = new byte[0];
    private final boolean isDirectory;

    Node(boolean isDirectory) {
      this.isDirectory = isDirectory;
    }

    Node after(Remains remains) {
      Node copy = new Node(isDirectory);
      copy.content = (remains == Remains.ALL ? content : durableContent).clone();
      copy.durableContent = copy.content.clone();
      (remains == Remains.FORCED ? durableEntries : entries)
          .forEach((name, node) -> copy.entries.put(name, node.after(remains)));
      copy.durableEntries = new TreeMap<>(copy.entries);
      return copy;
    }
  }

  /// The directory that names are relative to.
  private static final Path PLACE = Path.of("/disk/run/checkpoints");

  private final Node root;
  private Fault fault = Fault.ERROR;
  private int faultAt;
  private int operations;
  private boolean crashed;
  private String message = "";

  SimulatedDisk() {
    this(new Node(true));
  }

  private SimulatedDisk(Node root) {
    this.root = root;
  }

  /// From now on the operation `at` (from 1) fails.
  void plan(Fault kind, int at, String text) {
    fault = kind;
    faultAt = at;
    operations = 0;
    message = text;
  }

  /// Whether the planned operation was reached.
  boolean hasFaulted() {
    return faultAt > 0 && operations >= faultAt;
  }

  /// The disk as the next process finds it.
  SimulatedDisk after(Remains remains) {
    return new SimulatedDisk(root.after(remains));
  }

  /// All files below a directory.
  List<String> filesBelow(String directory) throws IOException {
    return list(directory).stream()
        .map(name -> directory + "/" + name)
        .filter(file -> isThere(file, false))
        .toList();
  }

  byte[] content(String file) throws IOException {
    return find(file).content;
  }

  void setContent(String file, byte[] content) throws IOException {
    find(file).content = content;
  }

  private void step() throws IOException {
    if (crashed) {
      throw new IOException("the machine has stopped");
    }
    operations++;
    if (operations == faultAt) {
      crashed = fault == Fault.CRASH;
      throw new IOException(message);
    }
  }

  private Node find(String name) throws IOException {
    return find(PLACE.resolve(name));
  }

  private Node find(Path path) throws IOException {
    Node node = root;
    for (Path name : path) {
      Node next = node.entries.get(name.toString());
      if (next == null) {
        throw new NoSuchFileException(path.toString());
      }
      node = next;
    }
    return node;
  }

  private Node parent(String path) throws IOException {
    int end = path.lastIndexOf('/');
    return find(end < 0 ? "" : path.substring(0, end));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public Place place() {
    return Place.of(PLACE);
  }

  @Override
  public boolean canRename() {
    return true;
  }

  @Override
  public void createPlace() throws IOException {
    step();
    List<Node> above = new ArrayList<>();
    Node node = root;
    for (Path name : PLACE) {
      if (node.entries.putIfAbsent(name.toString(), new Node(true)) == null) {
        above.add(node);
      }
      node = node.entries.get(name.toString());
    }
    for (Node parent : above) {
      step();
      parent.durableEntries = new TreeMap<>(parent.entries);
    }
  }

  @Override
  public void createDirectory(String name) throws IOException {
    step();
    parent(name).entries.putIfAbsent(name(name), new Node(true));
  }

  @Override
  public NewFile create(String file) throws IOException {
    step();
    Node node = new Node(false);
    if (parent(file).entries.putIfAbsent(name(file), node) != null) {
      throw new FileAlreadyExistsException(file);
    }
    return new NewFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        byte[] more = new byte[bytes.remaining()];
        bytes.get(more);
        try {
          step();
        } catch (IOException e) {
          append(Arrays.copyOf(more, more.length / 2));
          throw e;
        }
        append(more);
      }

      private void append(byte[] more) {
        byte[] all = Arrays.copyOf(node.content, node.content.length + more.length);
        System.arraycopy(more, 0, all, node.content.length, more.length);
        node.content = all;
      }

      @Override
      public void force() throws IOException {
        step();
        node.durableContent = node.content.clone();
      }

      @Override
      public void close() throws IOException {
        step();
      }
    };
  }

  @Override
  public StoredFile open(String file) throws IOException {
    step();
    Node node = find(file);
    return new StoredFile() {
      @Override
      public long size() {
        return node.content.length;
      }

      @Override
      public void read(ByteBuffer into, long position) throws IOException {
        step();
        if (position + into.remaining() > node.content.length) {
          throw new EOFException(file);
        }
        into.put(node.content, (int) position, into.remaining());
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void rename(String from, String to) throws IOException {
    step();
    Node node = find(from);
    if (parent(to).entries.putIfAbsent(name(to), node) != null) {
      throw new FileAlreadyExistsException(to);
    }
    parent(from).entries.remove(name(from));
  }

  @Override
  public void delete(String path) throws IOException {
    step();
    if (!find(path).entries.isEmpty()) {
      throw new IOException(path + " is not empty");
    }
    parent(path).entries.remove(name(path));
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    step();
    Node node = find(directory);
    node.durableEntries = new TreeMap<>(node.entries);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    step();
    return isThere(directory, true) ? List.copyOf(find(directory).entries.keySet()) : List.of();
  }

  @Override
  public boolean isDirectory(String path) throws IOException {
    step();
    return isThere(path, true);
  }

  @Override
  public boolean isFile(String path) throws IOException {
    step();
    return isThere(path, false);
  }

  private boolean isThere(String path, boolean asDirectory) {
    try {
      return find(path).isDirectory == asDirectory;
    } catch (IOException e) {
      return false;
    }
  }
}
