/// Where the pieces of a tensor lie on a mesh of devices.
///
/// The flow of the module, package by package: layers speak *logical* axes (`embed`, `mlp`,
/// `activation_batch` …). [jaxon.sharding.LogicalAxisRules] map them to axes of a
/// [jaxon.sharding.Mesh], which gives a [jaxon.sharding.PartitionSpec] for each parameter and each
/// constrained activation. `jaxon.sharding.propagate` spreads these over the whole graph, and
/// `jaxon.sharding.partition` rewrites the global graph into the program of one device, with
/// collectives between. `jaxon.sharding.rule` knows what each op allows. `jaxon.sharding.simulate`
/// runs such a program on all devices at once, for tests.
///
/// `axis` always means an axis of the mesh, `dim` always a dim of a tensor. Start at
/// [jaxon.sharding.Mesh] and [jaxon.sharding.PartitionSpec]. Nothing here knows of layers, of a
/// configuration or of how bytes travel.
@NullMarked
package jaxon.sharding;

import org.jspecify.annotations.NullMarked;
