package jaxon.trainer;

import java.io.IOException;
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
    TrainingException failure =
        TrainingException.failure(
            process + ": " + cause.getMessage() + written(devices, config), cause);
    devices.ending(failure);
    return failure;
  }

  /// Writes the records of this process, if there are others, and gives a line that says where.
  static String written(RunDevices devices, Configuration config) {
    return devices.flightRecords().map(text -> "\n" + write(text, config)).orElse("");
  }

  /// What to tell of the records; the error they belong to matters more than they do.
  private static String write(String text, Configuration config) {
    String name = "flight_recorder_" + config.cluster().processId();
    try {
      Path folder = Files.createDirectories(config.run().baseOutputDirectory());
      Path file = Files.createTempFile(folder, name + "_", ".txt");
      return "Its last collectives are in " + Files.writeString(file, text);
    } catch (IOException e) {
      return "Its last collectives could not be written: " + e;
    }
  }
}
