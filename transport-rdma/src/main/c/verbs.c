#include "operations.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

int64_t deadline_after(int timeout_ms) {
    if (timeout_ms < 0) {
        return INT64_MAX;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec + timeout_ms * INT64_C(1000000);
}

int wait_readable(int fd, const struct object *object, int64_t deadline_ns) {
    while (true) {
        int timeout = -1;
        if (deadline_ns != INT64_MAX) {
            int64_t left = deadline_ns - deadline_after(0);
            /* Rounded up, or the last millisecond would be spent in a loop. */
            timeout = left <= 0 ? 0 : (int)((left + 999999) / 1000000);
        }
        struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = object->wake, .events = POLLIN}};
        int ready = poll(fds, 2, timeout);
        if (ready < 0 && errno != EINTR) {
            return -errno;
        }
        if (object->kind != CONTEXT && handle_is_closing(object)) {
            return -ESTALE;
        }
        if (ready > 0 && fds[0].revents != 0) {
            return 1;
        }
        eventfd_t wakes;
        if (ready == 0 || (fds[1].revents != 0 && eventfd_read(object->wake, &wakes) == 0)) {
            return 0;
        }
    }
}

static int64_t publish_or(struct object *object, int (*destroy)(void *)) {
    int64_t handle = object_publish(object);
    if (handle < 0) {
        destroy(object->native);
        object_discard(object);
    }
    return handle;
}

static int destroy_domain(void *domain) {
    return core.ibv_dealloc_pd_(domain);
}

static int destroy_region(void *region) {
    return core.ibv_dereg_mr_(region);
}

static int destroy_channel(void *channel) {
    return core.ibv_destroy_comp_channel_(channel);
}

static int destroy_queue(void *queue) {
    return core.ibv_destroy_cq_(queue);
}

/* Closes a handle whose object `destroy` destroys, with an error number as its result. */
static int close_with(int64_t handle, enum kind kind, int (*destroy)(void *)) {
    struct object *object;
    int result = handle_close(handle, kind, &object);
    if (result == 0) {
        result = -destroy(object->native);
        if (result == 0) {
            handle_closed(object);
        } else {
            handle_revived(object);
        }
    }
    return result;
}

/* A new object below `parent`, made by `native`; the parent is released. */
static int64_t made(struct object *parent, enum kind kind, void *native, int (*destroy)(void *)) {
    int64_t handle = errno == 0 ? -EIO : -errno;
    if (native != NULL) {
        struct object *object = object_new(kind, &parent, 1);
        handle = -ENOMEM;
        if (object == NULL) {
            destroy(native);
        } else {
            object->native = native;
            handle = publish_or(object, destroy);
        }
    }
    handle_release(parent);
    return handle;
}

int64_t domain_allocate(int64_t context_handle) {
    struct object *context = handle_acquire(context_handle, CONTEXT);
    if (context == NULL) {
        return -ESTALE;
    }
    errno = 0;
    return made(context, DOMAIN, core.ibv_alloc_pd_(context->native), destroy_domain);
}

int domain_deallocate(int64_t domain) {
    return close_with(domain, DOMAIN, destroy_domain);
}

int domain_number(int64_t handle) {
    struct object *domain = handle_acquire(handle, DOMAIN);
    if (domain == NULL) {
        return -ESTALE;
    }
    int number = (int)((struct ibv_pd *)domain->native)->handle;
    handle_release(domain);
    return number;
}

int64_t region_register(
    int64_t domain_handle, uint64_t address, uint64_t length, int access, uint32_t keys[2], uint32_t *number) {
    struct object *domain = handle_acquire(domain_handle, DOMAIN);
    if (domain == NULL) {
        return -ESTALE;
    }
    errno = 0;
    struct ibv_mr *region = core.ibv_reg_mr_(domain->native, (void *)(uintptr_t)address, length, access);
    if (region != NULL) {
        keys[0] = region->lkey;
        keys[1] = region->rkey;
        *number = region->handle;
    }
    return made(domain, REGION, region, destroy_region);
}

int region_prefetch(int64_t handle, uint64_t address, uint32_t length) {
    struct object *object = handle_acquire(handle, REGION);
    if (object == NULL) {
        return -ESTALE;
    }
    struct ibv_mr *region = object->native;
    struct ibv_sge range = {.addr = address, .length = length, .lkey = region->lkey};
    struct verbs_context *verbs = verbs_get_ctx_op(region->context, advise_mr);
    int error = verbs == NULL
        ? EOPNOTSUPP
        : verbs->advise_mr(region->pd, IBV_ADVISE_MR_ADVICE_PREFETCH_WRITE, 0, &range, 1);
    handle_release(object);
    return -error;
}

int region_deregister(int64_t region) {
    return close_with(region, REGION, destroy_region);
}

int64_t channel_create(int64_t context_handle) {
    struct object *context = handle_acquire(context_handle, CONTEXT);
    if (context == NULL) {
        return -ESTALE;
    }
    errno = 0;
    struct ibv_comp_channel *channel = core.ibv_create_comp_channel_(context->native);
    if (channel != NULL && fcntl(channel->fd, F_SETFL, fcntl(channel->fd, F_GETFL) | O_NONBLOCK) != 0) {
        destroy_channel(channel);
        channel = NULL;
    }
    return made(context, COMP_CHANNEL, channel, destroy_channel);
}

int channel_destroy(int64_t channel) {
    return close_with(channel, COMP_CHANNEL, destroy_channel);
}

