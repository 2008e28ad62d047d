/// Running graphs: backends, devices, buffers, executables, in the shape of PJRT.
///
/// Flow: [Backends#open] finds a [Backend] by name; [Backend#compile] sends a graph through
/// [CompilePipeline] and gives an [Executable], which maps [Buffer]s to buffers on a [Device].
/// Start at [Backend]; read [CompilePipeline] for every pass in order. Nothing here knows of layers
/// or training.
@NullMarked
package jaxon.runtime;

import org.jspecify.annotations.NullMarked;
