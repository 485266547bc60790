package io.fairlead.it.planted.transport;

import com.typesafe.config.Config;

/** Breaks: the API depends on next to nothing; nothing below the store reads files. */
public interface ReadsHocon {
    Config config();
}
