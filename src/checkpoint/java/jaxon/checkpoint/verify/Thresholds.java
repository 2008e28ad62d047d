package jaxon.checkpoint.verify;

/// How far logits may be from a reference.
///
/// @param absolute A and
/// @param relative R of |found - reference| ≤ A + R · |reference|, for every logit
/// @param cosine most 1 - cosine similarity of the logits of a position
/// @param kl most Kullback-Leibler divergence of a position's softmax from the reference's, in nats
public record Thresholds(double absolute, double relative, double cosine, double kl) {}
