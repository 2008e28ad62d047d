/// Frames between processes of one host and between hosts, carried by Aeron.
///
/// Start at [jaxon.collective.aeron.AeronTransport], which needs a media driver: one in a process
/// of this run ([jaxon.collective.aeron.AeronDriver]) or one that runs already. Ranks on one host
/// share a driver and talk over shared memory; ranks on several hosts have a driver on each and
/// talk over UDP.
///
/// The driver has no threads that wait for packets: a rank that waits in a collective turns it, and
/// a thread of its own does while none waits ([jaxon.collective.aeron.AeronDriver]).
///
/// From each rank to each other one there are two streams: one for the frames of collectives, one
/// for control, which says that a rank gives up or is done. A frame is one Aeron message within one
/// packet ([jaxon.collective.aeron.FrameCodec]), so the receiver adds it up or copies it where
/// Aeron put it, with no assembly. Aeron repeats what the network loses, in order, and holds
/// senders back whose receiver is not ready; it does not promise that anything arrives, which is
/// why frames are numbered, checked and waited for with a deadline.
///
/// There is no encryption and no authentication: bind to private addresses.
@NullMarked
package jaxon.collective.aeron;

import org.jspecify.annotations.NullMarked;
