package jaxon.config;

/// Evaluation during the run, the sample of text at its end, and how text is made.
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
            doc =
                "Longest prompt of decode, in tokens; longer ones are refused. -1: what leaves room for"
                    + " one token in max_target_length.",
            defaultValue = "-1",
            min = 1,
            or = "-1 (max_target_length - 1)",
            differs = "MaxText's default is 64, and each prompt is padded to it")
        int maxPrefillPredictLength,
    @Key(
            doc = "How the next token is drawn. composite: temperature, then top k, then nucleus.",
            defaultValue = "greedy",
            differs = "In MaxText the nucleus is found before the temperature is applied")
        SamplingStrategy decodeSamplingStrategy,
    @Key(
            doc =
                "The logits are divided by this before drawing: below 1 safer, above 1 more varied.",
            defaultValue = "1",
            min = 0)
        double decodeSamplingTemperature,
    @Key(
            doc = "With topk and composite: only so many of the likeliest tokens can be drawn.",
            defaultValue = "0",
            min = 0)
        int decodeSamplingTopK,
    @Key(
            doc =
                "With nucleus and composite: only the fewest likeliest tokens that have this"
                    + " probability together can be drawn.",
            defaultValue = "-1",
            min = 0,
            max = 1,
            or = "-1 (not set)")
        double decodeSamplingNucleusP) {}
