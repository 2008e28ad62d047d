/// The configuration of a run: YAML, environment and command line in, one checked record out.
///
/// The flow of [ConfigLoader#load]:
///
/// 1. [ConfigFinder] turns `--config=NAME` into a file; [FileChain] follows `base_config:` down to
///    the root and reads each file with [YamlReader].
/// 2. [Overrides] and [EnvironmentSettings] turn `key=value` and `JAXON_KEY` into settings of the
///    same kind: a key, a [YamlValue] and an [Origin].
/// 3. [Layers] puts the settings in order of precedence and lets the last one win; [ModelSettings]
///    adds `models/<model_name>.yml` and refuses what contradicts it.
/// 4. [ValueParser] gives each winning value the type its record component declares, within the
///    range that its [Key] annotation allows; [Contradictions] then looks at keys that must agree.
/// 5. All of that reports to one [Problems]: either it is empty and the result is a
///    [Configuration], or everything that was wrong is thrown at once as a [ConfigException].
///
/// The record components and their [Key] annotations are the one source: key names, defaults,
/// ranges, help ([ConfigHelp]) and the written form ([ConfigWriter]) are all derived from them. The
/// keys, their meanings and their defaults are MaxText's, except where a [Key] says how it differs.
/// Start reading at [ConfigLoader].
///
/// This package knows nothing of tensors, models, data or devices: it is the lowest floor.
@NullMarked
package jaxon.config;

import org.jspecify.annotations.NullMarked;
