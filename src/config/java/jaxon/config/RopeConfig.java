package jaxon.config;

/// Rotary position embedding.
public record RopeConfig(
    @Key(
            doc =
                "How the frequencies are derived; llama3.1 stretches the long ones by rope_factor.",
            defaultValue = "default",
            notYet = "yarn")
        RopeType ropeType,
    @Key(doc = "Shortest timescale.", defaultValue = "1", min = 1) int ropeMinTimescale,
    @Key(
            doc = "Longest timescale (theta): 10000 for Llama 2, 500000 for Llama 3.",
            defaultValue = "10000",
            min = 1)
        int ropeMaxTimescale,
    @Key(doc = "Positions are divided by this.", defaultValue = "1", min = 1e-6)
        double ropeLinearScalingFactor,
    @Key(
            doc =
                "With rope_type llama3.1: how much the low frequencies are lowered; Llama 3.2 has 32.",
            defaultValue = "8",
            min = 1,
            differs = "MaxText fixes 8 for llama3.1 and uses the key, default 40, for yarn only")
        double ropeFactor,
    @Key(
            doc =
                "With rope_type llama3.1: frequencies with fewer turns than this in the original"
                    + " context are lowered fully.",
            defaultValue = "1",
            min = 1e-6,
            differs = "MaxText fixes 1")
        double ropeLowFreqFactor,
    @Key(
            doc =
                "With rope_type llama3.1: frequencies with more turns than this in the original"
                    + " context are kept.",
            defaultValue = "4",
            min = 1e-6,
            differs = "MaxText fixes 4")
        double ropeHighFreqFactor,
    @Key(
            doc = "With rope_type llama3.1: context length that the model was first trained with.",
            defaultValue = "8192",
            min = 1,
            differs =
                "MaxText fixes 8192 for llama3.1 and uses the key, default 4096, for yarn only")
        int originalMaxPositionEmbeddings,
    @Key(
            doc =
                "Longest context that the config.json of the model's Hugging Face repository names."
                    + " 0: max_target_length.",
            defaultValue = "0",
            min = 0,
            differs = "MaxText's default is 163840, and yarn uses it")
        int maxPositionEmbeddings) {}
