package io.fairlead.it.planted.transport;

import java.math.RoundingMode;

/** Keeps all rules: what the API may hold. */
public interface AllowedPromises {
    record Point(int x) {}

    enum Way {
        UP,
        DOWN {
            @Override
            int sign() {
                return -1;
            }
        };

        int sign() {
            return 1;
        }
    }

    final class Refusal extends RuntimeException {}

    @interface Mark {}

    /** The compiler puts a table of its own beside this switch. */
    default String name(RoundingMode mode) {
        return switch (mode) {
            case UP -> "up";
            case DOWN -> "down";
            default -> "other";
        };
    }
}
