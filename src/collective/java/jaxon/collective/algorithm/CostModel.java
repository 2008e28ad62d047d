package jaxon.collective.algorithm;

/// Chooses the algorithm that should take the least time by a model: a round costs a latency, a
/// message some work, a byte its share of the bandwidth, and a byte that is added its share of the
/// memory's.
///
/// The gather of an all_reduce wins for small vectors: half the rounds of the others, and few bytes
/// even so. Halving-doubling wins between, if there are so many ranks that a message to each takes
/// longer than forwarding what is meant for them. From there on the least bytes win.
///
/// A ring has n−1 rounds where doubling has lg n, with the same bytes; but it talks to its
/// neighbours only, so that on a network no two transfers share a link, and it passes pieces on as
/// they come. It is chosen as soon as a block takes longer to send than a round costs, which hides
/// the rounds.
///
/// @param round nanoseconds from one rank to another
/// @param message nanoseconds of work for a message
/// @param sent nanoseconds for a byte on its way
/// @param added nanoseconds for a byte that is added
public record CostModel(double round, double message, double sent, double added)
    implements AlgorithmChoice {
  /// About what ranks on one host have when they share its cores.
  public static final CostModel DEFAULT = new CostModel(20_000, 1_000, 0.2, 0.1);

  private static final int FRAME = 64 * 1024;

  @Override
  public AllReduce allReduce(int ranks, long bytes) {
    double rounds = rounds(ranks);
    double block = (double) bytes / ranks;
    double half = block * (ranks - 1) * sent;
    double gather = rounds * (round + message) + bytes * ((ranks - 1) * sent + ranks * added);
    double halving =
        2 * rounds * (round + message) + block * forwarded(ranks) * sent + half + bytes * added;
    double scatter =
        round + (ranks - 1) * message + half + gathering(ranks, block) + half + bytes * added;
    if (gather <= Math.min(halving, scatter)) {
      return AllReduce.GATHER;
    }
    return halving < scatter ? AllReduce.HALVING_DOUBLING : AllReduce.SCATTER_GATHER;
  }

  /// Time of the rounds of an all_gather, without that of its bytes.
  private double gathering(int ranks, double block) {
    boolean ring = allGather(ranks, (long) block) == AllGather.RING;
    return (ring ? ranks - 1 : rounds(ranks)) * (round + message);
  }

  @Override
  public AllGather allGather(int ranks, long blockBytes) {
    return blockBytes * sent >= round ? AllGather.RING : AllGather.DOUBLING;
  }

  @Override
  public AllToAll allToAll(int ranks, long blockBytes) {
    double rounds = rounds(ranks);
    double halving = rounds * (round + message) + (double) blockBytes * forwarded(ranks) * sent;
    double pairwise = round + (ranks - 1) * (message + blockBytes * sent);
    return halving < pairwise ? AllToAll.HALVING : AllToAll.PAIRWISE;
  }

  @Override
  public Broadcast broadcast(int ranks, long bytes) {
    double tree = rounds(ranks) * (round + message + bytes * sent);
    double chain = (ranks - 1) * (round + message + Math.min(bytes, FRAME) * sent) + bytes * sent;
    return tree <= chain ? Broadcast.TREE : Broadcast.CHAIN;
  }

  /// ⌈lg n⌉.
  static int rounds(int ranks) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(ranks - 1);
  }

  /// Blocks that a rank sends in a halving all_to_all: block j makes a hop for each bit of j.
  static long forwarded(int ranks) {
    long blocks = 0;
    for (int j = 1; j < ranks; j++) {
      blocks += Integer.bitCount(j);
    }
    return blocks;
  }
}
