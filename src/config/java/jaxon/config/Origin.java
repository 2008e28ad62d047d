package jaxon.config;

/// Where a setting was made.
sealed interface Origin {

  /// The place in words, for messages.
  String describe();

  /// A line, counted from 1, of a YAML file.
  record Line(SourceFile file, int number) implements Origin {
    @Override
    public String describe() {
      return file.shown() + ":" + number;
    }
  }

  /// An environment variable.
  record Environment(String variable) implements Origin {
    @Override
    public String describe() {
      return "environment " + variable;
    }
  }

  /// An argument of the command.
  record CommandLine() implements Origin {
    @Override
    public String describe() {
      return "command line";
    }
  }
}
