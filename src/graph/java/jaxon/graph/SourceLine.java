package jaxon.graph;

import java.util.Optional;

/// Where in the user's code an equation was traced, for example `Mlp.java:31 (apply)`; may be
/// unknown.
public record SourceLine(String file, int line, String method) {
  /// For equations that no user line asked for.
  public static final SourceLine UNKNOWN = new SourceLine("?", 0, "?");

  private static final StackWalker WALKER = StackWalker.getInstance();

  /// The innermost caller outside the tracing machinery (packages below `jaxon.graph`) and the JDK.
  public static SourceLine ofCaller() {
    Optional<SourceLine> caller =
        WALKER.walk(frames ->
            frames
                .filter(frame -> !frame.getClassName().startsWith("jaxon.graph."))
                .filter(frame -> !frame.getClassName().startsWith("java."))
                .filter(frame -> !frame.getClassName().startsWith("jdk."))
                .filter(frame -> !frame.getClassName().startsWith("jdk."))
                .findFirst()
                .map(SourceLine::ofFrame));
    return caller.orElse(UNKNOWN);
  }

  private static SourceLine ofFrame(StackWalker.StackFrame frame) {
    String file = frame.getFileName();
    return new SourceLine(file == null ? "?" : file, frame.getLineNumber(), frame.getMethodName());
  }

  @Override
  public String toString() {
    return this.equals(UNKNOWN) ? "unknown line" : file + ":" + line + " (" + method + ")";
  }
}
