/* Queue pairs: made and unmade through the connection manager, used through the verbs. */
#include "operations.h"

#include <errno.h>
#include <string.h>

static struct ibv_qp *qp_of(const struct object *pair) {
    return pair->native;
}

/* Creates the queue pair of a locked id. */
static int64_t create(struct object *id, struct object *const parents[], int type, struct ibv_qp_cap *caps) {
    if (id->pair != NULL) {
        return -EBUSY;
    }
    struct object *pair = object_new(QUEUE_PAIR, parents, MAX_PARENTS);
    if (pair == NULL) {
        return -errno;
    }
    struct ibv_qp_init_attr attributes = {
        .qp_context = pair,
        .send_cq = parents[2]->native,
        .recv_cq = parents[3]->native,
        .cap = *caps,
        .qp_type = (enum ibv_qp_type)type,
    };
    struct rdma_cm_id *native = id->native;
    errno = 0;
    int64_t result = 0;
    if (core.rdma_create_qp_(native, parents[1]->native, &attributes) != 0) {
        result = errno == 0 ? -EIO : -errno;
    } else {
        pair->native = native->qp;
        result = object_publish(pair);
        if (result < 0) {
            core.ibv_destroy_qp_(native->qp);
            native->qp = NULL;
        }
    }
    if (result < 0) {
        object_discard(pair);
        return result;
    }
    id->pair = pair;
    *caps = attributes.cap;
    return result;
}

int64_t cm_create_queue_pair(
    int64_t id, int64_t domain, int64_t send_queue, int64_t receive_queue, int type, struct ibv_qp_cap *caps) {
    const int64_t handles[MAX_PARENTS] = {id, domain, send_queue, receive_queue};
    static const enum kind kinds[MAX_PARENTS] = {CM_ID, DOMAIN, COMP_QUEUE, COMP_QUEUE};
    struct object *parents[MAX_PARENTS];
    int64_t result = 0;
    int held = 0;
    while (held < MAX_PARENTS && (parents[held] = handle_acquire(handles[held], kinds[held])) != NULL) {
        held++;
    }
    if (held < MAX_PARENTS) {
        result = -ESTALE;
    } else {
        pthread_mutex_t *lock = &parents[0]->parents[0]->lock;
        pthread_mutex_lock(lock);
        result = create(parents[0], parents, type, caps);
        pthread_mutex_unlock(lock);
    }
    while (held > 0) {
        handle_release(parents[--held]);
    }
    return result;
}

int cm_destroy_queue_pair(int64_t handle) {
    struct object *pair;
    int result = handle_close(handle, QUEUE_PAIR, &pair);
    if (result != 0) {
        return result;
    }
    struct object *id = pair->parents[0];
    pthread_mutex_t *lock = &id->parents[0]->lock;
    pthread_mutex_lock(lock);
    /* Not rdma_destroy_qp, which does not tell whether it worked. */
    result = -core.ibv_destroy_qp_(pair->native);
    if (result == 0) {
        ((struct rdma_cm_id *)id->native)->qp = NULL;
        id->pair = NULL;
    }
    pthread_mutex_unlock(lock);
    if (result == 0) {
        handle_closed(pair);
    } else {
        handle_revived(pair);
    }
    return result;
}

int cm_destroy_queue_pair_of(int64_t id_handle) {
    struct object *id = handle_acquire(id_handle, CM_ID);
    if (id == NULL) {
        return -ESTALE;
    }
    pthread_mutex_t *lock = &id->parents[0]->lock;
    pthread_mutex_lock(lock);
    int64_t pair = id->pair == NULL ? 0 : id->pair->handle;
    pthread_mutex_unlock(lock);
    handle_release(id);
    return pair == 0 ? -ESTALE : cm_destroy_queue_pair(pair);
}

int pair_number(int64_t handle) {
    struct object *pair = handle_acquire(handle, QUEUE_PAIR);
    if (pair == NULL) {
        return -ESTALE;
    }
    int number = (int)qp_of(pair)->qp_num;
    handle_release(pair);
    return number;
}

int pair_state(int64_t handle) {
    struct object *pair = handle_acquire(handle, QUEUE_PAIR);
    if (pair == NULL) {
        return -ESTALE;
    }
    struct ibv_qp_attr attributes;
    struct ibv_qp_init_attr initial;
    int error = core.ibv_query_qp_(qp_of(pair), &attributes, IBV_QP_STATE, &initial);
    handle_release(pair);
    return error == 0 ? (int)attributes.qp_state : -error;
}

static int modify(int64_t handle, struct ibv_qp_attr *attributes, int mask) {
    struct object *pair = handle_acquire(handle, QUEUE_PAIR);
    if (pair == NULL) {
        return -ESTALE;
    }
    int error = core.ibv_modify_qp_(qp_of(pair), attributes, mask);
    handle_release(pair);
    return -error;
}

int pair_set_error(int64_t handle) {
    struct ibv_qp_attr attributes = {.qp_state = IBV_QPS_ERR};
    return modify(handle, &attributes, IBV_QP_STATE);
}

int pair_set_min_rnr_timer(int64_t handle, int code) {
    struct ibv_qp_attr attributes = {.qp_state = IBV_QPS_RTS, .min_rnr_timer = (uint8_t)code};
    return modify(handle, &attributes, IBV_QP_STATE | IBV_QP_MIN_RNR_TIMER);
}

int pair_post_send(int64_t handle, struct ibv_send_wr *first, int *posted) {
    struct object *pair = handle_acquire(handle, QUEUE_PAIR);
    if (pair == NULL) {
        *posted = 0;
        return -ESTALE;
    }
    struct ibv_send_wr *bad = first;
    int error = ibv_post_send(qp_of(pair), first, &bad);
    handle_release(pair);
    if (error != 0) {
        *posted = 0;
        for (const struct ibv_send_wr *wr = first; wr != NULL && wr != bad; wr = wr->next) {
            ++*posted;
        }
    }
    return error < 0 ? error : -error;
}

int pair_post_receive(int64_t handle, struct ibv_recv_wr *first, int *posted) {
    struct object *pair = handle_acquire(handle, QUEUE_PAIR);
    if (pair == NULL) {
        *posted = 0;
        return -ESTALE;
    }
    struct ibv_recv_wr *bad = first;
    int error = ibv_post_recv(qp_of(pair), first, &bad);
    handle_release(pair);
    if (error != 0) {
        *posted = 0;
        for (const struct ibv_recv_wr *wr = first; wr != NULL && wr != bad; wr = wr->next) {
            ++*posted;
        }
    }
    return error < 0 ? error : -error;
}
