package jaxon.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What a checkpoint holds: its manifest.
///
/// @param step updates done
/// @param facts what was true when it was written
/// @param files the files with the chunks
/// @param tensors by path
public record Checkpoint(
    long step, Facts facts, List<DataFile> files, SequencedMap<String, TensorEntry> tensors) {
  /// The newest version of the format. Readers know it and all before it; a checkpoint is written
  /// in the oldest that can say what it holds.
  public static final int VERSION = 2;

  public Checkpoint {
    files = List.copyOf(files);
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
  }

  /// What a checkpoint says besides its tensors; nothing of it is read by this module.
  ///
  /// @param jaxonVersion version of the program that wrote it
  /// @param createdMillis when, in milliseconds since 1970
  /// @param mesh axes of the mesh and their sizes
  /// @param seeds of random numbers, by what they are for
  /// @param configuration keys and values as YAML text
  /// @param input where the data iterator was; texts and numbers; empty without one
  /// @param metrics last values, by name
  public record Facts(
      String jaxonVersion,
      long createdMillis,
      SequencedMap<String, Long> mesh,
      SequencedMap<String, Long> seeds,
      SequencedMap<String, String> configuration,
      SequencedMap<String, Object> input,
      SequencedMap<String, Double> metrics) {
    public Facts {
      mesh = copy(mesh);
      seeds = copy(seeds);
      configuration = copy(configuration);
      input = copy(input);
      metrics = copy(metrics);
    }

    /// Facts of tensors that no run has trained.
    public static Facts of(String jaxonVersion, long createdMillis) {
      SequencedMap<String, Long> none = Collections.emptyNavigableMap();
      return new Facts(
          jaxonVersion,
          createdMillis,
          none,
          none,
          Collections.emptyNavigableMap(),
          Collections.emptyNavigableMap(),
          Collections.emptyNavigableMap());
    }

    private static <V> SequencedMap<String, V> copy(Map<String, V> map) {
      return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }
  }

  /// The version of the format that this needs: files with compressed chunks came with the second.
  int version() {
    return files.stream().anyMatch(DataFile::isCompressed) ? 2 : 1;
  }

  /// Bytes of all tensors.
  public long bytes() {
    return tensors.values().stream().mapToLong(entry -> entry.type().bytes()).sum();
  }
}
