package jaxon.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import jaxon.architecture.Sources.Source;
import org.jspecify.annotations.Nullable;

/// Rules on the text of Java files, checked on the trees that javac parses from them.
final class SourceRules {
  static final int FILE_LINES = 600;
  static final int MEDIAN_FILE_LINES = 120;
  static final int METHOD_LINES = 60;

  private static final Pattern COMMENT = Pattern.compile("//.*|^\\s*/?\\*.*");
  private static final Pattern OPEN_MARK = Pattern.compile("\\b(TODO|FIXME|XXX)\\b(?!\\(#\\d+\\))");

  private SourceRules() {}

  /// Every violation in the files, as `path:line: what is wrong`; empty if there is none.
  static List<String> violations(List<Source> sources) {
    List<String> found = new ArrayList<>();
    for (Source source : sources) {
      if (source.lines() > FILE_LINES) {
        found.add("%s: %d lines, at most %d".formatted(source, source.lines(), FILE_LINES));
      }
      findOpenMarks(source, found);
    }
    scan(sources, found);
    return found;
  }

  /// Parses all files in one run of the compiler, which takes a tenth of the time of a run for
  /// each.
  private static void scan(List<Source> sources, List<String> found) {
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(
                    null,
                    null,
                    null,
                    List.of("-proc:none"),
                    null,
                    sources.stream().map(SourceRules::inMemory).toList());
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    try {
      Iterator<Source> source = sources.iterator();
      for (CompilationUnitTree unit : task.parse()) {
        unit.accept(new Scanner(source.next(), positions, found), unit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The median number of lines of the files; 0 if there are none.
  static long medianLines(List<Source> sources) {
    long[] lines = sources.stream().mapToLong(Source::lines).sorted().toArray();
    return lines.length == 0 ? 0 : lines[lines.length / 2];
  }

  private static void findOpenMarks(Source source, List<String> found) {
    List<String> lines = source.text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      boolean open =
          COMMENT
              .matcher(lines.get(i))
              .results()
              .anyMatch(comment -> OPEN_MARK.matcher(comment.group()).find());
      if (open) {
        found.add(
            "%s:%d: unfinished work without an issue: write TODO(#12)".formatted(source, i + 1));
      }
    }
  }

  /// Walks the syntax tree of one file.
  private static final class Scanner extends TreeScanner<@Nullable Void, CompilationUnitTree> {
    private final Source source;
    private final List<String> found;
    private final SourcePositions positions;

    Scanner(Source source, SourcePositions positions, List<String> found) {
      this.source = source;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public @Nullable Void visitImport(ImportTree tree, CompilationUnitTree unit) {
      if (tree.isModule() || tree.getQualifiedIdentifier().toString().endsWith(".*")) {
        found.add("%s: name each import: %s".formatted(source, tree.toString().strip()));
      }
      return super.visitImport(tree, unit);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, CompilationUnitTree unit) {
      LineMap lines = unit.getLineMap();
      long end = positions.getEndPosition(unit, tree);
      // A record's implicit constructor has no text.
      if (end >= 0) {
        long first = lines.getLineNumber(positions.getStartPosition(unit, tree));
        long count = lines.getLineNumber(end) - first + 1;
        if (count > METHOD_LINES) {
          found.add(
              "%s:%d: method %s has %d lines, at most %d"
                  .formatted(source, first, tree.getName(), count, METHOD_LINES));
        }
      }
      return super.visitMethod(tree, unit);
    }
  }

  private static JavaFileObject inMemory(Source source) {
    URI uri = URI.create("string:///" + source.path().getFileName());
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source.text();
      }
    };
  }
}
