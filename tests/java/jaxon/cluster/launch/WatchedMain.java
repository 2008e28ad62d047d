package jaxon.cluster.launch;

/// A launched process that hangs, even in its shutdown.
public final class WatchedMain {
  private WatchedMain() {}

  public static void main(String[] args) throws InterruptedException {
    LauncherWatch.startIfLaunched();
    System.out.println("pid " + ProcessHandle.current().pid());
    Thread.currentThread().join();
  }
}
