package jaxon.checkpoint.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import jaxon.autodiff.Grad;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.tensor.ConvertedSource;
import jaxon.checkpoint.tensor.TensorLiterals;
import jaxon.config.Configuration;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.CrossEntropy;
import jaxon.layers.DTypes;
import jaxon.layers.LinearCrossEntropy;
import jaxon.layers.TokenBatch;
import jaxon.layers.models.Models;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import jaxon.runtime.host.UserCache;

/// A model with its parameters on a device, which computes logits and gradients.
public final class ModelProbe implements AutoCloseable {
  /// What a program takes.
  ///
  /// @param tokens `i32[1, n]`
  private record Input(CausalLm model, Array tokens) {}

  private final Configuration config;
  private final CausalLm template;
  private final Backend backend;
  private final List<Buffer> parameters = new ArrayList<>();
  private final Map<Integer, Executable> byLength = new TreeMap<>();

  private ModelProbe(Configuration config, Backend backend) {
    this.config = config;
    this.template = Models.init(config).template();
    this.backend = backend;
  }

  /// Opens the configured backend and puts the parameters there, in the configured type.
  ///
  /// @param source the parameters by path; not closed
  public static ModelProbe open(Configuration config, TensorSource source) {
    if (config.devices() != 1) {
      throw CheckpointException.usage(
          "logits are computed on one device: leave num_virtual_devices and num_processes at 1");
    }
    Backend backend = Backends.open(config.run().hardware());
    ModelProbe probe = new ModelProbe(config, backend);
    try {
      if (config.run().numThreads() > 0) {
        backend.setThreads(config.run().numThreads());
      }
      probe.load(source);
      return probe;
    } catch (RuntimeException | Error e) {
      probe.close();
      throw e;
    }
  }

  @SuppressWarnings("resource") // The source is the caller's, and converting holds nothing.
  private void load(TensorSource source) {
    TensorSource converted = new ConvertedSource(source, DTypes.of(config.run().weightDtype()));
    for (String path : Tree.paths(template)) {
      parameters.add(
          backend.put(TensorLiterals.read(converted, path), backend.devices().getFirst()));
    }
  }

  /// Logits `f32[n, V]` after each of `tokens`.
  ///
  /// @param length what the tokens are filled up to; what is beyond them changes nothing
  public Literal logits(int[] tokens, int length) {
    Executable program = byLength.computeIfAbsent(length, this::compileLogits);
    int[] filled = new int[length];
    System.arraycopy(tokens, 0, filled, 0, tokens.length);
    Literal all = run(program, filled).getFirst();
    int vocab = config.model().vocabSize();
    float[] kept = new float[Math.multiplyExact(tokens.length, vocab)];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = (float) all.get(i);
    }
    return Literal.wrap(TensorType.of(DType.F32, tokens.length, vocab), kept);
  }

  private Executable compileLogits(int length) {
    return compile(
        "logits",
        length,
        input -> {
          Array logits = input.model().apply(batch(input.tokens()));
          return List.of(logits.reshape(length, logits.dim(-1)).astype(DType.F32));
        });
  }

  /// The gradient of the mean cross entropy of each token after the first: float32, by the path of
  /// each parameter.
  public SequencedMap<String, Literal> gradients(int[] tokens) {
    SequencedMap<String, Literal> gradients = new LinkedHashMap<>();
    try (Executable program =
        compile("gradients", tokens.length, input -> gradients(input.model(), input.tokens()))) {
      List<Literal> values = run(program, tokens);
      for (String path : Tree.paths(template)) {
        gradients.put(path, values.get(gradients.size()));
      }
    }
    return gradients;
  }

  private List<Array> gradients(CausalLm model, Array tokens) {
    CausalLm gradient =
        Grad.valueAndGrad(model, m -> new Grad.Objective<>(loss(m, tokens), List.of())).grad();
    return Tree.leaves(gradient).stream().map(leaf -> leaf.astype(DType.F32)).toList();
  }

  /// Computed as in training: from the hidden values where the model gives them.
  private Array loss(CausalLm model, Array tokens) {
    long predicted = tokens.dim(1) - 1;
    TokenBatch batch = batch(tokens.slice(1, 0, predicted));
    Array targets = tokens.slice(1, 1, predicted + 1);
    Optional<CausalLm.Prediction> prediction = model.predict(batch);
    if (prediction.isEmpty()) {
      return new CrossEntropy(0).apply(model.apply(batch), targets).xent().mean();
    }
    CausalLm.Prediction p = prediction.get();
    DType precise = DTypes.precise(p.output().dotType());
    Array ones = Ops.full(targets.type().withDType(precise), 1);
    return new LinearCrossEntropy(0, config.model().numVocabTiling())
        .apply(p.output(), p.hidden(), targets, ones)
        .total()
        .div((double) predicted);
  }

  private static TokenBatch batch(Array tokens) {
    Array segments = Ops.full(tokens.type(), 1);
    return new TokenBatch(tokens, Ops.iota(tokens.type(), 1), segments);
  }

  /// What a program computes.
  @FunctionalInterface
  private interface Body {
    List<Array> apply(Input input);
  }

  private Executable compile(String name, int length, Body body) {
    Input input = new Input(template, Array.placeholder(TensorType.of(DType.I32, 1, length)));
    Path cache = config.run().jaxCacheDir().orElseGet(() -> UserCache.folder("compiled"));
    CompileOptions options = CompileOptions.of(config.run().dumpTo(), Optional.of(cache));
    return backend.compile(Program.trace(name, input, body::apply).graph(), options);
  }

  private List<Literal> run(Executable program, int[] tokens) {
    List<Buffer> inputs = new ArrayList<>(parameters);
    try (Buffer given =
        backend.put(Literal.ofInts(tokens, 1, tokens.length), backend.devices().getFirst())) {
      inputs.add(given);
      List<Buffer> results = program.execute(inputs);
      try {
        return results.stream().map(Buffer::toLiteral).toList();
      } finally {
        results.forEach(Buffer::close);
      }
    }
  }

  @Override
  public void close() {
    byLength.values().forEach(Executable::close);
    parameters.forEach(Buffer::close);
    backend.close();
  }
}
