package io.fairlead.benchmarks.raw;

import io.fairlead.benchmarks.Lane;
import java.io.IOException;

/** The client's part of one kind of work on one connection; an instance drives one lane. */
interface Driving {
    /** Returns when the lane is finished. */
    void drive(Lane lane, Wire wire) throws IOException;
}
