package jaxon.input.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import jaxon.input.source.InputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a [BpeModel] as Hugging Face's `tokenizer.json`.
public final class TokenizerFile {
  private static final JsonMapper JSON = new JsonMapper();

  private TokenizerFile() {}

  /// Writes `file`, whole or not at all; its directory is made if need be.
  public static void write(BpeModel model, Path file) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    addedTokens(root.putArray("added_tokens"), model.specialTokens());
    root.putNull("normalizer");
    preTokenizer(root.putObject("pre_tokenizer"), model.pattern());
    root.putNull("post_processor");
    byteLevel(root.putObject("decoder"), true);
    bpe(root.putObject("model"), model);
    replace(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
  }

  private static void addedTokens(ArrayNode added, List<String> specialTokens) {
    for (int id = 0; id < specialTokens.size(); id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", specialTokens.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
  }

  private static void preTokenizer(ObjectNode node, WordPattern pattern) {
    switch (pattern) {
      case GPT2 -> byteLevel(node, true);
      case LLAMA3 -> {
        node.put("type", "Sequence");
        ArrayNode steps = node.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", pattern.regex());
        split.put("behavior", "Isolated").put("invert", false);
        byteLevel(steps.addObject(), false);
      }
    }
  }

  /// The library's own `ByteLevel`, whose built-in pattern is that of [WordPattern#GPT2].
  private static void byteLevel(ObjectNode node, boolean useRegex) {
    node.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", useRegex);
  }

  private static void bpe(ObjectNode node, BpeModel model) {
    node.put("type", "BPE");
    node.putNull("dropout");
    node.putNull("unk_token");
    node.putNull("continuing_subword_prefix");
    node.putNull("end_of_word_suffix");
    node.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocab = node.putObject("vocab");
    for (int id = 0; id < model.tokens().size(); id++) {
      vocab.put(model.tokens().get(id), id);
    }
    ArrayNode merges = node.putArray("merges");
    for (BpeModel.Merge merge : model.merges()) {
      // Byte-level tokens hold no space; older readers know only this form.
      merges.add(merge.left() + " " + merge.right());
    }
  }

  private static void replace(Path file, byte[] content) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (directory == null) {
        throw new InputException("'%s' is not a file that can be written.".formatted(file));
      }
      Files.createDirectories(directory);
      Path fresh = directory.resolve(file.getFileName() + ".tmp");
      try {
        Files.write(fresh, content);
        Files.move(
            fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new InputException("Cannot write the tokenizer file '%s': %s".formatted(file, e), e);
    }
  }
}
