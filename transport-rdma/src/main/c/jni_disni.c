/*
 * The native methods of DiSNI 2.1, com.ibm.disni.verbs.impl.NativeDispatcher. Their signatures are what javap says of
 * the jar; which of them throw, and what results below zero mean, is what its callers expect.
 */
#include "jni_support.h"
#include "operations.h"

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>

#define NATIVE(type, name) JNIEXPORT type JNICALL Java_com_ibm_disni_verbs_impl_NativeDispatcher__1##name
#define POINTER(type, address) ((type *)(uintptr_t)(address))
#define IGNORE (void)env, (void)self

/* The layout of the structures that Java code writes and reads. */
#define DISNI_VERSION 32
_Static_assert(sizeof(struct ibv_send_wr) == 128 && sizeof(struct ibv_recv_wr) == 32, "SendRing, ReceiveRing");
_Static_assert(sizeof(struct ibv_sge) == 16 && sizeof(struct ibv_wc) == 48, "SendRing, CompletionArray");
_Static_assert(offsetof(struct ibv_send_wr, wr.rdma.rkey) == 48 && offsetof(struct ibv_send_wr, wr.atomic.rkey) == 64
        && offsetof(struct ibv_send_wr, wr.atomic.swap) == 56 && offsetof(struct ibv_send_wr, imm_data) == 36,
    "SendRing");
_Static_assert(offsetof(struct ibv_wc, imm_data) == 24 && offsetof(struct ibv_wc, wc_flags) == 36, "CompletionArray");

/* Upstream's constant; DiSNI cannot ask for another. */
#define DISNI_SGES 4

/* For methods that throw: the result, after throwing if it is an error. */
static int64_t or_throw(JNIEnv *env, const char *call, int64_t result) {
    if (result < 0) {
        throw_io(env, call, result);
    }
    return result;
}

/* For methods that do not: the result, its number kept. */
static jint or_code(int64_t result) {
    if (result < 0) {
        set_last_errno(result);
    }
    return (jint)result;
}

NATIVE(jlong, createEventChannel)(JNIEnv *env, jobject self) {
    (void)self;
    return or_throw(env, "create_event_channel", cm_create_channel());
}

NATIVE(jint, destroyEventChannel)(JNIEnv *env, jobject self, jlong channel) {
    IGNORE;
    return or_code(cm_destroy_channel(channel));
}

NATIVE(jlong, createId)(JNIEnv *env, jobject self, jlong channel, jshort port_space) {
    (void)self;
    return or_throw(env, "create_id", cm_create_id(channel, port_space));
}

NATIVE(jint, destroyCmId)(JNIEnv *env, jobject self, jlong id) {
    IGNORE;
    return or_code(cm_destroy_id(id));
}

NATIVE(jint, destroyEp)(JNIEnv *env, jobject self, jlong id) {
    IGNORE;
    int result = cm_destroy_queue_pair_of(id);
    return or_code(result == 0 || result == -ESTALE ? cm_destroy_id(id) : result);
}

NATIVE(void, bindAddr)(JNIEnv *env, jobject self, jlong id, jlong address) {
    (void)self;
    or_throw(env, "bind_addr", cm_bind(id, POINTER(struct sockaddr, address)));
}

NATIVE(void, listen)(JNIEnv *env, jobject self, jlong id, jint backlog) {
    (void)self;
    or_throw(env, "listen", cm_listen(id, backlog));
}

NATIVE(void, resolveAddr)(JNIEnv *env, jobject self, jlong id, jlong source, jlong destination, jint timeout_ms) {
    (void)self;
    or_throw(env, "resolve_addr",
        cm_resolve_address(id, POINTER(struct sockaddr, source), POINTER(struct sockaddr, destination), timeout_ms));
}

NATIVE(void, resolveRoute)(JNIEnv *env, jobject self, jlong id, jint timeout_ms) {
    (void)self;
    or_throw(env, "resolve_route", cm_resolve_route(id, timeout_ms));
}

/* Only the ids and the type of the event find room here; ExtendedVerbs.nextCmEvent has the rest. */
NATIVE(jint, getCmEvent)(JNIEnv *env, jobject self, jlong channel, jlong listener, jlong id, jint timeout_ms) {
    IGNORE;
    struct cm_event_record record;
    int result = cm_next_event(channel, timeout_ms, &record);
    if (result <= 0) {
        or_code(result);
        return -1;
    }
    *POINTER(int64_t, listener) = record.listener;
    *POINTER(int64_t, id) = record.id;
    return record.type;
}

