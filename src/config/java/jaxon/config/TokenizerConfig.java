package jaxon.config;

import java.nio.file.Path;
import java.util.Optional;

/// How text becomes tokens.
public record TokenizerConfig(
    @Key(
            doc =
                "byte: UTF-8 bytes as ids 0 to 255, begin 256, end 257. huggingface: the tokenizer.json"
                    + " at tokenizer_path.",
            defaultValue = "byte",
            notYet = {"sentencepiece", "tiktoken"},
            differs = "MaxText's default is sentencepiece; byte is Jaxon's")
        TokenizerType tokenizerType,
    @Key(
            doc =
                "File tokenizer.json, or the directory that holds it. A relative path in a YAML file"
                    + " starts from that file's directory.",
            defaultValue = "",
            base = Key.Base.SETTING_FILE)
        Optional<Path> tokenizerPath,
    @Key(doc = "Put the begin token before each document.", defaultValue = "true") boolean addBos,
    @Key(doc = "Put the end token after each document.", defaultValue = "true") boolean addEos) {}
