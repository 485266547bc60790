/** UCX by jucx as a contestant. */
@NullMarked
package io.fairlead.benchmarks.ucx;

import org.jspecify.annotations.NullMarked;
