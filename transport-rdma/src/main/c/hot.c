/*
 * The calls of the data path, for Java's foreign functions: no JNIEnv, and no transition of the thread's state, so none
 * of these may block or call back. Results below zero are negated error numbers.
 */
#include "jni_support.h"
#include "operations.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED int fairlead_poll_cq(int64_t queue, int max, struct ibv_wc *completions) {
    return queue_poll(queue, max, completions);
}

EXPORTED int fairlead_post_send(int64_t pair, struct ibv_send_wr *first) {
    int posted;
    int result = pair_post_send(pair, first, &posted);
    if (result != 0) {
        set_last_posted(posted);
    }
    return result;
}

EXPORTED int fairlead_post_recv(int64_t pair, struct ibv_recv_wr *first) {
    int posted;
    int result = pair_post_receive(pair, first, &posted);
    if (result != 0) {
        set_last_posted(posted);
    }
    return result;
}
