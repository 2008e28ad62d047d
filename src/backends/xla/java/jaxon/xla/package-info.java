/// The engine that gives graphs to XLA, which compiles them for the CPU.
///
/// Flow: a graph, after [jaxon.runtime.CompilePipeline] with every composite taken apart ->
/// StableHLO text -> [FunctionBuilder], which wraps it as a function of TensorFlow's eager runtime
/// -> [XlaExecutable], run on [XlaBuffer]s, which stay on XLA's side from step to step. XLA
/// compiles at the first execution. Start at [XlaBackend].
///
/// Native code is fenced: [NativeLibrary] finds and loads it after [ProcessSettings] has set what
/// it reads while loading, [TensorFlow] calls its C API through [NativeFunction]s. What TensorFlow
/// is beyond this C API and the operation `XlaCallModule`, nothing here knows.
@NullMarked
package jaxon.xla;

import org.jspecify.annotations.NullMarked;
