package jaxon.input.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import jaxon.input.source.InputException;
import jaxon.input.source.Utf8Files;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the pipeline needs to know of a `tokenizer.json`: how many ids, and which ones are special.
///
/// The special tokens are those that a `tokenizer_config.json` beside the file names; without it,
/// those among the added tokens with a well-known name.
record TokenizerMetadata(int vocabSize, OptionalInt bosId, OptionalInt eosId, OptionalInt padId) {
  /// Ids beyond this are taken for damage.
  private static final int MAX_ID = 1 << 24;

  private static final JsonMapper JSON = new JsonMapper();

  // Most specific first: Llama 3 and DeepSeek files hold several of these.
  private static final List<String> BOS_NAMES =
      List.of(
          "<|begin_of_text|>",
          "<|startoftext|>",
          "<｜begin▁of▁sentence｜>",
          "<bos>",
          "<s>",
          "[CLS]",
          "[BOS]");
  private static final List<String> EOS_NAMES =
      List.of(
          "<|end_of_text|>",
          "<|endoftext|>",
          "<｜end▁of▁sentence｜>",
          "<eos>",
          "</s>",
          "<|im_end|>",
          "[SEP]",
          "[EOS]");
  private static final List<String> PAD_NAMES =
      List.of("<pad>", "<|pad|>", "[PAD]", "<|finetune_right_pad_id|>", "<|padding|>", "<｜▁pad▁｜>");

  static TokenizerMetadata read(Path file, byte[] json) {
    JsonNode root = parse(file, json);
    JsonNode model = root.path("model");
    JsonNode vocab = model.path("vocab");
    if (!vocab.isObject() && !vocab.isArray()) {
      throw new InputException(
          "'%s' is not a Hugging Face tokenizer: it has no model.vocab; its keys are %s."
              .formatted(file, root.propertyNames()));
    }
    Map<String, Integer> added = addedTokens(file, root);
    int size = vocab.isArray() ? vocab.size() : 0;
    for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
      size = Math.max(size, id(file, entry.getKey(), entry.getValue()) + 1);
    }
    for (int id : added.values()) {
      size = Math.max(size, id + 1);
    }
    JsonNode config = config(file);
    return new TokenizerMetadata(
        size,
        special(config, "bos_token", BOS_NAMES, added, vocab),
        special(config, "eos_token", EOS_NAMES, added, vocab),
        special(config, "pad_token", PAD_NAMES, added, vocab));
  }

  private static Map<String, Integer> addedTokens(Path file, JsonNode root) {
    Map<String, Integer> added = new LinkedHashMap<>();
    for (JsonNode token : root.path("added_tokens")) {
      String content = token.path("content").asString("");
      added.put(content, id(file, content, token.path("id")));
    }
    return added;
  }

  private static int id(Path file, String token, JsonNode id) {
    if (!id.isInt() || id.intValue() < 0 || id.intValue() > MAX_ID) {
      throw new InputException(
          "'%s': the id of token '%s' is %s; it should be a whole number from 0 to %,d."
              .formatted(file, token, id, MAX_ID));
    }
    return id.intValue();
  }

  private static JsonNode config(Path file) {
    Path config = file.resolveSibling("tokenizer_config.json");
    return Files.isRegularFile(config)
        ? parse(config, Utf8Files.bytes(config, HuggingFaceTokenizer.MAX_FILE_BYTES))
        : JSON.createObjectNode();
  }

  private static JsonNode parse(Path file, byte[] json) {
    try {
      JsonNode root = JSON.readTree(json);
      if (!root.isObject()) {
        throw new InputException(
            "The tokenizer file '%s' should hold a JSON object, but holds: %s."
                .formatted(file, root.getNodeType()));
      }
      return root;
    } catch (JacksonException e) {
      throw new InputException(
          "The tokenizer file '%s' is not valid JSON: %s".formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  /// A config entry decides if there is one, also where it is null; it is a string or an object
  /// with `content`.
  private static OptionalInt special(
      JsonNode config, String key, List<String> names, Map<String, Integer> added, JsonNode vocab) {
    if (config.has(key)) {
      JsonNode value = config.path(key);
      String name = value.isObject() ? value.path("content").asString("") : value.asString("");
      return idOf(name, added, vocab);
    }
    for (String name : names) {
      if (added.containsKey(name)) {
        return idOf(name, added, vocab);
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt idOf(String name, Map<String, Integer> added, JsonNode vocab) {
    Integer id = added.get(name);
    if (id != null) {
      return OptionalInt.of(id);
    }
    JsonNode inVocab = vocab.path(name);
    return inVocab.isInt() ? OptionalInt.of(inVocab.intValue()) : OptionalInt.empty();
  }
}