/* Events are acknowledged as they are taken. */
NATIVE(jint, ackCmEvent)(JNIEnv *env, jobject self, jint event) {
    IGNORE;
    (void)event;
    return 0;
}

NATIVE(void, connect)(
    JNIEnv *env, jobject self, jlong id, jint retries, jint rnr_retries, jlong private_data, jbyte private_data_len) {
    (void)self;
    struct parameters parameters = {-1, -1, retries, rnr_retries,
        POINTER(void, private_data), private_data == 0 ? 0 : (uint8_t)private_data_len};
    or_throw(env, "connect", cm_connect(id, &parameters));
}

NATIVE(void, accept)(JNIEnv *env, jobject self, jlong id, jint retries, jint rnr_retries) {
    (void)self;
    struct parameters parameters = {-1, -1, retries, rnr_retries, NULL, 0};
    or_throw(env, "accept", cm_accept(id, &parameters));
}

NATIVE(jint, disconnect)(JNIEnv *env, jobject self, jlong id) {
    IGNORE;
    return or_code(cm_disconnect(id));
}

NATIVE(jint, getSrcAddr)(JNIEnv *env, jobject self, jlong id, jlong address) {
    IGNORE;
    return or_code(cm_address(id, false, POINTER(struct sockaddr, address), sizeof(struct sockaddr_in)));
}

NATIVE(jint, getDstAddr)(JNIEnv *env, jobject self, jlong id, jlong address) {
    IGNORE;
    return or_code(cm_address(id, true, POINTER(struct sockaddr, address), sizeof(struct sockaddr_in)));
}

NATIVE(jlong, getContext)(JNIEnv *env, jobject self, jlong id) {
    (void)self;
    return or_throw(env, "get_context", cm_context(id));
}

NATIVE(jint, getContextFd)(JNIEnv *env, jobject self, jlong context) {
    (void)self;
    return (jint)or_throw(env, "get_context_fd", context_fd(context));
}

NATIVE(jint, getContextNumCompVectors)(JNIEnv *env, jobject self, jlong context) {
    (void)self;
    return (jint)or_throw(env, "get_num_comp_vectors", context_vectors(context));
}

NATIVE(jint, queryOdpSupport)(JNIEnv *env, jobject self, jlong context) {
    IGNORE;
    return or_code(context_paging(context));
}

NATIVE(jlong, allocPd)(JNIEnv *env, jobject self, jlong context) {
    (void)self;
    return or_throw(env, "alloc_pd", domain_allocate(context));
}

NATIVE(jint, deallocPd)(JNIEnv *env, jobject self, jlong domain) {
    IGNORE;
    return or_code(domain_deallocate(domain));
}

NATIVE(jint, getPdHandle)(JNIEnv *env, jobject self, jlong domain) {
    (void)self;
    return (jint)or_throw(env, "get_pd_handle", domain_number(domain));
}

NATIVE(jlong, createCompChannel)(JNIEnv *env, jobject self, jlong context) {
    (void)self;
    return or_throw(env, "create_comp_channel", channel_create(context));
}

NATIVE(jint, destroyCompChannel)(JNIEnv *env, jobject self, jlong channel) {
    IGNORE;
    return or_code(channel_destroy(channel));
}

/* Which queue it is for finds no room here; ExtendedVerbs.nextCompletionEvent tells. */
NATIVE(jint, getCqEvent)(JNIEnv *env, jobject self, jlong channel, jint timeout_ms) {
    (void)self;
    return or_throw(env, "get_cq_event", channel_next_event(channel, timeout_ms)) > 0 ? 0 : -1;
}

NATIVE(jlong, createCQ)(JNIEnv *env, jobject self, jlong context, jlong channel, jint depth, jint vector) {
    (void)self;
    return or_throw(env, "create_cq", queue_create(context, channel, depth, vector));
}

NATIVE(jint, destroyCQ)(JNIEnv *env, jobject self, jlong queue) {
    IGNORE;
    return or_code(queue_destroy(queue));
}

NATIVE(jint, pollCQ)(JNIEnv *env, jobject self, jlong queue, jint max, jlong completions) {
    (void)self;
    return (jint)or_throw(env, "poll_cq", queue_poll(queue, max, POINTER(struct ibv_wc, completions)));
}

