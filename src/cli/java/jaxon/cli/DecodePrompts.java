package jaxon.cli;

import java.util.ArrayList;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.inference.DecodeSession;
import jaxon.inference.InferenceException;

/// Prompts as the tokens that a model starts from.
final class DecodePrompts {
  private DecodePrompts() {}

  /// The tokens of each prompt.
  ///
  /// @throws InferenceException if one is too long
  static List<int[]> tokens(DecodeSession session, Configuration config, List<String> prompts) {
    int longest = config.eval().maxPrefillPredictLength();
    int room = longest == -1 ? session.window() - 1 : longest;
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      int[] tokens = session.tokens(prompts.get(i));
      if (tokens.length > room) {
        throw new InferenceException(
            """
            Prompt %d has %,d tokens, but max_prefill_predict_length=%d and max_target_length=%d allow \
            %,d. Shorten the prompt, or make them larger.\
            """
                .formatted(i + 1, tokens.length, longest, session.window(), room));
      }
      all.add(tokens);
    }
    return all;
  }
}
