package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  @ParameterizedTest
  @CsvSource({
    "kitten, sitting, 3",
    "steps, steps, 0",
    "stesp, steps, 1",
    "stps, steps, 1",
    "ca, abc, 3",
    "'', abc, 3"
  })
  void distances(String a, String b, int expected) {
    assertThat(NearestName.distance(a, b)).isEqualTo(expected);
    assertThat(NearestName.distance(b, a)).isEqualTo(expected);
  }

  @Test
  void suggestsOnlyWhatIsNear() {
    List<String> names = List.of("learning_rate", "steps", "base_emb_dim");

    assertThat(NearestName.of("lerning_rate", names)).contains("learning_rate");
    assertThat(NearestName.of("learningrate", names)).contains("learning_rate");
    assertThat(NearestName.of("emb_dim", names)).contains("base_emb_dim");
    assertThat(NearestName.of("foo", names)).isEmpty();
    assertThat(NearestName.of("on", names)).isEmpty();
    assertThat(NearestName.of("", names)).isEmpty();
    assertThat(NearestName.of("x".repeat(100_000), names)).isEmpty();
  }
}
