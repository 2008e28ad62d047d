package jaxon.input;

import java.util.OptionalInt;
import jaxon.input.source.DocumentSource;
import jaxon.input.tokenizer.Tokenizer;

/// Documents tokenized whenever they are asked for, with begin and end tokens as wanted.
final class TokenizedDocuments implements TokenCorpus {
  private final DocumentSource source;
  private final Tokenizer tokenizer;
  private final OptionalInt bos;
  private final OptionalInt eos;

  TokenizedDocuments(DocumentSource source, Tokenizer tokenizer, boolean addBos, boolean addEos) {
    this.source = source;
    this.tokenizer = tokenizer;
    bos = addBos ? tokenizer.bosId() : OptionalInt.empty();
    eos = addEos ? tokenizer.eosId() : OptionalInt.empty();
  }

  @Override
  public long size() {
    return source.size();
  }

  @Override
  public int[] tokens(long index) {
    String text = source.document(index);
    if (text.isEmpty()) {
      return new int[0];
    }
    int[] ids = tokenizer.encode(text);
    int before = bos.isPresent() ? 1 : 0;
    int after = eos.isPresent() ? 1 : 0;
    int[] tokens = new int[before + ids.length + after];
    System.arraycopy(ids, 0, tokens, before, ids.length);
    bos.ifPresent(id -> tokens[0] = id);
    eos.ifPresent(id -> tokens[tokens.length - 1] = id);
    return tokens;
  }

  @Override
  public String locate(long index) {
    return source.locate(index);
  }
}
