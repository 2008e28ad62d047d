package jaxon.input.tokenizer;

import java.util.regex.Pattern;

/// How text is cut into words before merges are learned or applied; no token reaches over a cut.
public enum WordPattern {
  /// English clitics; letters, digits or other signs with the space before them; white space.
  ///
  /// Source: Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, and their
  /// published encoder.
  GPT2("'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),

  /// As GPT-2's, but at most three digits together, line breaks kept apart and any case of clitics.
  ///
  /// Source: the pre-tokenizer of the published Llama 3 tokenizer.
  LLAMA3(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  private final String regex;
  private final Pattern pattern;

  WordPattern(String regex) {
    this.regex = regex;
    // The tokenizer library reads \s as Unicode white space, Java reads it as ASCII.
    pattern =
        Pattern.compile(
            regex.replace("\\s", "\\p{IsWhite_Space}").replace("\\S", "\\P{IsWhite_Space}"));
  }

  /// The pattern in the syntax of the tokenizer library.
  String regex() {
    return regex;
  }

  /// The pattern for Java.
  Pattern pattern() {
    return pattern;
  }
}
