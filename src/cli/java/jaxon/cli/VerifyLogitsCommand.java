package jaxon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.huggingface.Bindings;
import jaxon.checkpoint.huggingface.RepositoryView;
import jaxon.checkpoint.model.StoredModel;
import jaxon.checkpoint.safetensors.SafetensorsFile;
import jaxon.checkpoint.safetensors.SafetensorsWriter;
import jaxon.checkpoint.tensor.LiteralSource;
import jaxon.checkpoint.verify.LogitVerification;
import jaxon.checkpoint.verify.ModelProbe;
import jaxon.checkpoint.verify.Thresholds;
import jaxon.checkpoint.verify.TokenLists;
import jaxon.config.Configuration;
import jaxon.config.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon verify logits`: logits and gradients of a model, to be written or compared.
@Command(
    name = "logits",
    description = {
      "Computes the logits of a model for given token ids, writes them or compares them with a"
          + " reference.",
      "Exit code 1 if a difference is beyond a threshold."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class VerifyLogitsCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description =
          "A Hugging Face repository directory (config.json and weights), a checkpoint, a"
              + " directory of checkpoints or a run's directory.")
  private Place model;

  @Option(
      names = "--tokens",
      required = true,
      paramLabel = "TOKENS.json",
      description = "A JSON object from names to lists of token ids.")
  private Path tokens;

  @Option(
      names = "--write",
      paramLabel = "OUT.safetensors",
      description = "Write a tensor logits_NAME, float32 [n, vocabulary], for each list.")
  private Optional<Path> write;

  @Option(
      names = "--gradients",
      paramLabel = "GRADS.safetensors",
      description =
          "Write the gradient of the mean next-token cross entropy of the first list: a float32"
              + " tensor for each parameter, named and laid out as in the repository.")
  private Optional<Path> gradients;

  @Option(
      names = "--reference",
      paramLabel = "FILE.safetensors",
      description = "Compare with the tensors logits_NAME of this file.")
  private Optional<Path> reference;

  @Option(
      names = "--absolute-tolerance",
      defaultValue = "3e-4",
      description = "A of |difference| <= A + R * |reference|.")
  private double absolute;

  @Option(names = "--relative-tolerance", defaultValue = "1e-3", description = "R of the same.")
  private double relative;

  @Option(
      names = "--cos-dist-threshold",
      defaultValue = "1e-3",
      description = "Most 1 - cosine similarity of a position's logits.")
  private double cosine;

  @Option(
      names = "--kl-div-threshold",
      defaultValue = "1e-3",
      description = "Most Kullback-Leibler divergence from the reference at a position, in nats.")
  private double kl;

  @Mixin private ConfigOverrides overrides;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  VerifyLogitsCommand() {}

  @Override
  public Integer call() {
    if (write.isEmpty() && gradients.isEmpty() && reference.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "Nothing to do: give --write, --gradients or --reference.");
    }
    // What is wrong with it should not be found after everything has been computed.
    reference.ifPresent(file -> SafetensorsFile.open(file).close());
    try (StoredModel opened = StoredModel.open(model)) {
      Configuration config = overrides.loadOver(opened.settings());
      SequencedMap<String, int[]> lists = TokenLists.read(tokens, config.model().vocabSize());
      requireTwo(lists.firstEntry().getValue());
      try (ModelProbe probe = ModelProbe.open(config, opened.parameters(config))) {
        return run(probe, config, lists);
      }
    }
  }

  private void requireTwo(int[] first) {
    if (gradients.isPresent() && first.length < 2) {
      throw CheckpointException.usage(
          "'%s': the first list has one token; a gradient needs a next one".formatted(tokens));
    }
  }

  private int run(ModelProbe probe, Configuration config, SequencedMap<String, int[]> lists) {
    PrintWriter out = spec.commandLine().getOut();
    boolean passes = true;
    if (write.isPresent() || reference.isPresent()) {
      LogitVerification logits = new LogitVerification(probe, lists);
      write.ifPresent(logits::write);
      if (reference.isPresent()) {
        Thresholds limits = new Thresholds(absolute, relative, cosine, kl);
        passes = logits.compare(reference.get(), limits, out::println);
      }
    }
    if (gradients.isPresent()) {
      writeGradients(probe, config, lists.firstEntry().getValue(), gradients.get());
    }
    for (Path file : List.of(write, gradients).stream().flatMap(Optional::stream).toList()) {
      out.println("Written: " + file);
    }
    out.flush();
    return passes ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static void writeGradients(
      ModelProbe probe, Configuration config, int[] list, Path file) {
    try (TensorSource named =
        new RepositoryView(new LiteralSource(probe.gradients(list)), Bindings.of(config))) {
      SafetensorsWriter.writeFile(file, named);
    }
  }
}
