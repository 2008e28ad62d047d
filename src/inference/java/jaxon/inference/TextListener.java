package jaxon.inference;

/// Hears of texts as they are made.
public interface TextListener {
  /// Hears nothing.
  TextListener NONE =
      new TextListener() {
        @Override
        public void piece(int prompt, String piece) {}

        @Override
        public void finished(int prompt, Completion completion) {}
      };

  /// The text of prompt `prompt` goes on with `piece`.
  void piece(int prompt, String piece);

  /// The text of prompt `prompt` is complete.
  void finished(int prompt, Completion completion);
}
