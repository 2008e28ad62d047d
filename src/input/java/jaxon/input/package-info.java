/// Text in, batches of token ids out: the same batches in the same order, whatever happens in
/// between.
///
/// Start at [InputPipeline]. The flow: a `source` finds documents and gives any one of them by
/// number; a `tokenizer` turns a document into token ids; a [DocumentStream] puts the documents of
/// all epochs in one endless order (a [KeyedPermutation] per epoch); a [Packer] fills the rows of a
/// [Batch] with pieces of them; a [BatchIterator] hands batches out and can say where it is
/// ([IteratorState], a few numbers) and go there again; a [PrefetchingIterator] does the work one
/// batch ahead.
///
/// Batch `k` depends on the settings and on `k` alone: not on timing, not on threads and not on how
/// many processes share the rows. Every process walks the same global stream and keeps its own
/// rows.
///
/// The package knows nothing of graphs, devices or YAML: it takes [InputSettings] and returns
/// arrays.
@NullMarked
package jaxon.input;

import org.jspecify.annotations.NullMarked;
