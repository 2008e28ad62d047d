/// Runs a per-device program on all devices of a mesh in one thread, slowly and obviously.
///
/// [jaxon.sharding.simulate.MeshInterpreter] goes through the program equation by equation, each on
/// all devices before the next; collectives see the operands of all devices at once. With
/// [jaxon.sharding.simulate.Blocks], which cuts tensors and puts them together again, it is the
/// judge of the partitioner: a graph on one device and its partitioned form must agree.
@NullMarked
package jaxon.sharding.simulate;

import org.jspecify.annotations.NullMarked;
