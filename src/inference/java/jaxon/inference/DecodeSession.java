package jaxon.inference;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import jaxon.config.Configuration;
import jaxon.config.SamplingStrategy;
import jaxon.graph.op.LogicalAxes;
import jaxon.input.InputPipeline;
import jaxon.input.tokenizer.Tokenizer;
import jaxon.layers.CausalLm;
import jaxon.layers.DTypes;
import jaxon.layers.models.InitializedModel;
import jaxon.layers.models.Models;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.Buffers;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.OpenResources;
import jaxon.runtime.host.UserCache;

/// A model that makes texts, with all it needs; one caller at a time.
public final class DecodeSession implements AutoCloseable {
  /// The embedding's table comes first in every model.
  private static final int EMBEDDING = 0;

  private final OpenResources open = new OpenResources();
  private final Configuration config;
  private final Tokenizer tokenizer;
  private final DecodeEngine engine;
  private final Buffers params;

  private DecodeSession(Configuration config, int rows, Optional<ParameterSource> source) {
    this.config = config;
    try {
      tokenizer = open.own(tokenizer(config));
      DecodeMesh mesh = DecodeMesh.open(config);
      Backend backend = open.own(mesh.backend());
      InitializedModel model = Models.init(config);
      DecodePrograms stored = stored(config, model.template(), model.axes(), mesh.cutting(), rows);
      RestingWeights resting = resting(config, stored);
      engine = open.own(engine(config, stored.on(resting.template()), backend));
      ParameterLoader loader = new ParameterLoader(backend, options(config), stored, resting);
      params =
          open.own(
              source.isPresent()
                  ? loader.read(source.get(), engine.consumer())
                  : loader.initial(model, config.run().initWeightsSeed()));
      engine.use(params);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private DecodeSession(
      Configuration config,
      Backend backend,
      Cutting cutting,
      CausalLm model,
      List<LogicalAxes> axes,
      List<Buffer> parameters,
      Tokenizer tokenizer) {
    this.config = config;
    this.tokenizer = tokenizer;
    try {
      DecodePrograms stored = stored(config, model, axes, cutting, 1);
      RestingWeights resting = resting(config, stored);
      engine = open.own(engine(config, stored.on(resting.template()), backend));
      ParameterLoader loader = new ParameterLoader(backend, options(config), stored, resting);
      Buffers given = new Buffers(parameters);
      params = resting.isAsStored() ? given : open.own(loader.converted(given));
      engine.use(params);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// Opens the configured model on the configured devices.
  ///
  /// @param rows how many texts are made at a time
  /// @param source where the parameters come from; empty: the initial ones
  /// @throws InferenceException if the configuration does not allow it
  public static DecodeSession open(
      Configuration config, int rows, Optional<ParameterSource> source) {
    return new DecodeSession(config, rows, source);
  }

  /// A session of one row with what a training run has; all that is given stays the caller's.
  ///
  /// @param model the model on placeholders
  /// @param axes the logical axes of each parameter
  /// @param parameters the parameters, cut as `cutting` says
  public static DecodeSession on(
      Configuration config,
      Backend backend,
      Cutting cutting,
      CausalLm model,
      List<LogicalAxes> axes,
      List<Buffer> parameters,
      Tokenizer tokenizer) {
    return new DecodeSession(config, backend, cutting, model, axes, parameters, tokenizer);
  }

  private static DecodePrograms stored(
      Configuration config, CausalLm model, List<LogicalAxes> axes, Cutting cutting, int rows) {
    return DecodePrograms.of(model, axes, cutting, rows, config.data().maxTargetLength());
  }

  private static RestingWeights resting(Configuration config, DecodePrograms stored) {
    return RestingWeights.of(stored, DTypes.of(config.run().dtype()));
  }

  private static DecodeEngine engine(
      Configuration config, DecodePrograms programs, Backend backend) {
    return new DecodeEngine(programs, backend, options(config));
  }

  private static CompileOptions options(Configuration config) {
    Path cache = config.run().jaxCacheDir().orElseGet(() -> UserCache.folder("compiled"));
    return CompileOptions.of(config.run().dumpTo(), Optional.of(cache));
  }

  private static Tokenizer tokenizer(Configuration config) {
    String path = config.tokenizer().tokenizerPath().map(Path::toString).orElse("");
    Tokenizer tokenizer = InputPipeline.openTokenizer(config.tokenizer().tokenizerType(), path);
    if (tokenizer.vocabSize() > config.model().vocabSize()) {
      String message =
          "the tokenizer has %,d ids, but the model's vocab_size is %,d; use the tokenizer that the model was trained with"
              .formatted(tokenizer.vocabSize(), config.model().vocabSize());
      tokenizer.close();
      throw new InferenceException(message);
    }
    return tokenizer;
  }

  /// Tokens that prompt and text can have together: `max_target_length`.
  public int window() {
    return engine.slots();
  }

  /// The tokens of a prompt, after the begin token if `add_bos` asks for one; never empty.
  public int[] tokens(String prompt) {
    return PromptTokens.of(tokenizer, config.tokenizer().addBos(), prompt);
  }

  /// What the model makes of prompts, each by itself.
  ///
  /// @param prompts the tokens of each, from 1 to one less than [#window]
  /// @param limit most new tokens of a text
  /// @param listener hears of the texts as they come; pieces of several texts take turns
  public Completions complete(
      List<int[]> prompts, int limit, Sampling sampling, TextListener listener) {
    TextTrack track = new TextTrack(tokenizer, prompts, listener);
    DecodeTimes times =
        new Generator(engine, new Sampler(sampling), tokenizer.eosId(), limit, track).run(prompts);
    return new Completions(track.completions(), times);
  }

  /// Makes greedy texts of exactly `limit` tokens, whatever these are, to measure how fast.
  public DecodeTimes time(List<int[]> prompts, int limit) {
    Sampler greedy = new Sampler(new Sampling(SamplingStrategy.GREEDY, 1, 0, -1, 0));
    TextTrack track = new TextTrack(tokenizer, prompts, TextListener.NONE);
    return new Generator(engine, greedy, OptionalInt.empty(), limit, track).run(prompts);
  }

  /// What was made, and how fast.
  ///
  /// @param list one for each prompt, in their order
  public record Completions(List<Completion> list, DecodeTimes times) {
    public Completions {
      list = List.copyOf(list);
    }
  }

  /// Bytes of the parameters as they rest on the devices.
  public long parameterBytes() {
    return params.list().stream().mapToLong(buffer -> buffer.type().bytes()).sum();
  }

  /// Bytes of the parameters that a step reads whole: all but the embedding's table, unless that is
  /// the output layer too.
  public long stepParameterBytes() {
    long table =
        config.model().logitsViaEmbedding() ? 0 : params.list().get(EMBEDDING).type().bytes();
    return parameterBytes() - table;
  }

  /// Bytes of the keys and values of one token in all layers.
  public long tokenBytes() {
    return engine.slotBytes();
  }

  @Override
  public void close() {
    open.close();
  }
}
