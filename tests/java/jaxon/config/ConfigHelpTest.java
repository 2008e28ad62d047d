package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigHelpTest {

  @Test
  void listsEveryKeyUnderItsSection() {
    String help = ConfigHelp.all();

    for (Parameter parameter : Schema.parameters()) {
      assertThat(help).contains("\n  " + parameter.key() + " = ");
    }
    assertThat(help).startsWith("run:\n").contains("\nmodel:\n", "\nmetrics:\n");
    assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(130));
  }

  @Test
  void tellsAllAboutOneKey() {
    assertThat(ConfigHelp.of("opt_type"))
        .isEqualTo(
            """
            opt_type = adamw
                  The optimizer.
                  Allowed: one of adamw, sgd.
                  Not done yet: adam_pax, muon.
            """);
    assertThat(ConfigHelp.of("sample_length")).contains("Jaxon's own key");
    assertThat(ConfigHelp.of("rope_factor")).contains("Differs: MaxText fixes 8");
  }

  @Test
  void explainsWhatIsNoKey() {
    assertThat(ConfigHelp.of("lerning_rate"))
        .isEqualTo("There is no key lerning_rate. Did you mean learning_rate?\n");
    assertThat(ConfigHelp.of("num_experts"))
        .isEqualTo("num_experts is a MaxText key that Jaxon does not do yet.\n");
  }
}
