package jaxon.runtime.cpu.loop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Compiles one class from source text in memory, with the JDK's compiler.
final class SourceCompiler {
  private SourceCompiler() {}

  /// The class file of `className`, which must be the only class of `source`.
  static byte[] compile(String className, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException(
          "no Java compiler in "
              + System.getProperty("java.home")
              + ": the cpu engine generates code and needs a JDK, not a JRE");
    }
    StringWriter messages = new StringWriter();
    ClassFile file = new ClassFile(className);
    try (InMemory files =
        new InMemory(
            compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8), file)) {
      boolean done =
          compiler
              .getTask(
                  messages, files, null, options(), null, List.of(new Source(className, source)))
              .call();
      if (!done && messages.toString().contains("code too large")) {
        throw new UnsupportedLoopException(
            className + " would have a method too large for the JIT");
      }
      if (!done) {
        throw new IllegalStateException(
            "generated class " + className + " does not compile:\n" + messages + "\n" + source);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.bytes.toByteArray();
  }

  /// The class path holds what generated code names and nothing else, which is quick to search.
  private static List<String> options() {
    return List.of(
        "--add-modules",
        "jdk.incubator.vector",
        "-proc:none",
        "-nowarn",
        "-XDuseUnsharedTable=true",
        "-classpath",
        place(SourceCompiler.class));
  }

  private static String place(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalStateException(type + " has no code source to compile against");
    }
    try {
      return Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class ClassFile extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ClassFile(String className) {
      super(URI.create("bytes:///" + className.replace('.', '/') + ".class"), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      bytes.reset();
      return bytes;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final ClassFile file;

    InMemory(JavaFileManager files, ClassFile file) {
      super(files);
      this.file = file;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return file;
    }
  }
}