/* Takes an event: the queue's handle, 0 if there is none to hand out, or an error. */
static int64_t take_event(struct ibv_comp_channel *channel) {
    struct ibv_cq *native;
    void *context;
    errno = 0;
    if (core.ibv_get_cq_event_(channel, &native, &context) != 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : errno == 0 ? -EIO : -errno;
    }
    /* Until the event is acknowledged, ibv_destroy_cq waits; so the queue and its object are there. */
    struct object *queue = context;
    pthread_mutex_lock(&queue->lock);
    bool wanted = !queue->closing;
    queue->unacked += wanted;
    int64_t handle = wanted ? queue->handle : 0;
    pthread_mutex_unlock(&queue->lock);
    if (!wanted) {
        core.ibv_ack_cq_events_(native, 1);
    }
    return handle;
}

int64_t channel_next_event(int64_t handle, int timeout_ms) {
    struct object *channel = handle_acquire(handle, COMP_CHANNEL);
    if (channel == NULL) {
        return -ESTALE;
    }
    struct ibv_comp_channel *native = channel->native;
    int64_t deadline = deadline_after(timeout_ms);
    int64_t result;
    while ((result = wait_readable(native->fd, channel, deadline)) == 1) {
        result = take_event(native);
        if (result != 0) {
            break;
        }
    }
    handle_release(channel);
    return result;
}

static int wake(int64_t handle, enum kind kind) {
    struct object *waited_for = handle_acquire(handle, kind);
    if (waited_for == NULL) {
        return -ESTALE;
    }
    int result = eventfd_write(waited_for->wake, 1) == 0 ? 0 : -errno;
    handle_release(waited_for);
    return result;
}

int channel_wake(int64_t handle) {
    return wake(handle, COMP_CHANNEL);
}

int context_wake(int64_t handle) {
    return wake(handle, CONTEXT);
}

int64_t queue_create(int64_t context_handle, int64_t channel_handle, int depth, int vector) {
    struct object *parents[2] = {handle_acquire(context_handle, CONTEXT), NULL};
    if (parents[0] == NULL) {
        return -ESTALE;
    }
    int64_t handle = -ESTALE;
    if (channel_handle == 0 || (parents[1] = handle_acquire(channel_handle, COMP_CHANNEL)) != NULL) {
        struct object *object = object_new(COMP_QUEUE, parents, parents[1] == NULL ? 1 : 2);
        handle = -ENOMEM;
        if (object != NULL) {
            errno = 0;
            object->native = core.ibv_create_cq_(
                parents[0]->native, depth, object, parents[1] == NULL ? NULL : parents[1]->native, vector);
            if (object->native == NULL) {
                handle = errno == 0 ? -EIO : -errno;
                object_discard(object);
            } else {
                handle = publish_or(object, destroy_queue);
            }
        }
        if (parents[1] != NULL) {
            handle_release(parents[1]);
        }
    }
    handle_release(parents[0]);
    return handle;
}

int queue_destroy(int64_t handle) {
    struct object *queue;
    int result = handle_close(handle, COMP_QUEUE, &queue);
    if (result != 0) {
        return result;
    }
    /* ibv_destroy_cq waits for every event that was taken; those that Java did not acknowledge it never will. */
    pthread_mutex_lock(&queue->lock);
    queue->closing = true;
    unsigned unacked = queue->unacked;
    queue->unacked = 0;
    pthread_mutex_unlock(&queue->lock);
    if (unacked > 0) {
        core.ibv_ack_cq_events_(queue->native, unacked);
    }
    result = -core.ibv_destroy_cq_(queue->native);
    if (result == 0) {
        handle_closed(queue);
    } else {
        pthread_mutex_lock(&queue->lock);
        queue->closing = false;
        pthread_mutex_unlock(&queue->lock);
        handle_revived(queue);
    }
    return result;
}

int queue_depth(int64_t handle) {
    struct object *queue = handle_acquire(handle, COMP_QUEUE);
    if (queue == NULL) {
        return -ESTALE;
    }
    int depth = ((struct ibv_cq *)queue->native)->cqe;
    handle_release(queue);
    return depth;
}

int queue_poll(int64_t handle, int max, struct ibv_wc *completions) {
    struct object *queue = handle_acquire(handle, COMP_QUEUE);
    if (queue == NULL) {
        return -ESTALE;
    }
    int polled = ibv_poll_cq(queue->native, max, completions);
    handle_release(queue);
    return polled < 0 ? -EIO : polled;
}

int queue_request_notify(int64_t handle, bool solicited_only) {
    struct object *queue = handle_acquire(handle, COMP_QUEUE);
    if (queue == NULL) {
        return -ESTALE;
    }
    int error = ibv_req_notify_cq(queue->native, solicited_only);
    handle_release(queue);
    return error < 0 ? error : -error;
}

int queue_acknowledge(int64_t handle, int events) {
    struct object *queue = handle_acquire(handle, COMP_QUEUE);
    if (queue == NULL) {
        return -ESTALE;
    }
    pthread_mutex_lock(&queue->lock);
    bool valid = events >= 0 && (unsigned)events <= queue->unacked;
    queue->unacked -= valid ? (unsigned)events : 0;
    pthread_mutex_unlock(&queue->lock);
    if (valid && events > 0) {
        core.ibv_ack_cq_events_(queue->native, (unsigned)events);
    }
    handle_release(queue);
    return valid ? 0 : -EINVAL;
}
