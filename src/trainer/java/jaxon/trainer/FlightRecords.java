package jaxon.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jaxon.collective.CollectiveException;
import jaxon.config.Configuration;

/// What is left of a run that ended in a collective: the last collectives of each process, to be
/// compared.
final class FlightRecords {
  private FlightRecords() {}

  /// Writes the records of this process, tells the others, and gives the error to end with.
  static TrainingException failure(
      RunDevices devices, Configuration config, CollectiveException cause) {
    devices.fail(cause);
    String process = "process " + config.cluster().processId();
    String place =
        devices
            .flightRecords()
            .map(text -> "\nIts last collectives are in " + write(text, config))
            .orElse("");
    return TrainingException.failure(process + ": " + cause.getMessage() + place, cause);
  }

  private static Path write(String text, Configuration config) {
    String name = "flight_recorder_" + config.cluster().processId();
    try {
      Path folder = Files.createDirectories(config.run().baseOutputDirectory());
      Path file = Files.createTempFile(folder, name + "_", ".txt");
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the flight recorder", e);
    }
  }
}
