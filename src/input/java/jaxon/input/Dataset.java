package jaxon.input;

/// Data ready to be packed: documents tokenized on access, or text tokenized beforehand.
sealed interface Dataset {

  /// A new packer over `epochs` passes (0: no end), in shuffled order or in that of the data.
  Packer packer(InputSettings settings, boolean shuffle, long epochs);

  /// How much there is, in words.
  String describe();

  /// Documents that are read and tokenized when their turn comes.
  record Documents(TokenCorpus corpus) implements Dataset {
    @Override
    public Packer packer(InputSettings settings, boolean shuffle, long epochs) {
      DocumentStream stream = new DocumentStream(corpus, shuffle, settings.seed(), epochs);
      return switch (settings.packing()) {
        case FIRST_FIT ->
            new FirstFitPacker(
                stream, settings.maxTargetLength(), settings.maxSegmentsPerSequence());
        case CONCAT_THEN_SPLIT -> new ConcatPacker(stream);
        case NONE -> new UnpackedPacker(stream);
      };
    }

    @Override
    public String describe() {
      return "%,d documents".formatted(corpus.size());
    }
  }

  /// Text in memory, shuffled in pieces of a row.
  record Stored(StoredText text) implements Dataset {
    @Override
    public Packer packer(InputSettings settings, boolean shuffle, long epochs) {
      int length = settings.maxTargetLength();
      return switch (settings.packing()) {
        case CONCAT_THEN_SPLIT ->
            new StoredRowPacker(text, length, shuffle, settings.seed(), epochs);
        case FIRST_FIT, NONE ->
            new Documents(new TextPieces(text, length)).packer(settings, shuffle, epochs);
      };
    }

    @Override
    public String describe() {
      return "%,d documents, %,d tokens".formatted(text.spans().size(), text.tokens());
    }
  }
}
