/// Code generation for fused loops: the region of a `jaxon.loop` composite becomes Java source that
/// works in vectors on off-heap memory, and that source a class.
///
/// Flow: [jaxon.runtime.cpu.loop.Reading] follows each output of the region back to the inputs, as
/// index maps (`Affine`, `IndexMap`) of values (`Node`) per box of the index space; where the
/// region reads differently on either side of an index it asks for a cut, where a reshape regroups
/// dims for a split. [jaxon.runtime.cpu.loop.Nest] merges dims that all accesses walk through as
/// one; [jaxon.runtime.cpu.loop.KernelWriter] writes the class in a `Dialect` (vectors, or single
/// elements for the rest); [jaxon.runtime.cpu.loop.LoopCompiler] compiles it, once per text. Start
/// at [jaxon.runtime.cpu.loop.Loop]. Nothing here knows programs, memory plans or which ops are
/// fused.
@NullMarked
package jaxon.runtime.cpu.loop;

import org.jspecify.annotations.NullMarked;
