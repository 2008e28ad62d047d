/// Collectives between threads of one process, over the memory they share.
///
/// Start at [jaxon.collective.memory.LocalWorld]. A collective has three steps: each rank publishes
/// its call, with the addresses of its memory, and waits for the others at a barrier
/// ([jaxon.collective.memory.ParkingBarrier]); each does its share, reading the others' inputs and,
/// for an all_reduce, writing into the others' outputs; each waits until all are done. Nothing is
/// copied on the way: a reduction reads every contribution once, where its owner keeps it.
///
/// A rank that fails marks the world as broken; everyone who waits is woken and throws. No rank
/// leaves a collective, and so may free its memory, while another is at work in it.
@NullMarked
package jaxon.collective.memory;

import org.jspecify.annotations.NullMarked;
