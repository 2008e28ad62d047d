package jaxon.graph.tree;

import java.util.List;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;

/// A traced function from tree to tree: its graph takes the input's leaves and gives the output's,
/// in order.
///
/// @param inputTemplate a tree of placeholders with the types of the inputs
/// @param outputTemplate a tree of placeholders with the types of the outputs
public record Program<I, O>(Graph graph, I inputTemplate, O outputTemplate) {
  /// Traces `function` on inputs of the template's types.
  public static <I, O> Program<I, O> trace(String name, I inputTemplate, Function<I, O> function) {
    List<Array> templates = Tree.leaves(inputTemplate);
    Object[] output = new Object[1];
    Graph graph =
        Tracer.traceClosed(
            name,
            templates.stream().map(Array::type).toList(),
            args -> {
              O result = function.apply(Tree.rebuild(inputTemplate, args));
              output[0] = result;
              return Tree.leaves(result);
            });
    @SuppressWarnings("unchecked") // Set by the function above, which has run.
    O result = (O) output[0];
    return new Program<>(graph, Tree.template(inputTemplate), Tree.template(result));
  }

  /// Applies this program inside another trace, by copying its graph there.
  public O call(I input) {
    return Tree.rebuild(outputTemplate, Tracer.current().inline(graph, Tree.leaves(input)));
  }
}
