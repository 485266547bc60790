/**
 * What contract tests stand on: fixtures that a provider supplies, peers in other processes, logs of completions, leak
 * checks. The promises themselves are in {@code contract}, faulty surroundings in {@code fault}, and the reference
 * provider in {@code memory}.
 */
@NullMarked
package io.fairlead.transport.testkit;

import org.jspecify.annotations.NullMarked;
