package jaxon.runtime.cpu.dnnl;

import static org.assertj.core.api.Assertions.assertThat;

import jaxon.graph.type.DType;
import jaxon.runtime.cpu.dnnl.DnnlLibrary.Platform;
import org.junit.jupiter.api.Test;

class DnnlTest {
  @Test
  void eitherItIsThereOrThereIsAReason() {
    assertThat(Dnnl.reason().isEmpty()).isEqualTo(Dnnl.isAvailable());
    assertThat(Dnnl.get().isNative()).isEqualTo(Dnnl.isAvailable());
    assertThat(Dnnl.java().isNative()).isFalse();
    assertThat(Dnnl.java().description()).contains("Java");
  }

  @Test
  void floatsAreMultipliedByTheLibrary() {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      MatmulSpec spec = MatmulSpec.dense(64, 48, 32, dtype, dtype);
      try (BlockProduct product = BlockProduct.prepare(Dnnl.get(), spec, 1);
          BlockProduct plain = BlockProduct.prepare(Dnnl.java(), spec, 1)) {
        assertThat(product.implementation().equals("java")).isEqualTo(!Dnnl.isAvailable());
        assertThat(plain.implementation()).isEqualTo("java");
      }
    }
  }

  @Test
  void namesOfPlatforms() {
    assertThat(Platform.of("Linux", "amd64").folder()).isEqualTo("linux-x86_64");
    assertThat(Platform.of("Linux", "aarch64").folder()).isEqualTo("linux-arm64");
    assertThat(Platform.of("Mac OS X", "aarch64").openMp()).isEqualTo("libomp.dylib");
    assertThat(Platform.of("Mac OS X", "x86_64").openMp()).isEqualTo("libiomp5.dylib");
    assertThat(Platform.of("Windows 11", "amd64").dnnl()).isEqualTo("dnnl.dll");
    assertThat(Platform.of("Linux", "riscv64").folder()).isEqualTo("linux-riscv64");
  }
}
