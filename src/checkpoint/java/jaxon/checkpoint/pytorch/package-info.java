/// Weights in the files of PyTorch's `torch.save`: a zip file of a pickle and of storages.
///
/// Flow: [jaxon.checkpoint.pytorch.TorchFile] maps a file; [jaxon.checkpoint.pytorch.ZipEntries]
/// finds what lies in it; [jaxon.checkpoint.pytorch.Unpickler] reads the pickle's few allowed
/// instructions into [jaxon.checkpoint.pytorch.Pickled] values, of which
/// [jaxon.checkpoint.pytorch.TorchTensor]s are made: views of the mapped storages. Start at
/// [jaxon.checkpoint.pytorch.TorchFile].
///
/// A pickle is a program. This one is never run: its instructions that call functions are known by
/// the names of [jaxon.checkpoint.pytorch.TorchGlobal] alone, and everything else is refused.
/// Nothing here knows what the tensors are for.
@NullMarked
package jaxon.checkpoint.pytorch;

import org.jspecify.annotations.NullMarked;
