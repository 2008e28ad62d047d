package jaxon.trainer.metrics;

/// Where a run stands, for the display.
///
/// @param completed steps that are done, counted from the first step of the run, not of a resumed
///   one
/// @param loss loss of the latest step
/// @param tokensPerSecond throughput of all devices together
/// @param stepSeconds typical time of a step, such as [StepTimer#medianSeconds]
public record Progress(long completed, double loss, double tokensPerSecond, double stepSeconds) {}
