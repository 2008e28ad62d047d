/// Trees: records, lists and maps whose leaves are [jaxon.graph.trace.Array]s.
///
/// A layer is a record whose `Array` components are parameters; a model is a tree of layers. [Tree]
/// takes any of them apart into a flat list of leaves, in a fixed order, and puts it together
/// again. Start at [Tree]; [Program] is a traced function from tree to tree.
@NullMarked
package jaxon.graph.tree;

import org.jspecify.annotations.NullMarked;
