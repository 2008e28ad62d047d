package jaxon.input.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import jaxon.input.source.InputException;
import jaxon.input.source.Utf8Files;

/// A tokenizer in Hugging Face's `tokenizer.json` format, run by their own library (through DJL).
///
/// Nothing is fetched from a network. Text beyond a mebibyte is encoded in blocks cut at a line
/// break between two lines, which for byte-level vocabularies gives the same ids as one call;
/// others may differ by a token at a cut. A special token spelled out in the text becomes that
/// special token, as in the library.
public final class HuggingFaceTokenizer implements Tokenizer {
  static final long MAX_FILE_BYTES = 256L << 20;

  static {
    // Read by DJL when its classes load: no usage tracking, no search for CUDA builds, no
    // downloads.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("ai.djl.offline", "true");
  }

  private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer library;
  private final TokenizerMetadata metadata;
  private final Path file;

  private HuggingFaceTokenizer(
      ai.djl.huggingface.tokenizers.HuggingFaceTokenizer library,
      TokenizerMetadata metadata,
      Path file) {
    this.library = library;
    this.metadata = metadata;
    this.file = file;
  }

  /// Opens a `tokenizer.json` file or a directory that holds one.
  ///
  /// @throws InputException if there is none or it is malformed
  public static HuggingFaceTokenizer open(String path) {
    if (path.isBlank()) {
      throw new InputException(
          "No tokenizer path is set. Give a tokenizer.json file or its directory, or use the byte tokenizer.");
    }
    Path file = Path.of(path);
    if (Files.isDirectory(file)) {
      file = file.resolve("tokenizer.json");
    }
    if (!Files.isRegularFile(file)) {
      throw new InputException(
          "No tokenizer at '%s': give a tokenizer.json file or a directory that holds one."
              .formatted(file));
    }
    byte[] json = Utf8Files.bytes(file, MAX_FILE_BYTES);
    TokenizerMetadata metadata = TokenizerMetadata.read(file, json);
    return new HuggingFaceTokenizer(load(file, json), metadata, file);
  }

  private static ai.djl.huggingface.tokenizers.HuggingFaceTokenizer load(Path file, byte[] json) {
    Map<String, String> options =
        Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
    try {
      return ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(
          new ByteArrayInputStream(json), options);
    } catch (IOException | RuntimeException e) {
      throw new InputException(
          "The tokenizer file '%s' cannot be loaded: %s".formatted(file, e.getMessage()), e);
    } catch (LinkageError e) {
      throw new InputException(
          "The tokenizer library has no native code for this platform (%s %s): %s"
              .formatted(
                  System.getProperty("os.name"), System.getProperty("os.arch"), e.getMessage()),
          e);
    }
  }

  @Override
  public int vocabSize() {
    return metadata.vocabSize();
  }

  @Override
  public int[] encode(String text) {
    TokenBuffer ids = new TokenBuffer();
    for (String block : TextBlocks.of(text)) {
      Encoding encoding = library.encode(block, false, false);
      for (long id : encoding.getIds()) {
        ids.add(Math.toIntExact(id));
      }
    }
    return ids.toArray();
  }

  @Override
  public String decode(int[] ids) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        throw new InputException("Token id %d is negative: ids start at 0.".formatted(ids[i]));
      }
      wide[i] = ids[i];
    }
    return ids.length == 0 ? "" : library.decode(wide, true);
  }

  @Override
  public OptionalInt bosId() {
    return metadata.bosId();
  }

  @Override
  public OptionalInt eosId() {
    return metadata.eosId();
  }

  @Override
  public OptionalInt padId() {
    return metadata.padId();
  }

  @Override
  public String describe() {
    return "tokenizer %s, %,d ids, bos %s, eos %s"
        .formatted(file, vocabSize(), name(bosId()), name(eosId()));
  }

  private static String name(OptionalInt id) {
    return id.isPresent() ? Integer.toString(id.getAsInt()) : "none";
  }

  @Override
  public void close() {
    library.close();
  }
}
