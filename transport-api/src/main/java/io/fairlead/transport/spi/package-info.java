/** What a provider of a transport implements. Applications do not need it. */
@NullMarked
package io.fairlead.transport.spi;

import org.jspecify.annotations.NullMarked;
