package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jaxon.config.Configuration;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.layers.models.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RematPoliciesTest {
  /// The names that MaxText's policies and logical axis rules know.
  private static final List<String> AXES =
      List.of(
          "activation_embed_and_logits_batch",
          "activation_batch",
          "activation_batch_attn",
          "activation_length",
          "activation_length_attn",
          "activation_norm_length",
          "activation_embed",
          "activation_heads",
          "activation_kv",
          "activation_kv_heads",
          "activation_kv_head_dim",
          "activation_mlp",
          "activation_vocab");

  @Test
  void noneMeansNoRemat() {
    assertThat(RematPolicies.of(Configs.tiny("remat_policy=none").remat())).isEmpty();
    assertThat(forward("remat_policy=none")).noneMatch(ControlOp.Remat.class::isInstance);
  }

  @Test
  void fullKeepsNothing() {
    assertThat(forward("remat_policy=full")).contains(new ControlOp.Remat(RematPolicy.FULL));
  }

  @Test
  void customKeepsWhatItsKeysSay() {
    Configuration config = Configs.tiny("remat_policy=custom", "context=device", "mlpwo=device");

    assertThat(RematPolicies.of(config.remat()))
        .contains(new RematPolicy(false, List.of("context", "mlpwo")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[silu, linear]", "[gelu]"})
  void everyKeptNameIsInTheLayer(String activations) {
    List<String> names =
        forward("remat_policy=minimal_with_context", "mlp_activations=" + activations).stream()
            .filter(AnnotationOp.Name.class::isInstance)
            .map(op -> ((AnnotationOp.Name) op).name())
            .distinct() // Both values that the backward pass of attention reads are `context`.
            .toList();
    List<String> mlp =
        activations.contains("linear") ? List.of("mlpwi_0", "mlpwi_1") : List.of("mlpwi");

    List<String> expected =
        new ArrayList<>(
            List.of(
                "decoder_layer_input",
                "query_proj",
                "key_proj",
                "value_proj",
                "context",
                "attention_out",
                "out_proj",
                "mlpwo"));
    expected.addAll(mlp);
    assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
    List<String> kept =
        RematPolicies.of(Configs.tiny("remat_policy=minimal_with_context").remat())
            .orElseThrow()
            .savedNames();
    assertThat(kept).containsAll(expected.subList(1, 5)).containsAll(mlp);
  }

  @Test
  void activationsAreConstrainedByKnownAxes() {
    List<String> axes =
        forward().stream()
            .filter(AnnotationOp.ShardingConstraint.class::isInstance)
            .flatMap(op -> ((AnnotationOp.ShardingConstraint) op).axes().names().stream())
            .distinct()
            .toList();

    assertThat(axes).containsExactlyInAnyOrderElementsOf(AXES);
  }

  /// All ops of a model's forward pass, those in regions too.
  private static List<Op> forward(String... overrides) {
    CausalLm template = Models.init(Configs.tiny(overrides)).template();
    List<TensorType> types = new ArrayList<>();
    Tree.leaves(template).forEach(leaf -> types.add(leaf.type()));
    int parameters = types.size();
    types.add(TensorType.of(DType.I32, 1, 4));
    Graph graph =
        Tracer.traceClosed(
            "forward",
            types,
            args -> {
              Array tokens = args.getLast();
              CausalLm model = Tree.rebuild(template, args.subList(0, parameters));
              return List.of(model.apply(new TokenBatch(tokens, tokens, tokens)));
            });
    return ops(graph).toList();
  }

  private static Stream<Op> ops(Graph graph) {
    return graph.equations().stream()
        .flatMap(equation ->
            Stream.concat(Stream.of(equation.op()), regions(equation).flatMap(r -> ops(r))));
  }

  private static Stream<Graph> regions(Equation equation) {
    return equation.regions().stream();
  }
}
