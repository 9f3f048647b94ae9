package ai.finks.flink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.finks.flink.fault.WallClock;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** What may know what. */
class LayoutTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("ai.finks.flink");

  @Test
  void tablesAndStreamsKnowNoJob() {
    noClasses()
        .that()
        .resideInAnyPackage("ai.finks.flink.table..", "ai.finks.flink.stream..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "ai.finks.flink.bronze..",
            "ai.finks.flink.silver.io..",
            "ai.finks.flink.silver.function..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("ai.finks.flink.table..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.finks.flink.stream..")
        .check(CLASSES);
  }

  @Test
  void jobsDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("ai.finks.flink.silver..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.finks.flink.bronze..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("ai.finks.flink.bronze..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.finks.flink.silver..")
        .check(CLASSES);
  }

  @Test
  void everythingReadsTheOneClockThatTestsCanStep() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(WallClock.class)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .check(CLASSES);
  }
}
