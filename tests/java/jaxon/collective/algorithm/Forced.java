package jaxon.collective.algorithm;

import java.util.ArrayList;
import java.util.List;

/// The same algorithms whatever the size.
record Forced(AllReduce allReduce, AllGather allGather, AllToAll allToAll, Broadcast broadcast)
    implements AlgorithmChoice {
  /// Choices in which every algorithm, and every pair of them within one collective, occurs.
  static List<AlgorithmChoice> all() {
    List<AlgorithmChoice> choices = new ArrayList<>();
    for (AllReduce allReduce : AllReduce.values()) {
      choices.add(new Forced(allReduce, AllGather.RING, AllToAll.PAIRWISE, Broadcast.CHAIN));
      choices.add(new Forced(allReduce, AllGather.DOUBLING, AllToAll.HALVING, Broadcast.TREE));
    }
    return choices;
  }

  @Override
  public AllReduce allReduce(int ranks, long bytes) {
    return allReduce;
  }

  @Override
  public AllGather allGather(int ranks, long blockBytes) {
    return allGather;
  }

  @Override
  public AllToAll allToAll(int ranks, long blockBytes) {
    return allToAll;
  }

  @Override
  public Broadcast broadcast(int ranks, long bytes) {
    return broadcast;
  }
}
