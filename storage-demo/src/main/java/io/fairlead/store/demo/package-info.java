/** The show: a cluster of child processes, real files, and a node killed in the middle. */
@NullMarked
package io.fairlead.store.demo;

import org.jspecify.annotations.NullMarked;
