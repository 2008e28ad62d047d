package jaxon.collective.algorithm;

/// Which algorithm carries out a collective.
///
/// All ranks must choose alike, so a choice depends on nothing but the number of ranks and the
/// size. It changes the time only: every algorithm gives the same bits.
public interface AlgorithmChoice {
  /// How contributions to a reduction, or parts of an all_to_all, get to their ranks.
  enum AllToAll {
    PAIRWISE,
    HALVING
  }

  /// How every rank gets the blocks of all others.
  enum AllGather {
    RING,
    DOUBLING
  }

  /// How an all_reduce is put together.
  enum AllReduce {
    GATHER,
    HALVING_DOUBLING,
    SCATTER_GATHER
  }

  /// How a buffer gets from the root to all others.
  enum Broadcast {
    TREE,
    CHAIN
  }

  /// For a vector of `bytes`.
  AllReduce allReduce(int ranks, long bytes);

  /// For ranks that bring `blockBytes` each.
  AllGather allGather(int ranks, long blockBytes);

  /// For ranks that have `blockBytes` for each other one.
  AllToAll allToAll(int ranks, long blockBytes);

  /// For a buffer of `bytes`.
  Broadcast broadcast(int ranks, long bytes);
}
