/* The native methods of io.fairlead.transport.rdma.verbs.disni.ExtendedVerbs. */
#include "jni_support.h"
#include "operations.h"

#include <errno.h>
#include <netinet/in.h>

#define NATIVE(type, name) JNIEXPORT type JNICALL Java_io_fairlead_transport_rdma_verbs_disni_ExtendedVerbs_##name
#define POINTER(type, address) ((type *)(uintptr_t)(address))
#define IGNORE (void)env, (void)self

NATIVE(jstring, load)(JNIEnv *env, jclass self, jstring rdmacm, jstring ibverbs) {
    (void)self;
    char problem[512] = "";
    const char *cm = (*env)->GetStringUTFChars(env, rdmacm, NULL);
    const char *verbs = cm == NULL ? NULL : (*env)->GetStringUTFChars(env, ibverbs, NULL);
    if (verbs != NULL && library_load(cm, verbs, problem, sizeof problem)) {
        problem[0] = '\0';
    }
    if (verbs != NULL) {
        (*env)->ReleaseStringUTFChars(env, ibverbs, verbs);
    }
    if (cm != NULL) {
        (*env)->ReleaseStringUTFChars(env, rdmacm, cm);
    }
    return verbs == NULL ? NULL : (*env)->NewStringUTF(env, problem);
}

NATIVE(jint, lastErrno)(JNIEnv *env, jclass self) {
    IGNORE;
    return last_errno();
}

NATIVE(jint, postedBeforeFailure)(JNIEnv *env, jclass self) {
    IGNORE;
    return last_posted();
}

NATIVE(jint, openHandles)(JNIEnv *env, jclass self) {
    IGNORE;
    return handles_open();
}

NATIVE(jstring, deviceNames)(JNIEnv *env, jclass self) {
    (void)self;
    char names[4096] = "";
    if (library_ready()) {
        device_names(names, sizeof names);
    }
    return (*env)->NewStringUTF(env, names);
}

NATIVE(jint, tryDevice)(JNIEnv *env, jclass self, jint index, jintArray steps) {
    (void)self;
    if (!library_ready()) {
        return -ENOSYS;
    }
    int step = STEP_LIST;
    int result = device_try(index, &step);
    (*env)->SetIntArrayRegion(env, steps, 0, 1, (const jint *)&step);
    return result;
}

NATIVE(jint, nextCmEvent)(JNIEnv *env, jclass self, jlong channel, jint timeout_ms, jlong event) {
    IGNORE;
    return cm_next_event(channel, timeout_ms, POINTER(struct cm_event_record, event));
}

typedef int (*offer)(int64_t id, const struct parameters *parameters);

static jint offer_connection(JNIEnv *env, offer begin, jlong id, jintArray numbers, jbyteArray data) {
    jint n[4];
    jbyte bytes[UINT8_MAX];
    jsize length = (*env)->GetArrayLength(env, data);
    if (length > UINT8_MAX) {
        return -EINVAL;
    }
    (*env)->GetIntArrayRegion(env, numbers, 0, 4, n);
    (*env)->GetByteArrayRegion(env, data, 0, length, bytes);
    struct parameters parameters = {n[0], n[1], n[2], n[3], length == 0 ? NULL : bytes, (size_t)length};
    return begin(id, &parameters);
}

NATIVE(jint, connect)(JNIEnv *env, jclass self, jlong id, jintArray numbers, jbyteArray data) {
    (void)self;
    return offer_connection(env, cm_connect, id, numbers, data);
}

NATIVE(jint, accept)(JNIEnv *env, jclass self, jlong id, jintArray numbers, jbyteArray data) {
    (void)self;
    return offer_connection(env, cm_accept, id, numbers, data);
}

NATIVE(jint, reject)(JNIEnv *env, jclass self, jlong id, jbyteArray data) {
    (void)self;
    jbyte bytes[UINT8_MAX];
    jsize length = (*env)->GetArrayLength(env, data);
    if (length > UINT8_MAX) {
        return -EINVAL;
    }
    (*env)->GetByteArrayRegion(env, data, 0, length, bytes);
    return cm_reject(id, length == 0 ? NULL : bytes, (size_t)length);
}

NATIVE(jint, setIdOption)(JNIEnv *env, jclass self, jlong id, jint option, jint value) {
    IGNORE;
    return cm_set_option(id, option, value);
}

NATIVE(jint, localAddress)(JNIEnv *env, jclass self, jlong id, jlong address) {
    IGNORE;
    return cm_address(id, false, POINTER(struct sockaddr, address), sizeof(struct sockaddr_in6));
}

