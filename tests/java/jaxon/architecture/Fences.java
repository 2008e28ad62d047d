package jaxon.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/// What may be used only in certain modules, and what may be used nowhere.
final class Fences {
  /// Packages, of the JDK or of a library, and the modules that may use them.
  record Fence(String packages, List<String> modules) {}

  static final List<Fence> FENCES =
      List.of(
          new Fence("jdk.incubator.vector..", List.of("runtime", "nd4j", "collective")),
          // The trainer calls no foreign functions; it hands memory of buffers to checkpoints.
          new Fence(
              "java.lang.foreign..",
              List.of("runtime", "nd4j", "xla", "collective", "checkpoint", "trainer")),
          new Fence("io.aeron..", List.of("collective")),
          new Fence("org.agrona..", List.of("collective")),
          new Fence("org.nd4j..", List.of("nd4j")),
          new Fence("org.bytedeco..", List.of("nd4j")),
          new Fence("com.hazelcast..", List.of("cluster")),
          new Fence("picocli..", List.of("cli")),
          new Fence("org.yaml.snakeyaml..", List.of("config")),
          new Fence("tools.jackson..", List.of("input", "checkpoint", "trainer")),
          new Fence("org.apache.parquet..", List.of("input", "checkpoint")),
          new Fence("com.github.luben..", List.of("checkpoint")),
          new Fence("software.amazon.awssdk..", List.of("objectstore")),
          // For the libraries; our own code logs through System.Logger.
          new Fence("org.slf4j..", List.of()));

  private static final DescribedPredicate<JavaMethodCall> PRINTS_STACK_TRACE =
      describe(
          "printStackTrace()",
          call ->
              call.getName().equals("printStackTrace")
                  && call.getTarget().getRawParameterTypes().isEmpty());

  private Fences() {}

  /// The rule of each fence, for the code under a root package.
  static Stream<ArchRule> fenceRules(String root) {
    return FENCES.stream().map(fence -> onlyWithin(root, fence));
  }

  private static ArchRule onlyWithin(String root, Fence fence) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            fence.modules().stream().map(m -> root + "." + m + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(fence.packages())
        .as(fence.packages() + " only in " + fence.modules())
        .allowEmptyShould(true);
  }

  /// Random numbers come from counters and seeds of ours, so that a run can be repeated.
  static ArchRule noUnseededRandomness() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, ThreadLocalRandom.class)
        .orShould()
        .callMethod(Math.class, "random")
        .as("no java.util.Random, ThreadLocalRandom or Math.random: runs must be repeatable");
  }

  /// Off-heap memory has an owner that closes it; the garbage collector comes too late.
  static ArchRule noAutomaticArena() {
    return noClasses()
        .should()
        .callMethod(Arena.class, "ofAuto")
        .as("no Arena.ofAuto: off-heap memory has an owner that closes it");
  }

  /// Only the command line and the classes made for the terminal write to it.
  static ArchRule terminalOnlyWhereMeant(String root) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(root + ".cli..")
        .and(not(simpleNameEndingWith("Terminal").or(simpleNameEndingWith("ProgressBar"))))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethodWhere(PRINTS_STACK_TRACE)
        .as("no System.out, System.err or printStackTrace outside cli, *Terminal and *ProgressBar")
        .allowEmptyShould(true);
  }
}
