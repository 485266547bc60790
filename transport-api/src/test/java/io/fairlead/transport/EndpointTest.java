package io.fairlead.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:80", "host.example:0", "[::1]:65535"})
    void printsWhatItParsed(String text) {
        assertThat(Endpoint.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", ":80", "::1:80", "host:", "host:x", "host:65536", "host:-1", "[]:1"})
    void quotesWhatItCannotParse(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsTheBracketsOutOfTheHost() {
        assertThat(Endpoint.parse("[fe80::1]:7")).isEqualTo(new Endpoint("fe80::1", 7));
    }
}
