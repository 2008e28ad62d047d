package jaxon.peers;

import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;
import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.get_num_threads;
import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.show_config;

import java.util.SequencedMap;
import jaxon.config.Configuration;
import jaxon.config.FloatType;
import jaxon.graph.type.Literal;
import jaxon.input.Batch;
import jaxon.input.BatchIterator;
import jaxon.input.InputPipeline;
import jaxon.trainer.RunIngredients;
import jaxon.trainer.bench.Contestant;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Trains with PyTorch what Jaxon trains: same weights at the start, same batches, same learning
/// rates, same clipping and AdamW.
final class TorchTrainer implements Contestant {
  private final Configuration config;
  private final AttentionVariant attention;
  private final InputPipeline input;
  private final BatchIterator batches;
  private final TorchLlama model;
  private final FusedAdamW optimizer;
  private int step;

  TorchTrainer(
      Configuration config, AttentionVariant attention, SequencedMap<String, Literal> params) {
    this.config = config;
    this.attention = attention;
    requireSupported(config);
    int threads = config.run().numThreads();
    set_num_threads(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    TorchWeights weights = new TorchWeights(params);
    input = RunIngredients.input(config);
    batches = input.trainIterator();
    model =
        new TorchLlama(
            config.model(),
            weights,
            config.run().dtype() == FloatType.BFLOAT16 ? ScalarType.BFloat16 : ScalarType.Float,
            attention,
            config.data().maxTargetLength(),
            config.rope().ropeMaxTimescale());
    optimizer = new FusedAdamW(config.optimizer(), weights.all());
  }

  private static void requireSupported(Configuration config) {
    boolean grouped = config.model().numQueryHeads() != config.model().numKvHeads();
    if (grouped
        || config.model().logitsViaEmbedding()
        || config.optimizer().gradientAccumulationSteps() != 1) {
      throw new IllegalArgumentException(
          "the PyTorch model has as many key as query heads, an output layer of its own and no gradient accumulation; set base_num_kv_heads, logits_via_embedding and gradient_accumulation_steps so");
    }
  }

  @Override
  public String describe() {
    return "PyTorch %s, %s attention, %s threads, OPENBLAS_CORETYPE=%s, LD_PRELOAD=%s"
        .formatted(
            version(),
            attention,
            get_num_threads(),
            System.getenv("OPENBLAS_CORETYPE"),
            System.getenv("LD_PRELOAD"));
  }

  private static String version() {
    try (BytePointer build = show_config()) {
      return build.getString().replaceAll("(?s).*TORCH_VERSION=([^,]*),.*", "$1");
    }
  }

  @Override
  public double step() {
    Batch batch = batches.next();
    double rate = RunIngredients.learningRate(config, step++);
    try (PointerScope _ = new PointerScope()) {
      Tensor ids = tensor(batch.inputs(), batch.rows(), batch.length());
      Tensor targets = tensor(batch.targets(), (long) batch.rows() * batch.length());
      Tensor loss = model.loss(ids, targets);
      loss.backward();
      double clip = config.optimizer().gradientClippingThreshold();
      if (clip > 0) {
        clip_grad_norm_(optimizer.params(), clip);
      }
      try (NoGradGuard _ = new NoGradGuard()) {
        optimizer.update(rate);
      }
      return loss.item_float();
    }
  }

  private static Tensor tensor(int[] values, long... dims) {
    return from_blob(new IntPointer(values), dims, new TensorOptions(ScalarType.Int))
        .to(ScalarType.Long);
  }

  @Override
  public void close() {
    batches.close();
    input.close();
  }
}
