package jaxon.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;

class BackendsTest {
  @Test
  void unknownBackendNamesThoseThatAreThere() {
    assertThatThrownBy(() -> Backends.open("abacus"))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("hardware: abacus is not in this build")
        .hasMessageContaining("interpreter");
  }

  @Test
  void absentXlaSaysHowToBuildIt() {
    assumeFalse(Backends.names().contains("xla"), "built with -Pxla");
    assertThatThrownBy(() -> Backends.open("xla"))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("JAXON_PROFILES=xla")
        .hasMessageContaining("-Pxla");
  }
}
