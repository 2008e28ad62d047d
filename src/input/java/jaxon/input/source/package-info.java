/// Documents by number, from text files, JSON lines and Parquet.
///
/// [FileSearch] turns a path, directory or glob pattern into a sorted list of files; a
/// [DocumentSource] gives their documents in random access, so that a shuffle needs no buffer and a
/// resume no replay. Everything read here is treated as hostile: sizes are bounded and a bad byte
/// is an [InputException] that names file and place. The package knows nothing of tokens.
@NullMarked
package jaxon.input.source;

import org.jspecify.annotations.NullMarked;
