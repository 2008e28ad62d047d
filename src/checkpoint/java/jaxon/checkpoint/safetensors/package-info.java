/// The safetensors format, read by memory map and written: tensors by name in one file, or written
/// to several with an index.
///
/// Flow: [jaxon.checkpoint.safetensors.SafetensorsFile] maps a file whose header
/// [jaxon.checkpoint.safetensors.SafetensorsHeader] has read and checked;
/// [jaxon.checkpoint.safetensors.SafetensorsWriter] writes a source. Start at
/// [jaxon.checkpoint.safetensors.SafetensorsFile]. Every file is taken for hostile: sizes, counts
/// and names are checked before anything is allocated or opened by them. Nothing here knows what
/// the tensors are for.
@NullMarked
package jaxon.checkpoint.safetensors;

import org.jspecify.annotations.NullMarked;
