package jaxon.collective.algorithm;

import jaxon.collective.CallHeader;

/// What is written before each payload, so that the receiver knows that it is what it waits for.
///
/// @param epoch the run; frames of another one are refused
/// @param group the digest of the group's members
/// @param sequence the place of the collective in its group
/// @param header what the sender has called
/// @param part the place of the frame among those from this sender in this collective
public record Frame(long epoch, long group, long sequence, CallHeader header, int part) {}
