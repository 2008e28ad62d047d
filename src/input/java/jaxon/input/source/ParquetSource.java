package jaxon.input.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A text column of one or more Parquet files.
///
/// A document is found by its row group, which is read and kept as a whole; the groups used last
/// stay in memory. Shuffled reading is fast while the text of all groups fits there
/// ([#CACHED_CHARS]); beyond that each document may cost the reading of its group, so such data
/// wants small row groups.
public final class ParquetSource implements DocumentSource {
  /// The characters of text kept in memory.
  static final long CACHED_CHARS = 256L << 20;

  private final String path;
  private final String column;
  private final List<ParquetFile> files;
  private final List<RowGroup> groups;
  private final RunningTotals starts;
  private final long cachedChars;

  /// In order of last use. Guarded by this.
  private final Map<Integer, String[]> cache = new LinkedHashMap<>(16, 0.75f, true);

  private long cached;

  private record RowGroup(ParquetFile file, Path path, int number, long rows) {}

  private ParquetSource(
      String path,
      String column,
      List<ParquetFile> files,
      List<RowGroup> groups,
      long cachedChars) {
    this.path = path;
    this.column = column;
    this.files = files;
    this.groups = groups;
    this.cachedChars = cachedChars;
    starts = new RunningTotals(groups, RowGroup::rows);
  }

  /// Opens a file, directory or glob pattern; every file must have the column.
  public static ParquetSource open(String path, String column) {
    return open(path, column, CACHED_CHARS);
  }

  static ParquetSource open(String path, String column, long cachedChars) {
    List<ParquetFile> files = new ArrayList<>();
    try {
      List<RowGroup> groups = new ArrayList<>();
      for (Path found : FileSearch.find(path, List.of(".parquet"))) {
        ParquetFile file = ParquetFile.open(found, column);
        files.add(file);
        List<Long> rows = file.rowCounts();
        for (int i = 0; i < rows.size(); i++) {
          groups.add(new RowGroup(file, found, i, rows.get(i)));
        }
      }
      ParquetSource source =
          new ParquetSource(path, column, List.copyOf(files), List.copyOf(groups), cachedChars);
      if (source.size() == 0) {
        throw new InputException("The Parquet data at '%s' holds no rows.".formatted(path));
      }
      return source;
    } catch (RuntimeException e) {
      files.forEach(ParquetFile::close);
      throw e;
    }
  }

  @Override
  public long size() {
    return starts.total();
  }

  @Override
  public synchronized String document(long index) {
    int group = starts.find(index);
    String[] texts = cache.get(group);
    if (texts == null) {
      RowGroup wanted = groups.get(group);
      texts = wanted.file().read(wanted.number());
      cache.put(group, texts);
      cached += chars(texts);
      evict();
    }
    return texts[(int) (index - starts.start(group))];
  }

  /// Drops the groups not used for longest; the newest stays, however large.
  private void evict() {
    while (cached > cachedChars && cache.size() > 1) {
      Map.Entry<Integer, String[]> eldest = cache.entrySet().iterator().next();
      cached -= chars(eldest.getValue());
      cache.remove(eldest.getKey());
    }
  }

  private static long chars(String[] texts) {
    long chars = 0;
    for (String text : texts) {
      chars += text.length();
    }
    return chars;
  }

  @Override
  public String locate(long index) {
    int group = starts.find(index);
    RowGroup found = groups.get(group);
    return "%s, row %d of row group %d"
        .formatted(found.path(), index - starts.start(group) + 1, found.number());
  }

  @Override
  public String describe() {
    return "%,d Parquet rows in %,d file%s at %s, column '%s'"
        .formatted(size(), files.size(), files.size() == 1 ? "" : "s", path, column);
  }

  @Override
  public synchronized void close() {
    files.forEach(ParquetFile::close);
  }
}
