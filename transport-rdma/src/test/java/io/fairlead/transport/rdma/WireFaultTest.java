package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.rdma.verbs.AsyncEventType;
import io.fairlead.transport.rdma.verbs.CompletionStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is said to be at fault, and for what. */
class WireFaultTest {
    private static WireFault ofReceive(CompletionStatus status) {
        return WireFault.ofReceive(status.ordinal(), 8192);
    }

    private static WireFault ofRequest(CompletionStatus status) {
        return WireFault.ofRequest(status.ordinal(), 6);
    }

    @Test
    void whatWasFlushedTellsNoReason() {
        assertThat(ofReceive(CompletionStatus.FLUSHED)).isEqualTo(WireFault.FLUSHED);
        assertThat(ofRequest(CompletionStatus.FLUSHED)).isEqualTo(WireFault.FLUSHED);
        assertThat(WireFault.FLUSHED.code()).isNull();
    }

    @Test
    void aReceiveTellsWhatThePeerDid() {
        assertThat(ofReceive(CompletionStatus.LOCAL_ACCESS_ERROR).code()).isEqualTo(ErrorCode.REMOTE_ACCESS);
        assertThat(ofReceive(CompletionStatus.REMOTE_ACCESS_ERROR).code()).isEqualTo(ErrorCode.REMOTE_ACCESS);
        WireFault tooLong = ofReceive(CompletionStatus.LOCAL_LENGTH_ERROR);
        assertThat(tooLong.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(tooLong.why()).contains("receive of 8192 bytes", "LOCAL_LENGTH_ERROR");
    }

    @ParameterizedTest
    @EnumSource(value = CompletionStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "SUCCESS")
    void aRequestOfThisSideBreaksTheWireAndNamesTheReason(CompletionStatus status) {
        WireFault fault = ofRequest(status);
        assertThat(fault.code()).isNull();
        assertThat(fault.why())
                .contains(
                        switch (status) {
                            case FLUSHED -> "the peer left";
                            case RETRIES_EXCEEDED -> "after 6 retries";
                            case REMOTE_INVALID_REQUEST, REMOTE_OPERATION_ERROR -> "cannot take a request";
                            default -> status.name();
                        });
    }

    @Test
    void anEventOfTheDeviceIsThePeersFaultOrNobodys() {
        assertThat(WireFault.ofEvent(AsyncEventType.QP_ACCESS_ERROR).code()).isEqualTo(ErrorCode.REMOTE_ACCESS);
        assertThat(WireFault.ofEvent(AsyncEventType.QP_REQUEST_ERROR).code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        WireFault fatal = WireFault.ofEvent(AsyncEventType.QP_FATAL);
        assertThat(fatal.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(fatal.why()).contains("QP_FATAL");
    }
}
