package jaxon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jaxon.config.Configuration;
import jaxon.inference.DecodeSession;
import jaxon.inference.DecodeTimes;
import jaxon.inference.ParameterSource;
import jaxon.inference.Sampling;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon decode`: goes on from prompts.
@Command(
    name = "decode",
    description = {
      "Goes on from prompts with a model: prompt=TEXT, which may be given several times, or a file",
      "with a prompt on each line. load_parameters_path=DIR is the model: a checkpoint, a run, or a",
      "Hugging Face repository. Prompts and texts go to standard output, all else to standard",
      "error."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DecodeCommand implements Runnable {
  private static final String PROMPT = "prompt=";

  @Option(
      names = "--config",
      paramLabel = "NAME",
      description =
          "A YAML file, as for train. Default: model and tokenizer are as load_parameters_path has"
              + " them.")
  private Optional<String> config;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "A text file with a prompt on each line; lines without text are left out.")
  private @Nullable Path file;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Most tokens of a text. Default: to the end of max_target_length.")
  private @Nullable Integer limit;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of what is drawn at random. Default: init_weights_seed.")
  private @Nullable Long seed;

  @Mixin private ConfigOverrides overrides;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  DecodeCommand() {}

  @Override
  public void run() {
    if (limit != null && limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--max-new-tokens must be at least 1, found " + limit);
    }
    try (DecodeParameters parameters = DecodeParameters.open(config, overrides)) {
      if (config.isEmpty() && parameters.model().isEmpty()) {
        throw new ParameterException(
            spec.commandLine(),
            "No model is named: give load_parameters_path=DIR or --config=NAME");
      }
      run(parameters);
    }
  }

  private void run(DecodeParameters parameters) {
    Configuration configuration = parameters.config();
    List<String> prompts = prompts(configuration);
    PrintWriter notes = spec.commandLine().getErr();
    Optional<ParameterSource> source = parameters.source();
    notes.println(
        parameters
            .model()
            .map(model -> "Parameters from " + model.description())
            .orElse(
                "No parameters are loaded: the model has its initial ones, and its text will be noise."));
    int rows = Math.min(prompts.size(), configuration.sequencesPerEvaluation());
    try (DecodeSession session = DecodeSession.open(configuration, rows, source)) {
      List<int[]> tokens = DecodePrompts.tokens(session, configuration, prompts);
      DecodeText text =
          new DecodeText(prompts, session.window(), spec.commandLine().getOut(), notes);
      int most = limit == null ? session.window() : limit;
      long drawn = seed == null ? configuration.run().initWeightsSeed() : seed;
      DecodeTimes times =
          session.complete(tokens, most, Sampling.of(configuration, drawn), text).times();
      notes.println(DecodeText.rates(times));
      notes.flush();
    }
  }

  /// The prompts of the file, of the command line, or else of the configuration.
  private List<String> prompts(Configuration configuration) {
    List<String> given = overrides.values().stream().filter(DecodeCommand::isPrompt).toList();
    if (file != null && !given.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--prompts and prompt= were given both; leave one of them out");
    }
    if (file != null) {
      return lines(file);
    }
    return given.isEmpty()
        ? List.of(configuration.eval().prompt())
        : given.stream()
            .map(prompt -> overrides.loadDefaults(List.of(prompt)).eval().prompt())
            .toList();
  }

  private static boolean isPrompt(String value) {
    return value.startsWith(PROMPT) || value.startsWith("--" + PROMPT);
  }

  private List<String> lines(Path path) {
    try {
      List<String> lines = Files.readAllLines(path);
      lines.removeIf(String::isBlank);
      if (lines.isEmpty()) {
        throw new ParameterException(spec.commandLine(), "--prompts: " + path + " has no text");
      }
      return lines;
    } catch (MalformedInputException e) {
      throw new ParameterException(
          spec.commandLine(), "--prompts: " + path + " is not UTF-8 text", e);
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--prompts: cannot read " + path + ": " + e.getMessage(), e);
    }
  }
}
