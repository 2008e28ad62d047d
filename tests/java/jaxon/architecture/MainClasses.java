package jaxon.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/// The compiled classes that the rules look at.
final class MainClasses {
  /// The root package of all code.
  static final String ROOT = "jaxon";

  /// The root package of the classes that break the rules on purpose.
  static final String PLANTED_ROOT = "jaxon.architecture.planted";

  /// Every class of Jaxon, without tests.
  static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  /// The classes that break the rules on purpose.
  static final JavaClasses PLANTED = new ClassFileImporter().importPackages(PLANTED_ROOT);

  private MainClasses() {}
}
