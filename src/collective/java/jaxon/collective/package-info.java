/// Collectives: what the ranks of a run compute together, whatever carries their bytes.
///
/// Start at [jaxon.collective.Communicator]. A rank calls one of its methods with native memory;
/// that is a [jaxon.collective.Call], a value that every communicator carries out alike:
///
/// 1. [jaxon.collective.QueuedCommunicator] gives it the next sequence number of its group, writes
///    it into the rank's [jaxon.collective.FlightRecorder] and runs it after those before it.
/// 2. `jaxon.collective.memory` carries it out between threads of one process, straight from the
///    callers' memory; `jaxon.collective.algorithm` over messages from rank to rank, which
///    `jaxon.collective.aeron` carries between processes and hosts. `jaxon.collective.wire` sends
///    f32 as bf16 over either.
/// 3. Whatever carries it, each rank states what it called ([jaxon.collective.CallHeader]), and
///    calls that do not fit together are an error on every rank.
///
/// **Reductions have one order.** Element by element, the result is ((x₀ ∘ x₁) ∘ x₂) ∘ … over the
/// ranks of the group in their order; bf16 and f16 accumulate in f32 and are rounded once, at the
/// end. So the wire carries contributions, never partial sums: a partial sum would have to be sent
/// as f32, and the algorithms that send them (the ring that reduces on its way round, recursive
/// halving) each add in an order of their own. Every algorithm here gives the same bits, so the
/// choice among them, the transport and the timing cannot be seen in a result. What it costs is
/// explained in `jaxon.collective.algorithm`: not one byte.
///
/// Memory belongs to the caller and must stay where it is until the call is done. Nothing here
/// knows graphs or meshes.
@NullMarked
package jaxon.collective;

import org.jspecify.annotations.NullMarked;
