package jaxon.config;

import java.util.Optional;

/// The optimizer.
public record OptimizerConfig(
    @Key(
            doc = "The optimizer.",
            defaultValue = "adamw",
            notYet = {"adam_pax", "muon"})
        OptType optType,
    @Key(
            doc = "Gradients are scaled down to this global norm when theirs is larger. 0: never.",
            defaultValue = "1.0",
            min = 0)
        double gradientClippingThreshold,
    @Key(
            doc =
                "Batches of per_device_batch_size whose gradients are added up for one update: saves"
                    + " memory.",
            defaultValue = "1",
            min = 1,
            max = 1 << 14)
        int gradientAccumulationSteps,
    @Key(doc = "Decay of the running mean of gradients.", defaultValue = "0.9", min = 0, below = 1)
        double adamB1,
    @Key(
            doc = "Decay of the running mean of squared gradients.",
            defaultValue = "0.95",
            min = 0,
            below = 1)
        double adamB2,
    @Key(doc = "Added to the root in the denominator.", defaultValue = "1e-8", min = 0)
        double adamEps,
    @Key(doc = "Added under the root in the denominator.", defaultValue = "0", min = 0)
        double adamEpsRoot,
    @Key(
            doc = "Weight decay, times the learning rate, on every weight.",
            defaultValue = "0.1",
            min = 0)
        double adamWeightDecay,
    @Key(
            doc = "Type of the running mean of gradients. Empty: weight_dtype.",
            defaultValue = "",
            notYet = "float16")
        Optional<FloatType> muDtype) {}
