package jaxon.checkpoint.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.pytorch.TorchFile;
import jaxon.checkpoint.safetensors.SafetensorsFile;
import jaxon.checkpoint.safetensors.SafetensorsWriter;

/// A form that the weights of a directory can have; of several in one directory the first counts.
enum WeightsForm {
  SAFETENSORS(SafetensorsWriter.SINGLE, SafetensorsWriter.INDEX, ".safetensors") {
    @Override
    TensorSource openFile(Path file) {
      return SafetensorsFile.open(file);
    }
  },
  PYTORCH("pytorch_model.bin", "pytorch_model.bin.index.json", ".bin") {
    @Override
    TensorSource openFile(Path file) {
      return TorchFile.open(file);
    }
  };

  private final String single;
  private final String index;
  private final String suffix;

  WeightsForm(String single, String index, String suffix) {
    this.single = single;
    this.index = index;
    this.suffix = suffix;
  }

  /// The name of the file that holds all weights, where there is one.
  String single() {
    return single;
  }

  /// The name of the file that says which tensor is where, where there are several.
  String index() {
    return index;
  }

  /// What the names of files of this form end with.
  String suffix() {
    return suffix;
  }

  /// Opens one file of this form.
  ///
  /// @throws CheckpointException if it is malformed
  abstract TensorSource openFile(Path file);

  /// The form of the weights in a directory.
  static Optional<WeightsForm> in(Path directory) {
    for (WeightsForm form : values()) {
      if (Files.exists(directory.resolve(form.single))
          || Files.exists(directory.resolve(form.index))) {
        return Optional.of(form);
      }
    }
    return Optional.empty();
  }
}
