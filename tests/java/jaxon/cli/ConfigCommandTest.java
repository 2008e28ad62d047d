package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// `jaxon config`, and the help of every command.
class ConfigCommandTest {
  @Test
  void explainsAKey() {
    CommandRun run = CommandRun.of("config", "learning_rate");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("learning_rate = 3e-5")
        .contains("Largest learning rate", "Allowed:")
        .doesNotContain("warmup_steps_fraction =");
  }

  @Test
  void explainsSeveralKeysInTheOrderAsked() {
    assertThat(CommandRun.of("config", "steps", "dtype").out().lines())
        .filteredOn(line -> line.contains(" = "))
        .containsExactly("steps = 150001", "dtype = bfloat16");
  }

  @Test
  void explainsAllKeysWhenNoneIsNamed() {
    CommandRun run = CommandRun.of("config");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("steps = ", "learning_rate = ", "decode_sampling_strategy = ");
  }

  @Test
  void namesTheKeyThatWasMeantInsteadAndFails() {
    CommandRun run = CommandRun.of("config", "lerning_rate");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no key lerning_rate", "learning_rate");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void explainsTheKeysItKnowsBesideOneItDoesNot() {
    CommandRun run = CommandRun.of("config", "foo", "steps");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("foo");
    assertThat(run.out()).startsWith("steps = 150001");
  }

  @Test
  void saysThatAKeyOfMaxTextIsNotDoneYet() {
    CommandRun run = CommandRun.of("config", "shard_mode");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("a MaxText key that Jaxon does not do yet");
  }

  static List<String> commands() {
    return commandsBelow(Jaxon.commandLine(false), "").toList();
  }

  private static Stream<String> commandsBelow(CommandLine command, String path) {
    return command.getSubcommands().entrySet().stream()
        .flatMap(sub -> {
          String name = (path + " " + sub.getKey()).strip();
          return Stream.concat(Stream.of(name), commandsBelow(sub.getValue(), name));
        });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpAndVersion(String path) {
    CommandRun help = run(path, "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: jaxon " + path, "--help", "--version");
    assertThat(run(path, "-h").out()).isEqualTo(help.out());
    assertThat(run(path, "--version").out()).startsWith("jaxon ");
  }

  private static CommandRun run(String path, String argument) {
    return CommandRun.of((path + " " + argument).split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--keys", "-k"})
  void unknownOptionIsAMistakeInUse(String option) {
    CommandRun run = CommandRun.of("config", option);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(option);
  }
}
