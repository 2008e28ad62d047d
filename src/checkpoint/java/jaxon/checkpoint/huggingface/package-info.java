/// Hugging Face repositories as a format of Jaxon's: `config.json` and weights to a configuration
/// and a tree of parameters, and back.
///
/// Flow: [jaxon.checkpoint.huggingface.HuggingFaceModel] opens a directory; its
/// [jaxon.checkpoint.huggingface.LlamaConfig] gives the settings of a configuration, whose model's
/// parameters are bound to the names of the repository by [jaxon.checkpoint.huggingface.Binding]s;
/// a [jaxon.checkpoint.huggingface.TreeView] shows the repository's tensors as that tree, a
/// [jaxon.checkpoint.huggingface.RepositoryView] any such tree under the repository's names;
/// [jaxon.checkpoint.huggingface.RepositoryWriter] writes a directory. A family is one table,
/// [jaxon.checkpoint.huggingface.LlamaNames] for Llama. Start at
/// [jaxon.checkpoint.huggingface.HuggingFaceModel].
///
/// Nothing of a repository is ever executed, and files are bounded and checked before they are
/// believed.
@NullMarked
package jaxon.checkpoint.huggingface;

import org.jspecify.annotations.NullMarked;
