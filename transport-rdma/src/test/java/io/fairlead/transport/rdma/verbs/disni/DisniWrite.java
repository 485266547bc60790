package io.fairlead.transport.rdma.verbs.disni;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.SVCPollCq;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.Callable;

/** A connection and a write by DiSNI's own objects, as a program for DiSNI would do it; the result is what arrived. */
public final class DisniWrite implements Callable<String> {
    private static final int PATIENCE_MS = 20_000;
    private static final int BYTES = 4096;

    private final InetSocketAddress address;

    public DisniWrite(InetSocketAddress address) {
        this.address = address;
    }

    /** One end's objects, below an id. */
    private record End(RdmaCmId id, IbvPd pd, IbvCompChannel channel, IbvCQ cq, IbvQP qp, IbvMr mr, ByteBuffer memory) {
        static End of(RdmaCmId id) throws IOException {
            IbvPd pd = id.getVerbs().allocPd();
            IbvCompChannel channel = id.getVerbs().createCompChannel();
            IbvCQ cq = id.getVerbs().createCQ(channel, 64, 0);
            IbvQPInitAttr attributes = new IbvQPInitAttr();
            attributes.cap().setMax_send_wr(16);
            attributes.cap().setMax_recv_wr(16);
            attributes.setQp_type(IbvQP.IBV_QPT_RC);
            attributes.setSend_cq(cq);
            attributes.setRecv_cq(cq);
            IbvQP qp = id.createQP(pd, attributes);
            ByteBuffer memory = ByteBuffer.allocateDirect(BYTES);
            int rights = IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_WRITE;
            IbvMr mr = pd.regMr(memory, rights).execute().free().getMr();
            return new End(id, pd, channel, cq, qp, mr, memory);
        }

        int close() throws Exception {
            mr.deregMr().execute().free();
            int codes = id.destroyQP();
            codes |= cq.destroyCQ();
            codes |= channel.destroyCompChannel();
            codes |= pd.deallocPd();
            return codes | id.destroyId();
        }
    }

    @Override
    public String call() throws Exception {
        RdmaEventChannel events = RdmaEventChannel.createEventChannel();
        RdmaCmId listener = events.createId(RdmaCm.RDMA_PS_TCP);
        listener.bindAddr(new InetSocketAddress(address.getAddress(), 0));
        listener.listen(4);

        RdmaCmId id = events.createId(RdmaCm.RDMA_PS_TCP);
        id.resolveAddr(null, listener.getSource(), PATIENCE_MS);
        await(events, RdmaCmEvent.EventType.RDMA_CM_EVENT_ADDR_RESOLVED);
        id.resolveRoute(PATIENCE_MS);
        await(events, RdmaCmEvent.EventType.RDMA_CM_EVENT_ROUTE_RESOLVED);
        End client = End.of(id);
        RdmaConnParam parameters = new RdmaConnParam();
        parameters.setRetry_count((byte) 6);
        parameters.setRnr_retry_count((byte) 7);
        id.connect(parameters);
        End server = End.of(await(events, RdmaCmEvent.EventType.RDMA_CM_EVENT_CONNECT_REQUEST)
                .getConnIdPriv());
        server.id.accept(parameters);
        await(events, RdmaCmEvent.EventType.RDMA_CM_EVENT_ESTABLISHED);
        await(events, RdmaCmEvent.EventType.RDMA_CM_EVENT_ESTABLISHED);

        client.memory.asCharBuffer().put("by DiSNI's own hands");
        write(client, server);
        String arrived = server.memory.asCharBuffer().toString().trim();

        int codes = id.disconnect() | client.close() | server.close() | listener.destroyId();
        codes |= events.destroyEventChannel();
        return arrived + ", " + codes;
    }

    private static void write(End from, End to) throws IOException, InterruptedException {
        IbvSge sge = new IbvSge();
        sge.setAddr(from.mr.getAddr());
        sge.setLength(BYTES);
        sge.setLkey(from.mr.getLkey());
        IbvSendWR request = new IbvSendWR();
        request.setWr_id(17);
        request.setOpcode(IbvSendWR.IBV_WR_RDMA_WRITE);
        request.setSend_flags(IbvSendWR.IBV_SEND_SIGNALED);
        request.setSg_list(new LinkedList<>(List.of(sge)));
        request.setNum_sge(1);
        request.getRdma().setRemote_addr(to.mr.getAddr());
        request.getRdma().setRkey(to.mr.getRkey());
        from.qp.postSend(new LinkedList<>(List.of(request)), null).execute().free();

        IbvWC[] completions = {new IbvWC()};
        SVCPollCq poll = from.cq.poll(completions, 1);
        long deadlineNs = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        while (poll.execute().getPolls() == 0) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("no completion in " + PATIENCE_MS + " ms");
            }
        }
        poll.free();
        if (completions[0].getWr_id() != 17 || completions[0].getStatus() != 0) {
            throw new IllegalStateException(
                    "completion " + completions[0].getWr_id() + ", status " + completions[0].getStatus());
        }
    }

    private static RdmaCmEvent await(RdmaEventChannel events, RdmaCmEvent.EventType type) throws IOException {
        RdmaCmEvent event = events.getCmEvent(PATIENCE_MS);
        if (event == null || event.getEvent() != type.ordinal()) {
            throw new IllegalStateException(
                    "wanted " + type + ", got " + (event == null ? "nothing" : "event " + event.getEvent()));
        }
        event.ackEvent();
        return event;
    }
}
