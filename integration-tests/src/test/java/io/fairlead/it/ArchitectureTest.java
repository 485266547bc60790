package io.fairlead.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our classes keep the rules of the architecture, and each rule is able to fail. */
class ArchitectureTest {
    private static final String ROOT = "io.fairlead";
    private static final String PLANTED_ROOT = "io.fairlead.it.planted";

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(PLANTED_ROOT);

    @ParameterizedTest
    @EnumSource
    void ourClassesKeepTheRule(ArchitectureRule rule) {
        rule.over(ROOT).check(OURS);
    }

    @ParameterizedTest
    @EnumSource
    void theRuleCatchesWhatWasPlantedForIt(ArchitectureRule rule) {
        String culprit = switch (rule) {
            case EVERY_CLASS_HAS_ITS_PLACE -> "stray.Homeless";
            case API_DEPENDS_ON_NEXT_TO_NOTHING -> "transport.ReadsHocon";
            case API_HOLDS_NO_IMPLEMENTATION -> "transport.DoesTheWork";
            case CORE_SEES_THE_API_ONLY -> "transport.core.LooksUp";
            case TCP_SEES_NO_OTHER_PROVIDER -> "transport.tcp.SeesKcp";
            case KCP_SEES_NO_OTHER_PROVIDER -> "transport.kcp.SeesRdma";
            case KCP_PROTOCOL_KNOWS_NOTHING_BUT_THE_JDK -> "transport.kcp.protocol.SeesProvider";
            case RDMA_SEES_NO_OTHER_PROVIDER -> "transport.rdma.SeesTcp";
            case TESTKIT_SEES_NO_PROVIDER -> "transport.testkit.SeesTcp";
            case STORE_SEES_THE_API_AND_THE_SELECTION -> "store.SeesCore";
            case ONLY_THE_TRANSPORT_MODULE_KNOWS_GUICE -> "transport.tcp.KnowsGuice";
            case NOTHING_BELOW_THE_STORE_READS_FILES_OR_COMMAND_LINES -> "transport.ReadsHocon";
            case PACKAGES_FORM_NO_CYCLE -> "Cycle detected";
        };
        assertThatThrownBy(() -> rule.over(PLANTED_ROOT).check(PLANTED))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(culprit);
    }

    @Test
    void theRulesSpareWhatIsAllowed() {
        for (ArchitectureRule rule : ArchitectureRule.values()) {
            assertThat(rule.over(PLANTED_ROOT)
                            .evaluate(PLANTED)
                            .getFailureReport()
                            .getDetails())
                    .as(rule.name())
                    .isNotEmpty()
                    .noneMatch(line -> line.contains("Allowed") || line.contains("TransportModule"));
        }
    }
}
