/// How the processes of one run find each other, and notice when one of them is gone.
///
/// In come [ClusterSettings], which tell each process where the coordinator (process 0) listens,
/// which process it is and how many there are. [Rendezvous#join] starts an embedded Hazelcast
/// member, waits for the others, and has the coordinator compare what all of them were told: wrong
/// numbers and different configurations end every process with the same [ClusterUsageException].
/// Out comes a [Rendezvous]: it passes short texts around (addresses of data channels), holds
/// barriers, and tells at once when a process leaves without a goodbye.
///
/// 1. [ClusterSettings] checks what one process can know by itself.
/// 2. `Meeting` starts the member (`MemberConfig`) and calls the roll: `Identity` is what each says
///    of itself, `RollCall` the rules, `Verdict` the answer to all.
/// 3. `Board` holds the notes that processes leave for each other; `LossWatch` hears who leaves.
///
/// Nothing durable or secret belongs here: Hazelcast's open edition has no authentication, no
/// encryption and no consensus (`docs/cluster.md`). This package knows nothing of Jaxon, neither
/// its configuration nor what the processes compute. Only it may use Hazelcast.
@NullMarked
package jaxon.cluster;

import org.jspecify.annotations.NullMarked;
