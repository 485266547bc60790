package io.fairlead.benchmarks.ucx;

import java.nio.ByteBuffer;
import org.openucx.jucx.UcxCallback;
import org.openucx.jucx.UcxUtils;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpRequest;
import org.openucx.jucx.ucp.UcpWorker;

/** Sends each message back and then takes the next; one is under way at a time. */
final class EchoServing {
    static final long TO_SERVER = 1;
    static final long TO_CLIENT = 2;
    static final long WHOLE_TAG = -1;

    private static final int MAX_MESSAGE_BYTES = 64 * 1024;

    private final UcpWorker worker;
    private final UcpEndpoint endpoint;
    private final ByteBuffer message = ByteBuffer.allocateDirect(MAX_MESSAGE_BYTES);
    private final long messageAddress = UcxUtils.getAddress(message);

    private final UcxCallback received = new UcxCallback() {
        @Override
        public void onSuccess(UcpRequest request) {
            endpoint.sendTaggedNonBlocking(messageAddress, request.getRecvSize(), TO_CLIENT, sent);
        }
    };

    private final UcxCallback sent = new UcxCallback() {
        @Override
        public void onSuccess(UcpRequest request) {
            receive();
        }
    };

    EchoServing(UcpWorker worker, UcpEndpoint endpoint) {
        this.worker = worker;
        this.endpoint = endpoint;
    }

    void receive() {
        worker.recvTaggedNonBlocking(messageAddress, message.capacity(), TO_SERVER, WHOLE_TAG, received);
    }
}
