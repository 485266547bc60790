package io.fairlead.transport.testkit.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.testkit.Promise;
import io.fairlead.transport.testkit.contract.ContractKit;
import io.fairlead.transport.testkit.memory.InMemoryFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every broken variant is found by the rows of the contract that are there for it, and the sound one passes them. */
class MutantsTest {
    /** A fault shows soon or never, and a hang must not take half a minute. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @TestFactory
    Stream<DynamicTest> everyMutantIsCaught() {
        return mutants().stream()
                .flatMap(mutant -> mutant.rows().stream()
                        .map(row -> DynamicTest.dynamicTest(mutant.name() + " is caught by row " + row, () -> {
                            ContractKit kit =
                                    ContractKit.of(mutant.fixture().get()).patience(PATIENCE);
                            assertThat(firstFailure(kit.rows(row)))
                                    .as("promises of row %d broken by a provider that %s", row, mutant.name())
                                    .isPresent();
                        })));
    }

    @TestFactory
    Stream<DynamicTest> theSoundProviderPassesTheSameRowsWithTheSamePatience() {
        Integer[] rows = mutants().stream()
                .flatMap(mutant -> mutant.rows().stream())
                .distinct()
                .toArray(Integer[]::new);
        ContractKit kit =
                ContractKit.of(new InMemoryFixture()).patience(PATIENCE).rows(rows);
        return kit.promises().stream()
                .map(promise -> DynamicTest.dynamicTest(
                        promise.toString(),
                        () -> assertThat(kit.failure(promise)).isEmpty()));
    }

    private static List<Mutant> mutants() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(FrameMutants.all());
        all.addAll(CallMutants.all());
        all.addAll(TargetMutants.all());
        return all;
    }

    private static Optional<AssertionError> firstFailure(ContractKit kit) {
        for (Promise promise : kit.promises()) {
            Optional<AssertionError> failure = kit.failure(promise);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }
}
