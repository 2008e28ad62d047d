package jaxon.collective.algorithm;

/// All-gathers: every rank has its own block in place and gets those of the others.
final class Gathering {
  private Gathering() {}

  static void run(Exchange x, AlgorithmChoice.AllGather algorithm, Blocks blocks) {
    switch (algorithm) {
      case RING -> ring(x, blocks);
      case DOUBLING -> doubling(x, blocks);
    }
  }

  /// Each rank sends its block to the next rank and passes on what comes from the one before, frame
  /// by frame as it comes, until all have seen all.
  private static void ring(Exchange x, Blocks blocks) {
    Group group = x.group();
    int n = group.size();
    if (n == 1) {
      return;
    }
    Spans sent = new Spans();
    Spans received = new Spans();
    for (int step = 0; step < n - 1; step++) {
      int out = group.after(-step);
      int in = group.after(-step - 1);
      sent.add(blocks.address(out), blocks.length(out));
      received.add(blocks.address(in), blocks.length(in));
    }
    Receiving receiving = x.receive(group.after(-1), received);
    long own = blocks.length(group.place());
    x.run(x.forward(group.after(1), sent, own, receiving), receiving);
  }

  /// In round k each rank has the blocks of 2ᵏ ranks, from itself on, and gets as many, or those
  /// that are missing, from the rank 2ᵏ further on.
  private static void doubling(Exchange x, Blocks blocks) {
    Group group = x.group();
    int n = group.size();
    for (int have = 1; have < n; have *= 2) {
      int count = Math.min(have, n - have);
      Spans sent = blocks.around(group.place(), count);
      Spans received = blocks.around(group.after(have), count);
      x.run(x.send(group.after(-have), sent), x.receive(group.after(have), received));
    }
  }
}
