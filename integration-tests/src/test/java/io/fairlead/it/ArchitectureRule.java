package io.fairlead.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules of the architecture: arrows point down only, providers never see each other, and nothing below the store
 * knows Guice, HOCON or the store. A rule is stated over a root package, so that it can be shown to fail on classes
 * planted for it as well as to hold on our own.
 */
enum ArchitectureRule {
    EVERY_CLASS_HAS_ITS_PLACE {
        @Override
        ArchRule over(String root) {
            return classes()
                    .should()
                    .resideInAnyPackage(concat(api(root), core(root), tcp(root), kcp(root), rdma(root), new String[] {
                        root + ".transport.testkit..", root + ".store..", emulator(root)
                    }));
        }
    },

    API_DEPENDS_ON_NEXT_TO_NOTHING {
        @Override
        ArchRule over(String root) {
            return classes()
                    .that()
                    .resideInAnyPackage(api(root))
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(concat(api(root), new String[] {
                        "java..", "javax.net.ssl..", "org.jspecify..", "org.slf4j..", "io.micrometer.core.."
                    }));
        }
    },

    API_HOLDS_NO_IMPLEMENTATION {
        @Override
        ArchRule over(String root) {
            return classes().that().resideInAnyPackage(api(root)).should(promiseAndNotDo());
        }
    },

    CORE_SEES_THE_API_ONLY {
        @Override
        ArchRule over(String root) {
            return seesOnly(root, core(root), api(root));
        }
    },

    TCP_SEES_NO_OTHER_PROVIDER {
        @Override
        ArchRule over(String root) {
            return seesOnly(root, tcp(root), api(root), core(root));
        }
    },

    KCP_SEES_NO_OTHER_PROVIDER {
        @Override
        ArchRule over(String root) {
            return seesOnly(root, kcp(root), api(root), core(root));
        }
    },

    /** Pure: the simulator can only tell the truth about what has no socket, thread or clock of its own. */
    KCP_PROTOCOL_KNOWS_NOTHING_BUT_THE_JDK {
        @Override
        ArchRule over(String root) {
            String protocol = root + ".transport.kcp.protocol";
            return classes()
                    .that()
                    .resideInAPackage(protocol)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            protocol, "java.lang..", "java.nio", "java.time", "java.util..", "org.jspecify..");
        }
    },

    RDMA_SEES_NO_OTHER_PROVIDER {
        @Override
        ArchRule over(String root) {
            return seesOnly(root, rdma(root), api(root), core(root));
        }
    },

    /** Authors of other providers run the kit, so it must not bring ours along. */
    TESTKIT_SEES_NO_PROVIDER {
        @Override
        ArchRule over(String root) {
            return seesOnly(root, new String[] {root + ".transport.testkit.."}, api(root), core(root));
        }
    },

    /** Which transport runs is configuration, so the store's code names none, and of the core only what selects. */
    STORE_SEES_THE_API_AND_THE_SELECTION {
        @Override
        ArchRule over(String root) {
            DescribedPredicate<JavaClass> selection = outermostClassIn(Set.of(
                    root + ".transport.core.TransportChoice",
                    root + ".transport.core.TransportModule",
                    root + ".transport.core.Transports"));
            DescribedPredicate<JavaClass> allowed = resideInAnyPackage(
                            concat(api(root), new String[] {root + ".store.."}))
                    .or(selection);
            return noClasses()
                    .that()
                    .resideInAPackage(root + ".store..")
                    .should()
                    .dependOnClassesThat(resideInAPackage(root + "..").and(not(allowed)));
        }
    },

    ONLY_THE_TRANSPORT_MODULE_KNOWS_GUICE {
        @Override
        ArchRule over(String root) {
            return noClasses()
                    .that()
                    .resideInAPackage(root + ".transport..")
                    .and(not(outermostClassIn(Set.of(root + ".transport.core.TransportModule"))))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("com.google.inject..", "jakarta.inject..");
        }
    },

    NOTHING_BELOW_THE_STORE_READS_FILES_OR_COMMAND_LINES {
        @Override
        ArchRule over(String root) {
            return noClasses()
                    .that()
                    .resideInAPackage(root + ".transport..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("com.typesafe.config..", "picocli..");
        }
    },

    /** It shall be as bad to the others as to us, and its relay runs on its own classes alone. */
    EMULATOR_SEES_NONE_OF_US {
        @Override
        ArchRule over(String root) {
            return seesOnly(root, new String[] {emulator(root)});
        }
    },

    PACKAGES_FORM_NO_CYCLE {
        @Override
        ArchRule over(String root) {
            return slices().matching(root + ".(**)").should().beFreeOfCycles();
        }
    };

    /** The rule for the classes under {@code root}, which stands for {@code io.fairlead}. */
    abstract ArchRule over(String root);

    private static String[] api(String root) {
        return new String[] {root + ".transport", root + ".transport.spi"};
    }

    private static String[] core(String root) {
        return new String[] {root + ".transport.core.."};
    }

    private static String[] tcp(String root) {
        return new String[] {root + ".transport.tcp.."};
    }

    private static String[] kcp(String root) {
        return new String[] {root + ".transport.kcp.."};
    }

    private static String[] rdma(String root) {
        return new String[] {root + ".transport.rdma.."};
    }

    private static String emulator(String root) {
        return root + ".it.network..";
    }

    /** Of the classes under {@code root}, {@code who} may depend on itself and on {@code below}. */
    private static ArchRule seesOnly(String root, String[] who, String[]... below) {
        return noClasses()
                .that()
                .resideInAnyPackage(who)
                .should()
                .dependOnClassesThat(
                        resideInAPackage(root + "..").and(not(resideInAnyPackage(concat(who, concat(below))))));
    }

    private static DescribedPredicate<JavaClass> outermostClassIn(Set<String> names) {
        return DescribedPredicate.describe("are one of " + names + " or nested in it", type -> {
            JavaClass outermost = type;
            while (outermost.getEnclosingClass().isPresent()) {
                outermost = outermost.getEnclosingClass().get();
            }
            return names.contains(outermost.getFullName());
        });
    }

    /** An exception to this goes here, by name and with its reason. */
    private static ArchCondition<JavaClass> promiseAndNotDo() {
        return new ArchCondition<>("be an interface, record, enum, annotation or exception") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean allowed = type.isInterface()
                        || type.isRecord()
                        || type.isAssignableTo(Enum.class)
                        || type.isAssignableTo(Throwable.class)
                        // The compiler's own, such as the table behind a switch over an enum.
                        || type.getModifiers().contains(JavaModifier.SYNTHETIC);
                events.add(new SimpleConditionEvent(type, allowed, type.getDescription() + " is an implementation"));
            }
        };
    }

    private static String[] concat(String[]... parts) {
        return Arrays.stream(parts).flatMap(Stream::of).toArray(String[]::new);
    }
}
