package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    CommandRun run = CommandRun.of("config", "ici_fsdp_parallelism");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("a MaxText key that Jaxon does not do yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "config"})
  void everyCommandHasHelpAndVersion(String command) {
    CommandRun help = CommandRun.of(command, "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: jaxon " + command, "--help", "--version");
    assertThat(CommandRun.of(command, "-h").out()).isEqualTo(help.out());
    assertThat(CommandRun.of(command, "--version").out()).startsWith("jaxon ");
    assertThat(CommandRun.of("--help").out()).contains(command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--keys", "-k"})
  void unknownOptionIsAMistakeInUse(String option) {
    CommandRun run = CommandRun.of("config", option);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(option);
  }
}
