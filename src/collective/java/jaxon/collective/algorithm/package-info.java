/// Collectives over messages from rank to rank.
///
/// Start at [jaxon.collective.algorithm.PeerCommunicator]. A call becomes one or more rounds; a
/// round is a set of transfers that go on at the same time ([jaxon.collective.algorithm.Exchange]):
/// parts of memory sent to peers, parts received from peers, cut into frames that fit the
/// [jaxon.collective.algorithm.Transport]. [jaxon.collective.algorithm.PeerWork] says which rounds
/// a collective has.
///
/// **Reductions.** A rank receives the contributions of all others to its own chunk, each as its
/// owner holds it, and adds them in the order of the ranks, straight from the transport's buffers
/// ([jaxon.collective.algorithm.OrderedFold]). That is an all-to-all followed by a local sum: each
/// rank sends (n−1)/n·S bytes, exactly what a ring sends that reduces on its way round, and
/// 2(n−1)/n·S for an all_reduce with the all_gather after it: the lower bound. A reducing ring adds
/// chunk c in the order c+1, c+2, …, c instead, another one for each chunk, and has to send partial
/// sums, in float32 even where the elements are bfloat16: twice the bytes. What it would be better
/// at, neighbours talking to neighbours only, the all_gather half keeps.
///
/// **Algorithms** ([jaxon.collective.algorithm.AlgorithmChoice]), n ranks, S bytes, blocks of S/n:
///
/// | collective | algorithm | rounds | bytes sent by each rank |
/// |---|---|---|---|
/// | all_gather | ring, pipelined | n−1 | (n−1)/n·S |
/// | all_gather | doubling (Bruck et al. 1997) | ⌈lg n⌉ | (n−1)/n·S |
/// | reduce_scatter, all_to_all | pairwise | 1 | (n−1)/n·S |
/// | reduce_scatter, all_to_all | halving (Bruck et al. 1997) | ⌈lg n⌉ | about S/2·lg n |
/// | all_reduce | gather: doubling of whole inputs, sum at home | ⌈lg n⌉ | (n−1)·S |
/// | all_reduce | halving-doubling | 2⌈lg n⌉ | about S/2·lg n + (n−1)/n·S |
/// | all_reduce | pairwise reduce_scatter, then all_gather | n or 1 + ⌈lg n⌉ | 2(n−1)/n·S |
/// | broadcast | binomial tree | ⌈lg n⌉ | up to S·⌈lg n⌉, (n−1)·S by all |
/// | broadcast | chain, pipelined | n−1 | S, the last one nothing |
///
/// Sources: Thakur, Rabenseifner, Gropp, *Optimization of Collective Communication Operations in
/// MPICH*, 2005; Bruck, Ho, Kipnis, Upfal, Weathersby, *Efficient Algorithms for All-to-All
/// Communications in Multiport Message-Passing Systems*, 1997. Halving here forwards contributions
/// instead of partial sums, which is what makes it Bruck's all-to-all.
///
/// Nothing here knows what carries the frames.
@NullMarked
package jaxon.collective.algorithm;

import org.jspecify.annotations.NullMarked;
