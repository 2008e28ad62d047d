/// How tensors lie in the memory of engines that run on the CPU.
///
/// Start at [Layout].
@NullMarked
package jaxon.runtime.program;

import org.jspecify.annotations.NullMarked;
