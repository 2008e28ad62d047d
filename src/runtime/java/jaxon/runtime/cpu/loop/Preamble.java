package jaxon.runtime.cpu.loop;

import java.util.List;

/// What stands before every generated class.
final class Preamble {
  /// Classes of the same package may not be named in a generated class.
  private static final List<String> IMPORTS =
      List.of(
          "import static jaxon.runtime.cpu.loop.LaneMemory.*;",
          "",
          "import jaxon.runtime.cpu.loop.GeneratedLoop;",
          "import jaxon.runtime.cpu.loop.ScalarOps;",
          "import jdk.incubator.vector.*;",
          "");

  private Preamble() {}

  static void write(Code code) {
    code.line("package " + LoopClasses.PACKAGE + ";").line("");
    IMPORTS.forEach(code::line);
  }
}
