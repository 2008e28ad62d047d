/// Text to token ids and back, and the training of new vocabularies.
///
/// [Tokenizer] is the interface; [ByteTokenizer] needs no file, [HuggingFaceTokenizer] reads a
/// `tokenizer.json`. A new vocabulary goes [WordCounts] -> [BpeTrainer] -> [BpeModel] ->
/// [TokenizerFile], which writes such a `tokenizer.json`.
@NullMarked
package jaxon.input.tokenizer;

import org.jspecify.annotations.NullMarked;
