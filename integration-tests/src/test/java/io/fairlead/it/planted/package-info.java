/**
 * A small tree of packages shaped like our own, in which every rule of the architecture is broken once. {@link
 * io.fairlead.it.ArchitectureTest} shows by it that each rule is able to fail.
 */
package io.fairlead.it.planted;