NATIVE(jint, reqNotifyCQ)(JNIEnv *env, jobject self, jlong queue, jint solicited_only) {
    (void)self;
    return (jint)or_throw(env, "req_notify_cq", queue_request_notify(queue, solicited_only != 0));
}

NATIVE(jint, ackCqEvent)(JNIEnv *env, jobject self, jlong queue, jint events) {
    IGNORE;
    return or_code(queue_acknowledge(queue, events));
}

NATIVE(jlong, createQP)(JNIEnv *env, jobject self, jlong id, jlong domain, jlong send_queue, jlong receive_queue,
    jint type, jint sends, jint receives, jint inline_bytes) {
    (void)self;
    struct ibv_qp_cap caps = {(uint32_t)sends, (uint32_t)receives, DISNI_SGES, DISNI_SGES, (uint32_t)inline_bytes};
    return or_throw(env, "create_qp", cm_create_queue_pair(id, domain, send_queue, receive_queue, type, &caps));
}

NATIVE(jint, destroyQP)(JNIEnv *env, jobject self, jlong id) {
    IGNORE;
    return or_code(cm_destroy_queue_pair_of(id));
}

NATIVE(jint, getQpNum)(JNIEnv *env, jobject self, jlong pair) {
    (void)self;
    return (jint)or_throw(env, "get_qp_num", pair_number(pair));
}

/* DiSNI's caller passes no attributes, so this is the one transition that is ever wanted: to ERROR. */
NATIVE(jint, modifyQP)(JNIEnv *env, jobject self, jlong pair, jlong attributes) {
    (void)self;
    return (jint)or_throw(env, "modify_qp", attributes == 0 ? pair_set_error(pair) : -EINVAL);
}

NATIVE(jlong, regMr)(JNIEnv *env, jobject self, jlong domain, jlong address, jint length, jint access, jlong local_key,
    jlong remote_key, jlong number) {
    (void)self;
    uint32_t keys[2];
    uint32_t region_number;
    int64_t region =
        region_register(domain, (uint64_t)address, (uint32_t)length, access, keys, &region_number);
    if (region < 0) {
        throw_io(env, "reg_mr", region);
        return region;
    }
    *POINTER(uint32_t, local_key) = keys[0];
    *POINTER(uint32_t, remote_key) = keys[1];
    *POINTER(uint32_t, number) = region_number;
    return region;
}

NATIVE(jint, expPrefetchMr)(JNIEnv *env, jobject self, jlong region, jlong address, jint length) {
    (void)self;
    return (jint)or_throw(env, "advise_mr", region_prefetch(region, (uint64_t)address, (uint32_t)length));
}

NATIVE(void, deregMr)(JNIEnv *env, jobject self, jlong region) {
    (void)self;
    or_throw(env, "dereg_mr", region_deregister(region));
}

NATIVE(void, postSend)(JNIEnv *env, jobject self, jlong pair, jlong first) {
    (void)self;
    int posted;
    int result = pair_post_send(pair, POINTER(struct ibv_send_wr, first), &posted);
    if (result != 0) {
        set_last_posted(posted);
        throw_io(env, "post_send", result);
    }
}

NATIVE(void, postRecv)(JNIEnv *env, jobject self, jlong pair, jlong first) {
    (void)self;
    int posted;
    int result = pair_post_receive(pair, POINTER(struct ibv_recv_wr, first), &posted);
    if (result != 0) {
        set_last_posted(posted);
        throw_io(env, "post_recv", result);
    }
}

#define CONSTANT(name, value) \
    NATIVE(jint, name)(JNIEnv * env, jobject self) { \
        IGNORE; \
        return (jint)(value); \
    }

CONSTANT(getSockAddrInSize, sizeof(struct sockaddr_in))
CONSTANT(getIbvRecvWRSize, sizeof(struct ibv_recv_wr))
CONSTANT(getIbvSendWRSize, sizeof(struct ibv_send_wr))
CONSTANT(getIbvSgeSize, sizeof(struct ibv_sge))
CONSTANT(getIbvWCSize, sizeof(struct ibv_wc))
CONSTANT(getRemoteAddressOffset, offsetof(struct ibv_send_wr, wr.rdma.remote_addr))
CONSTANT(getRKeyOffset, offsetof(struct ibv_send_wr, wr.rdma.rkey))
CONSTANT(getVersion, DISNI_VERSION)
