package jaxon.layers.llama;

import java.util.Arrays;
import jaxon.config.Configuration;
import jaxon.config.ModelConfig;
import jaxon.graph.type.Literal;
import jaxon.layers.ModelRun;

/// Llama in loops over doubles, one token row in one document, SwiGLU, no soft caps; written from
/// the definition only to check the traced one.
record NaiveLlama(ModelRun run, Configuration configuration) {
  double[][] logits(int... tokens) {
    double[][] x = new double[tokens.length][];
    Literal table = run.parameter("tokenEmbedder.embedding");
    for (int t = 0; t < tokens.length; t++) {
      x[t] = row(table, tokens[t], config().embDim());
    }
    for (int layer = 0; layer < config().numDecoderLayers(); layer++) {
      String at = "layers.layers." + layer + ".";
      double[][] attended =
          attention(at + "selfAttention.", normed(x, at + "preSelfAttentionLayerNorm"));
      add(x, attended);
      double[][] hidden = normed(x, at + "postSelfAttentionLayerNorm");
      for (int t = 0; t < x.length; t++) {
        double[] gate = times(hidden[t], at + "mlp.wi.0");
        double[] up = times(hidden[t], at + "mlp.wi.1");
        for (int m = 0; m < gate.length; m++) {
          gate[m] = gate[m] / (1 + Math.exp(-gate[m])) * up[m];
        }
        add(new double[][] {x[t]}, new double[][] {times(gate, at + "mlp.wo")});
      }
    }
    double[][] last = normed(x, "decoderNorm");
    return Arrays.stream(last).map(row -> times(row, "logitsDense")).toArray(double[][]::new);
  }

  private double[][] attention(String at, double[][] x) {
    int k = config().headDim();
    int repeat = config().numQueryHeads() / config().numKvHeads();
    double[][] out = new double[x.length][];
    double[][] queries = new double[x.length][];
    double[][] keys = new double[x.length][];
    double[][] values = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      queries[t] = turned(times(x[t], at + "query"), t);
      keys[t] = turned(times(x[t], at + "key"), t);
      values[t] = times(x[t], at + "value");
      double[] mixed = new double[config().numQueryHeads() * k];
      for (int head = 0; head < config().numQueryHeads(); head++) {
        double[] weights = new double[t + 1];
        for (int s = 0; s <= t; s++) {
          double dot = 0;
          for (int i = 0; i < k; i++) {
            dot += queries[t][head * k + i] * keys[s][head / repeat * k + i];
          }
          weights[s] = Math.exp(dot / Math.sqrt(k));
        }
        double total = Arrays.stream(weights).sum();
        for (int i = 0; i < k; i++) {
          for (int s = 0; s <= t; s++) {
            mixed[head * k + i] += weights[s] / total * values[s][head / repeat * k + i];
          }
        }
      }
      out[t] = times(mixed, at + "out");
    }
    return out;
  }

  private double[] turned(double[] heads, int position) {
    int k = config().headDim();
    double[] result = new double[heads.length];
    for (int start = 0; start < heads.length; start += k) {
      for (int i = 0; i < k / 2; i++) {
        double angle = position * Math.pow(configuration.rope().ropeMaxTimescale(), -2.0 * i / k);
        double re = heads[start + i];
        double im = heads[start + i + k / 2];
        result[start + i] = re * Math.cos(angle) - im * Math.sin(angle);
        result[start + i + k / 2] = re * Math.sin(angle) + im * Math.cos(angle);
      }
    }
    return result;
  }

  private double[][] normed(double[][] x, String at) {
    Literal scale = run.parameter(at + ".scale");
    double[][] result = new double[x.length][x[0].length];
    for (int t = 0; t < x.length; t++) {
      double mean = Arrays.stream(x[t]).map(v -> v * v).average().orElseThrow();
      double root = Math.sqrt(mean + config().normalizationLayerEpsilon());
      for (int i = 0; i < x[t].length; i++) {
        result[t][i] = x[t][i] / root * scale.get(i);
      }
    }
    return result;
  }

  private double[] times(double[] x, String at) {
    Literal kernel = run.parameter(at + ".kernel");
    int outputs = (int) (kernel.type().shape().elements() / x.length);
    double[] y = new double[outputs];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < outputs; o++) {
        y[o] += x[i] * kernel.get((long) i * outputs + o);
      }
    }
    return y;
  }

  private static double[] row(Literal table, int index, int width) {
    return Arrays.copyOfRange(table.toDoubles(), index * width, (index + 1) * width);
  }

  private static void add(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] += y[t][i];
      }
    }
  }

  private ModelConfig config() {
    return configuration.model();
  }
}
