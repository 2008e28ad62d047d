package jaxon.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Which module may know which: the floors of the design, lowest first.
///
/// Maven already refuses an upward import between modules, but it lets a module use what it gets
/// transitively, and a new `<dependency>` is quickly written. Here the order stands once more, in
/// one place, and changing it is a decision.
final class Layering {
  /// One module and the modules it may know, itself aside.
  record Module(String name, List<String> mayKnow) {}

  /// Nothing may know a backend: `ServiceLoader` finds it.
  static final List<Module> MODULES =
      List.of(
          new Module("config", List.of()),
          new Module("digest", List.of()),
          new Module("cluster", List.of("digest")),
          new Module("graph", List.of()),
          new Module("autodiff", List.of("graph")),
          new Module("sharding", List.of("graph")),
          new Module("collective", List.of("graph")),
          new Module("runtime", List.of("digest", "graph", "sharding", "collective")),
          new Module("nd4j", List.of("graph", "runtime")),
          new Module("xla", List.of("graph", "runtime")),
          new Module("layers", List.of("config", "graph")),
          new Module("input", List.of("config")),
          new Module(
              "checkpoint", List.of("config", "digest", "graph", "autodiff", "runtime", "layers")),
          new Module("objectstore", List.of("config", "checkpoint")),
          new Module(
              "inference", List.of("config", "graph", "sharding", "runtime", "layers", "input")),
          new Module(
              "trainer",
              List.of(
                  "config",
                  "digest",
                  "graph",
                  "autodiff",
                  "sharding",
                  "collective",
                  "cluster",
                  "runtime",
                  "layers",
                  "input",
                  "checkpoint",
                  "inference")),
          new Module(
              "cli",
              List.of(
                  "config",
                  "cluster",
                  "graph",
                  "autodiff",
                  "runtime",
                  "layers",
                  "input",
                  "checkpoint",
                  "inference",
                  "trainer")));

  private Layering() {}

  /// The rule of each module, for the code under a root package.
  static Stream<ArchRule> moduleRules(String root) {
    return MODULES.stream().map(module -> mayOnlyKnow(root, module));
  }

  private static ArchRule mayOnlyKnow(String root, Module module) {
    List<String> allowed = new ArrayList<>();
    allowed.add(packages(root, module.name()));
    module.mayKnow().forEach(name -> allowed.add(packages(root, name)));
    String[] known = allowed.toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(packages(root, module.name()))
        .should(
            onlyDependOnClassesThat(
                resideOutsideOfPackages(root + "..").or(resideInAnyPackage(known))))
        .as("module " + module.name() + " may know only itself and " + module.mayKnow())
        .allowEmptyShould(true);
  }

  /// A package that no module rule covers would escape them all.
  static ArchRule everyModuleIsListed(String root) {
    return classes()
        .should()
        .resideInAnyPackage(
            MODULES.stream().map(module -> packages(root, module.name())).toArray(String[]::new))
        .as("every module is listed in Layering.MODULES");
  }

  /// The graph is the ground of everything and stands on the JDK alone.
  static ArchRule graphStandsOnTheJdk(String root) {
    return classes()
        .that()
        .resideInAPackage(packages(root, "graph"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            packages(root, "graph"),
            "java..",
            "org.jspecify.annotations..",
            "com.google.errorprone.annotations..",
            "") // Primitive types and their arrays have no package.
        .as("graph depends on nothing but the JDK and annotations")
        .allowEmptyShould(true);
  }

  /// Packages of all modules, also those within one module, form no cycle.
  static ArchRule noCycles(String root) {
    return slices()
        .matching(root + ".(**)")
        .should()
        .beFreeOfCycles()
        .as("packages form no cycle")
        .allowEmptyShould(true);
  }

  private static String packages(String root, String module) {
    return root + "." + module + "..";
  }
}