NATIVE(jint, peerAddress)(JNIEnv *env, jclass self, jlong id, jlong address) {
    IGNORE;
    return cm_address(id, true, POINTER(struct sockaddr, address), sizeof(struct sockaddr_in6));
}

NATIVE(jstring, deviceName)(JNIEnv *env, jclass self, jlong context) {
    (void)self;
    const char *name = context_name(context);
    return (*env)->NewStringUTF(env, name == NULL ? "" : name);
}

static jlong atomics_of(enum ibv_atomic_cap cap) {
    return cap == IBV_ATOMIC_NONE ? 0 : cap == IBV_ATOMIC_HCA ? 1 : 2;
}

NATIVE(jint, queryDevice)(JNIEnv *env, jclass self, jlong context, jlongArray limits) {
    (void)self;
    struct ibv_device_attr device;
    int result = context_query(context, &device);
    if (result == 0) {
        uint64_t largest = device.max_mr_size > INT64_MAX ? INT64_MAX : device.max_mr_size;
        /* In the order of DeviceLimits.of. */
        const jlong values[] = {(jlong)largest, device.max_mr, device.max_pd, device.max_qp, device.max_qp_wr,
            device.max_sge, device.max_cq, device.max_cqe, device.max_qp_init_rd_atom, device.max_qp_rd_atom,
            atomics_of(device.atomic_cap)};
        (*env)->SetLongArrayRegion(env, limits, 0, sizeof values / sizeof values[0], values);
    }
    return result;
}

NATIVE(jint, nextAsyncEvent)(JNIEnv *env, jclass self, jlong context, jint timeout_ms, jlongArray event) {
    (void)self;
    int64_t record[2];
    int result = context_next_event(context, timeout_ms, record);
    if (result == 1) {
        const jlong values[] = {record[0], record[1]};
        (*env)->SetLongArrayRegion(env, event, 0, 2, values);
    }
    return result;
}

NATIVE(jint, wakeDevice)(JNIEnv *env, jclass self, jlong context) {
    IGNORE;
    return context_wake(context);
}

NATIVE(jlong, registerMemory)(
    JNIEnv *env, jclass self, jlong domain, jlong address, jlong length, jint access, jintArray keys) {
    (void)self;
    uint32_t found[2];
    uint32_t number;
    int64_t region = region_register(domain, (uint64_t)address, (uint64_t)length, access, found, &number);
    if (region > 0) {
        const jint values[] = {(jint)found[0], (jint)found[1]};
        (*env)->SetIntArrayRegion(env, keys, 0, 2, values);
    }
    return region;
}

NATIVE(jlong, nextCompletionEvent)(JNIEnv *env, jclass self, jlong channel, jint timeout_ms) {
    IGNORE;
    return channel_next_event(channel, timeout_ms);
}

NATIVE(jint, wakeCompletionChannel)(JNIEnv *env, jclass self, jlong channel) {
    IGNORE;
    return channel_wake(channel);
}

NATIVE(jint, completionQueueDepth)(JNIEnv *env, jclass self, jlong queue) {
    IGNORE;
    return queue_depth(queue);
}

NATIVE(jlong, createQueuePair)(
    JNIEnv *env, jclass self, jlong id, jlong domain, jlong send_queue, jlong receive_queue, jintArray caps) {
    (void)self;
    jint asked[5];
    (*env)->GetIntArrayRegion(env, caps, 0, 5, asked);
    struct ibv_qp_cap cap = {(uint32_t)asked[0], (uint32_t)asked[1], (uint32_t)asked[2], (uint32_t)asked[3],
        (uint32_t)asked[4]};
    int64_t pair = cm_create_queue_pair(id, domain, send_queue, receive_queue, IBV_QPT_RC, &cap);
    if (pair > 0) {
        const jint granted[] = {(jint)cap.max_send_wr, (jint)cap.max_recv_wr, (jint)cap.max_send_sge,
            (jint)cap.max_recv_sge, (jint)cap.max_inline_data};
        (*env)->SetIntArrayRegion(env, caps, 0, 5, granted);
    }
    return pair;
}

NATIVE(jint, destroyQueuePair)(JNIEnv *env, jclass self, jlong pair) {
    IGNORE;
    return cm_destroy_queue_pair(pair);
}

NATIVE(jint, queuePairState)(JNIEnv *env, jclass self, jlong pair) {
    IGNORE;
    return pair_state(pair);
}

NATIVE(jint, setMinRnrTimer)(JNIEnv *env, jclass self, jlong pair, jint code) {
    IGNORE;
    return pair_set_min_rnr_timer(pair, code);
}
