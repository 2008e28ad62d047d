package jaxon.config;

import java.nio.file.Path;
import java.util.Optional;

/// What a run keeps of itself, and what it starts from.
public record CheckpointConfig(
    @Key(
            doc =
                "Save checkpoints, in checkpoints/ of the run's directory unless checkpoint_directory says"
                    + " otherwise; a run of the same run_name goes on from the newest.",
            defaultValue = "true")
        boolean enableCheckpointing,
    @Key(
            doc =
                "Write checkpoints while training goes on: a step waits for a copy in memory only.",
            defaultValue = "true")
        boolean asyncCheckpointing,
    @Key(
            doc =
                "Where checkpoints are kept: a directory, or an address such as s3://bucket/prefix, in which"
                    + " each run has a directory of its run_name. Empty: checkpoints/ of the run's"
                    + " directory.",
            defaultValue = "")
        Optional<Place> checkpointDirectory,
    @Key(
            doc =
                "Compress the tensors of checkpoints. zstd makes float32 training states a little smaller"
                    + " and takes a core for much longer than writing does; none writes them as they are.",
            defaultValue = "none")
        CheckpointCompression checkpointCompression,
    @Key(
            doc = "Save a checkpoint every so many steps.",
            defaultValue = "10000",
            min = 1,
            differs =
                "the number of a checkpoint is that of the steps done, and there is none of step 0")
        int checkpointPeriod,
    @Key(
            doc = "Keep so many of the newest checkpoints and remove older ones.",
            defaultValue = "-1",
            min = 1,
            or = "-1 (all)",
            differs = "MaxText's default is None, which means the same")
        int maxNumCheckpointsToKeep,
    @Key(
            doc =
                "Of the checkpoints that max_num_checkpoints_to_keep would remove, keep those whose step is"
                    + " a multiple of this. 0: none.",
            defaultValue = "0",
            min = 0)
        int keepCheckpointsEvery,
    @Key(
            doc =
                "Of the checkpoints that max_num_checkpoints_to_keep would remove, keep so many with the"
                    + " lowest keep_checkpoints_metric. 0: none.",
            defaultValue = "0",
            min = 0)
        int keepCheckpointsBest,
    @Key(
            doc = "The metric, as metrics.jsonl names it, by which keep_checkpoints_best chooses.",
            defaultValue = "evaluation/avg_loss")
        String keepCheckpointsMetric,
    @Key(
            doc =
                "Of the checkpoints that max_num_checkpoints_to_keep would remove, keep those of the last"
                    + " hours, so many. 0: none.",
            defaultValue = "0",
            min = 0)
        int keepCheckpointsHours,
    @Key(
            doc =
                "Save to local_checkpoint_directory, too, every local_checkpoint_period steps; a run goes on"
                    + " from the newest checkpoint of both directories.",
            defaultValue = "false",
            differs =
                "the newest local checkpoint is kept and no other, and all processes must see the directory")
        boolean enableEmergencyCheckpoint,
    @Key(
            doc =
                "A directory on a fast disk or in memory for checkpoints between those of"
                    + " checkpoint_period; a run has a directory of its own there.",
            defaultValue = "")
        Optional<Path> localCheckpointDirectory,
    @Key(
            doc = "Save to local_checkpoint_directory every so many steps. 0: never.",
            defaultValue = "0",
            min = 0)
        int localCheckpointPeriod,
    @Key(doc = "Save a checkpoint when the run ends.", defaultValue = "true")
        boolean saveCheckpointOnCompletion,
    @Key(
            doc =
                "Start from the parameters of a checkpoint, unless the run has checkpoints of its own."
                    + " A checkpoint, a directory of checkpoints, a run's directory or a Hugging Face"
                    + " repository.",
            defaultValue = "",
            base = Key.Base.SETTING_FILE)
        Optional<Place> loadParametersPath,
    @Key(
            doc =
                "Start from parameters, optimizer and step of a checkpoint of another run, unless the run"
                    + " has checkpoints of its own. A checkpoint, a directory of checkpoints or a run's"
                    + " directory.",
            defaultValue = "",
            base = Key.Base.SETTING_FILE)
        Optional<Place> loadFullStatePath) {}
