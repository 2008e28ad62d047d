package jaxon.peers;

import static org.bytedeco.pytorch.global.torch.compile;
import static org.bytedeco.pytorch.global.torch.zeros;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import java.util.Collection;
import jaxon.config.OptimizerConfig;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorVector;

/// AdamW in one pass over each parameter: PyTorch's `fused=True`, which the C++ class lacks, called
/// through TorchScript.
final class FusedAdamW {
  private static final String SCRIPT =
      """
      def update(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], s: List[Tensor],
                 lr: float, b1: float, b2: float, decay: float, eps: float):
        torch._foreach_add_(s, 1)
        torch._fused_adamw_(p, g, m, v, [], s, lr=lr, beta1=b1, beta2=b2, weight_decay=decay, eps=eps,
                            amsgrad=False, maximize=False)
        return 0
      """;

  private final OptimizerConfig config;
  // Holds the function.
  private final CompilationUnit unit = compile(SCRIPT);
  private final Function update = unit.find_function(new QualifiedName("update"));
  private final Collection<Tensor> parameters;
  private final TensorVector params = new TensorVector();
  private final TensorVector means = new TensorVector();
  private final TensorVector squares = new TensorVector();
  private final TensorVector steps = new TensorVector();

  FusedAdamW(OptimizerConfig config, Collection<Tensor> parameters) {
    this.config = config;
    this.parameters = parameters;
    for (Tensor parameter : parameters) {
      params.push_back(parameter);
      means.push_back(zeros_like(parameter));
      squares.push_back(zeros_like(parameter));
      steps.push_back(zeros(new long[0]));
    }
  }

  /// The parameters, for clipping.
  TensorVector params() {
    return params;
  }

  /// Updates the parameters by their gradients, which are gone after it; no gradient may be
  /// recorded.
  void update(double learningRate) {
    TensorVector grads = new TensorVector();
    parameters.forEach(parameter -> grads.push_back(parameter.grad()));
    update.run(
        new IValueVector(
            list(params),
            list(grads),
            list(means),
            list(squares),
            list(steps),
            new IValue(learningRate),
            new IValue(config.adamB1()),
            new IValue(config.adamB2()),
            new IValue(config.adamWeightDecay()),
            new IValue(config.adamEps())));
    parameters.forEach(parameter -> parameter.mutable_grad().reset());
  }

  /// There is no constructor for a list of tensors; it has the layout of a generic list.
  private static IValue list(TensorVector tensors) {
    return new IValue(new GenericList(new TensorList(tensors)));
  }
}
