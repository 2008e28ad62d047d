package jaxon.trainer;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import jaxon.config.Configuration;
import jaxon.inference.Completion;
import jaxon.inference.DecodeSession;
import jaxon.inference.Sampling;
import jaxon.inference.TextListener;
import jaxon.input.tokenizer.Tokenizer;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffers;
import jaxon.sharding.MeshAxis;

/// Continues the configured prompt, to show what the model has learned.
///
/// @param programs what the parameters belong to
record TextSample(
    Configuration config, TrainPrograms programs, Backend backend, Tokenizer tokenizer) {
  /// Whether text can be made on the mesh: not on a pipeline, where a token waits for all stages.
  boolean isPossible() {
    return programs.placement().mesh().mesh().size(MeshAxis.STAGE) == 1;
  }

  /// Gives up to `sample_length` tokens of text to `out`, piece by piece; stops at the end token
  /// and when the window is full.
  void run(Buffers params, Consumer<String> out) {
    try (DecodeSession session =
        DecodeSession.on(
            config,
            backend,
            programs.placement().mesh()::spec,
            programs.paramsTemplate(),
            programs.placement().axes(),
            params.list(),
            tokenizer)) {
      int limit = config.eval().sampleLength();
      int[] prompt = end(session.tokens(config.eval().prompt()), session.window(), limit);
      Sampling sampling = Sampling.of(config, config.run().initWeightsSeed());
      session.complete(List.of(prompt), limit, sampling, listener(out));
    }
  }

  /// The end of a prompt that is too long: as much as leaves room for the sample, but half the
  /// window at least.
  private static int[] end(int[] prompt, int window, int limit) {
    int most = Math.min(window - 1, Math.max(window / 2, window - limit));
    int from = Math.max(0, prompt.length - Math.max(1, most));
    return Arrays.copyOfRange(prompt, from, prompt.length);
  }

  private static TextListener listener(Consumer<String> out) {
    return new TextListener() {
      @Override
      public void piece(int prompt, String piece) {
        out.accept(piece);
      }

      @Override
      public void finished(int prompt, Completion completion) {
        // There is but one text, and the run goes on.
      }
    };
  }
}
