package jaxon.config;

/// The learning rate over the steps of the run.
public record ScheduleConfig(
    @Key(doc = "Largest learning rate, at the end of the warm-up.", defaultValue = "3e-5", min = 0)
        double learningRate,
    @Key(doc = "Shape after the warm-up.", defaultValue = "cosine") LrScheduleType lrScheduleType,
    @Key(
            doc = "Last learning rate as a share of the largest.",
            defaultValue = "0.1",
            min = 0,
            max = 1)
        double learningRateFinalFraction,
    @Key(
            doc = "Share of the schedule in which the rate grows linearly from 0.",
            defaultValue = "0.1",
            min = 0,
            max = 1)
        double warmupStepsFraction,
    @Key(
            doc = "Length of the schedule; the rate is 0 after it.",
            defaultValue = "-1",
            min = 1,
            or = "-1 (as steps)")
        int learningRateScheduleSteps,
    @Key(
            doc = "With lr_schedule_type wsd: share of the schedule in which the rate decays.",
            defaultValue = "0.1",
            min = 0,
            max = 1)
        double wsdDecayStepsFraction,
    @Key(doc = "With lr_schedule_type wsd: shape of that decay.", defaultValue = "linear")
        WsdDecayStyle wsdDecayStyle) {}
