package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

class OverridesTest {
  @Test
  void bothFormsMeanTheSame() {
    assertThat(parse("steps=10", "--steps=10")).containsExactly("steps=10", "steps=10");
  }

  @Test
  void valuesStayAsTheyAre() {
    assertThat(parse("prompt=a=b --c\nd", "empty=", "--list=[1, 2]", "model.name=x"))
        .containsExactly("prompt=a=b --c\nd", "empty=", "list=[1, 2]", "model.name=x");
  }

  private static List<String> parse(String... arguments) {
    return Overrides.parse(List.of(arguments), CommandSpec.create());
  }
}
