package jaxon.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jaxon.config.ConfigLoader;
import jaxon.config.Configuration;
import jaxon.trainer.bench.Contestant;
import jaxon.trainer.bench.ContestantServer;
import jaxon.trainer.bench.WeightsFile;

/// The process of the contestant `pytorch`: `VARIANT WEIGHTS CONFIG [KEY=VALUE …]`.
public final class PyTorch {
  private PyTorch() {}

  public static void main(String[] args) throws IOException {
    List<String> overrides = Arrays.asList(args).subList(3, args.length);
    Path configs = Path.of(System.getProperty("jaxon.home", "")).resolve("configs");
    Configuration config =
        new ConfigLoader(Path.of(""), configs, System.getenv()).load(args[2], overrides);
    AttentionVariant variant =
        args[0].isEmpty() ? AttentionVariant.NAIVE : AttentionVariant.of(args[0]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    try (Contestant trainer =
        new TorchTrainer(config, variant, WeightsFile.read(Path.of(args[1])))) {
      ContestantServer.serve(trainer, in, out);
    }
  }
}
