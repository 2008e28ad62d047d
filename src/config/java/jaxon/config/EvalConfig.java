package jaxon.config;

/// Evaluation during the run, and the sample of text at its end.
public record EvalConfig(
    @Key(doc = "Evaluate every so many steps.", defaultValue = "-1", min = 1, or = "-1 (never)")
        int evalInterval,
    @Key(
            doc = "Batches in one evaluation.",
            defaultValue = "-1",
            min = 1,
            or = "-1 (all there are)")
        int evalSteps,
    @Key(doc = "No evaluation before this step.", defaultValue = "0", min = 0) int evalStartStep,
    @Key(
            doc = "Stop when the evaluation loss is at most this. 0: never.",
            defaultValue = "0",
            min = 0)
        double targetEvalLoss,
    @Key(
            doc = "Tokens of the sample that is generated and printed at the end. 0: none.",
            defaultValue = "0",
            min = 0)
        int sampleLength,
    @Key(doc = "Text that the sample continues.", defaultValue = "I love to") String prompt,
    @Key(
            doc = "How the next token is drawn.",
            defaultValue = "greedy",
            notYet = {"nucleus", "topk", "composite"})
        SamplingStrategy decodeSamplingStrategy,
    @Key(
            doc =
                "The logits are divided by this before drawing: below 1 safer, above 1 more varied.",
            defaultValue = "1",
            min = 0)
        double decodeSamplingTemperature) {}
