/* Devices: those that connection ids are bound to, and those that a probe tries. */
#include "operations.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#define MAX_DEVICES 64

/* librdmacm opens each device once and keeps it open. So does this table: a context's handle is never closed. */
static struct object *contexts[MAX_DEVICES];
static int context_count;
static pthread_mutex_t contexts_lock = PTHREAD_MUTEX_INITIALIZER;

int64_t context_of(struct ibv_context *native) {
    int64_t handle = -ENOSPC;
    pthread_mutex_lock(&contexts_lock);
    for (int i = 0; i < context_count && handle < 0; i++) {
        if (contexts[i]->native == native) {
            handle = contexts[i]->handle;
        }
    }
    if (handle < 0 && context_count < MAX_DEVICES) {
        struct object *context = object_new(CONTEXT, NULL, 0);
        handle = -ENOMEM;
        if (context != NULL) {
            context->native = native;
            fcntl(native->async_fd, F_SETFL, fcntl(native->async_fd, F_GETFL) | O_NONBLOCK);
            handle = object_publish(context);
            if (handle < 0) {
                object_discard(context);
            } else {
                contexts[context_count++] = context;
            }
        }
    }
    pthread_mutex_unlock(&contexts_lock);
    return handle;
}

static struct ibv_context *native_of(int64_t handle, struct object **context) {
    *context = handle_acquire(handle, CONTEXT);
    return *context == NULL ? NULL : (*context)->native;
}

const char *context_name(int64_t handle) {
    struct object *context;
    struct ibv_context *native = native_of(handle, &context);
    if (native == NULL) {
        return NULL;
    }
    const char *name = core.ibv_get_device_name_(native->device);
    handle_release(context);
    return name;
}

int context_vectors(int64_t handle) {
    struct object *context;
    struct ibv_context *native = native_of(handle, &context);
    if (native == NULL) {
        return -ESTALE;
    }
    int vectors = native->num_comp_vectors;
    handle_release(context);
    return vectors;
}

int context_fd(int64_t handle) {
    struct object *context;
    struct ibv_context *native = native_of(handle, &context);
    if (native == NULL) {
        return -ESTALE;
    }
    int fd = native->cmd_fd;
    handle_release(context);
    return fd;
}

int context_query(int64_t handle, struct ibv_device_attr *attributes) {
    struct object *context;
    struct ibv_context *native = native_of(handle, &context);
    if (native == NULL) {
        return -ESTALE;
    }
    int error = core.ibv_query_device_(native, attributes);
    handle_release(context);
    return -error;
}

/* Which operations of RC may touch memory with on-demand paging (enum ibv_odp_transport_cap_bits). */
int context_paging(int64_t handle) {
    struct object *context;
    struct ibv_context *native = native_of(handle, &context);
    if (native == NULL) {
        return -ESTALE;
    }
    struct ibv_device_attr_ex attributes;
    memset(&attributes, 0, sizeof attributes);
    struct verbs_context *verbs = verbs_get_ctx_op(native, query_device_ex);
    int error = verbs == NULL ? EOPNOTSUPP : verbs->query_device_ex(native, NULL, &attributes, sizeof attributes);
    handle_release(context);
    return error == 0 ? (int)attributes.odp_caps.per_transport_caps.rc_odp_caps : -error;
}

/* The object that the event concerns, or 0 for the device and its ports. */
static int64_t concerned(const struct ibv_async_event *event) {
    const struct object *object = NULL;
    switch (event->event_type) {
        case IBV_EVENT_CQ_ERR:
            object = event->element.cq->cq_context;
            break;
        case IBV_EVENT_QP_FATAL:
        case IBV_EVENT_QP_REQ_ERR:
        case IBV_EVENT_QP_ACCESS_ERR:
        case IBV_EVENT_COMM_EST:
        case IBV_EVENT_SQ_DRAINED:
        case IBV_EVENT_PATH_MIG:
        case IBV_EVENT_PATH_MIG_ERR:
        case IBV_EVENT_QP_LAST_WQE_REACHED:
            object = event->element.qp->qp_context;
            break;
        default:
            break;
    }
    return object == NULL ? 0 : object->handle;
}

int context_next_event(int64_t handle, int timeout_ms, int64_t record[2]) {
    struct object *context;
    struct ibv_context *native = native_of(handle, &context);
    if (native == NULL) {
        return -ESTALE;
    }
    int64_t deadline = deadline_after(timeout_ms);
    int result;
    while ((result = wait_readable(native->async_fd, context, deadline)) == 1) {
        struct ibv_async_event event;
        errno = 0;
        if (core.ibv_get_async_event_(native, &event) == 0) {
            record[0] = event.event_type;
            record[1] = concerned(&event);
            core.ibv_ack_async_event_(&event);
            break;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            result = errno == 0 ? -EIO : -errno;
            break;
        }
    }
    handle_release(context);
    return result;
}

int device_names(char *names, size_t size) {
    int count = 0;
    struct ibv_device **devices = core.ibv_get_device_list_(&count);
    size_t used = 0;
    names[0] = '\0';
    for (int i = 0; devices != NULL && i < count; i++) {
        const char *name = core.ibv_get_device_name_(devices[i]);
        size_t length = strlen(name);
        if (used + length + 2 > size) {
            break;
        }
        memcpy(names + used, name, length);
        used += length;
        names[used++] = '\n';
        names[used] = '\0';
    }
    if (devices != NULL) {
        core.ibv_free_device_list_(devices);
    }
    return count;
}

static int error_or(int fallback) {
    return errno == 0 ? -fallback : -errno;
}

/* Registers a page of its own. */
static int try_registering(struct ibv_pd *domain) {
    size_t page = 4096;
    void *memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return -errno;
    }
    errno = 0;
    struct ibv_mr *region = core.ibv_reg_mr_(domain, memory, page, IBV_ACCESS_LOCAL_WRITE);
    int result = region == NULL ? error_or(ENOMEM) : -core.ibv_dereg_mr_(region);
    munmap(memory, page);
    return result;
}

static int try_opened(struct ibv_context *context, int *step) {
    *step = STEP_DOMAIN;
    errno = 0;
    struct ibv_pd *domain = core.ibv_alloc_pd_(context);
    if (domain == NULL) {
        return error_or(ENOMEM);
    }
    *step = STEP_REGISTER;
    int result = try_registering(domain);
    core.ibv_dealloc_pd_(domain);
    if (result == 0) {
        *step = STEP_CM;
        errno = 0;
        struct rdma_event_channel *channel = core.rdma_create_event_channel_();
        if (channel == NULL) {
            result = error_or(ENODEV);
        } else {
            core.rdma_destroy_event_channel_(channel);
        }
    }
    return result;
}

int device_try(int index, int *step) {
    *step = STEP_LIST;
    int count = 0;
    errno = 0;
    struct ibv_device **devices = core.ibv_get_device_list_(&count);
    if (devices == NULL) {
        return error_or(ENODEV);
    }
    int result = -ENODEV;
    if (index >= 0 && index < count) {
        *step = STEP_OPEN;
        errno = 0;
        struct ibv_context *context = core.ibv_open_device_(devices[index]);
        if (context == NULL) {
            result = error_or(ENODEV);
        } else {
            result = try_opened(context, step);
            core.ibv_close_device_(context);
        }
    }
    core.ibv_free_device_list_(devices);
    return result;
}
