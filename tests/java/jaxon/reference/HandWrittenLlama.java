package jaxon.reference;

import java.util.ArrayList;
import java.util.List;

/// Llama as Hugging Face defines it, forward and backward, in float64 loops.
public final class HandWrittenLlama {
  private final LlamaWeights weights;

  public HandWrittenLlama(LlamaWeights weights) {
    this.weights = weights;
  }

  /// A forward pass and what its backward pass reads.
  ///
  /// @param logits `[token, vocab]`
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Forward(
      TokenRows tokens, List<DecoderLayer> layers, RmsNorm finalNorm, double[] logits) {}

  public Forward forward(TokenRows tokens) {
    LlamaShape s = weights.shape();
    double[] x = embed(tokens);
    List<DecoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < s.layers(); i++) {
      layers.add(DecoderLayer.forward(i, weights, tokens, x));
      x = layers.getLast().y();
    }
    RmsNorm norm = RmsNorm.forward(x, weights.get(LlamaWeights.FINAL_NORM), s.normEpsilon());
    double[] logits = Dense.apply(norm.y(), weights.head(), s.embed(), s.vocab());
    return new Forward(tokens, layers, norm, logits);
  }

  /// The gradient of every parameter from that of the logits.
  public LlamaWeights backward(Forward forward, double[] dLogits) {
    LlamaShape s = weights.shape();
    LlamaWeights gradients = weights.zeros();
    RmsNorm norm = forward.finalNorm();
    gradients.add(
        s.tied() ? LlamaWeights.EMBEDDING : LlamaWeights.HEAD,
        Dense.weightGradient(norm.y(), dLogits, s.embed(), s.vocab()));
    double[] dNorm = Dense.inputGradient(dLogits, weights.head(), s.embed(), s.vocab());
    gradients.add(LlamaWeights.FINAL_NORM, norm.weightGradient(dNorm));
    double[] dx = norm.inputGradient(dNorm, weights.get(LlamaWeights.FINAL_NORM));
    for (DecoderLayer layer : forward.layers().reversed()) {
      dx = layer.backward(dx, gradients);
    }
    double[] dTable = gradients.get(LlamaWeights.EMBEDDING);
    int[] inputs = forward.tokens().inputs();
    for (int n = 0; n < inputs.length; n++) {
      for (int i = 0; i < s.embed(); i++) {
        dTable[inputs[n] * s.embed() + i] += dx[n * s.embed() + i];
      }
    }
    return gradients;
  }

  private double[] embed(TokenRows tokens) {
    int width = weights.shape().embed();
    double[] table = weights.get(LlamaWeights.EMBEDDING);
    double[] x = new double[tokens.size() * width];
    for (int n = 0; n < tokens.size(); n++) {
      System.arraycopy(table, tokens.inputs()[n] * width, x, n * width, width);
    }
    return x;
  }
}
