#include "operations.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static int result_of(int returned) {
    return returned == 0 ? 0 : errno == 0 ? -EIO : -errno;
}

static struct object *channel_of(const struct object *id) {
    return id->parents[0];
}

/* The id, its channel locked; NULL if it is none. */
static struct object *enter(int64_t handle) {
    struct object *id = handle_acquire(handle, CM_ID);
    if (id != NULL) {
        pthread_mutex_lock(&channel_of(id)->lock);
        errno = 0;
    }
    return id;
}

static void leave(struct object *id) {
    pthread_mutex_unlock(&channel_of(id)->lock);
    handle_release(id);
}

/* Runs `expression`, which answers as librdmacm does, on the id of `handle` under the lock. */
#define ON_ID(handle, expression) \
    struct object *object = enter(handle); \
    if (object == NULL) { \
        return -ESTALE; \
    } \
    struct rdma_cm_id *id = object->native; \
    int result = result_of(expression); \
    leave(object); \
    return result

int64_t cm_create_channel(void) {
    if (!library_ready()) {
        return -ENOSYS;
    }
    errno = 0;
    struct rdma_event_channel *native = core.rdma_create_event_channel_();
    if (native == NULL) {
        return errno == 0 ? -ENODEV : -errno;
    }
    struct object *channel = NULL;
    int64_t handle = -1;
    if (fcntl(native->fd, F_SETFL, fcntl(native->fd, F_GETFL) | O_NONBLOCK) == 0) {
        channel = object_new(CM_CHANNEL, NULL, 0);
    }
    if (channel == NULL) {
        handle = -errno;
    } else {
        channel->native = native;
        handle = object_publish(channel);
        if (handle < 0) {
            object_discard(channel);
        }
    }
    if (handle < 0) {
        core.rdma_destroy_event_channel_(native);
    }
    return handle;
}

int cm_destroy_channel(int64_t handle) {
    struct object *channel;
    int result = handle_close(handle, CM_CHANNEL, &channel);
    if (result == 0) {
        core.rdma_destroy_event_channel_(channel->native);
        handle_closed(channel);
    }
    return result;
}

/* A handle for the id of a connection request; the request is turned down if there can be none. */
static int64_t adopt(struct object *channel, struct rdma_cm_id *id) {
    struct object *object = object_new(CM_ID, &channel, 1);
    int64_t handle = -ENOMEM;
    if (object != NULL) {
        object->native = id;
        id->context = object;
        handle = object_publish(object);
        if (handle < 0) {
            object_discard(object);
        }
    }
    if (handle < 0) {
        core.rdma_reject_(id, NULL, 0);
    }
    return handle;
}

static void describe(struct rdma_cm_event *event, struct cm_event_record *record) {
    const struct rdma_conn_param *conn = &event->param.conn;
    record->type = (int32_t)event->event;
    record->status = event->status;
    record->listener = 0;
    record->private_data_len = 0;
    record->responder_resources = 0;
    record->initiator_depth = 0;
    switch (event->event) {
        case RDMA_CM_EVENT_CONNECT_REQUEST:
        case RDMA_CM_EVENT_CONNECT_RESPONSE:
        case RDMA_CM_EVENT_ESTABLISHED:
        case RDMA_CM_EVENT_REJECTED:
        case RDMA_CM_EVENT_DISCONNECTED:
            record->responder_resources = conn->responder_resources;
            record->initiator_depth = conn->initiator_depth;
            if (conn->private_data != NULL) {
                record->private_data_len = conn->private_data_len;
                memcpy(record->private_data, conn->private_data, conn->private_data_len);
            }
            break;
        default:
            break;
    }
}

/* Takes one event under the lock: 1, 0 if there is none, or an error. */
static int take_event(struct object *channel, struct cm_event_record *record) {
    struct rdma_cm_event *event;
    errno = 0;
    if (core.rdma_get_cm_event_(channel->native, &event) != 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : result_of(-1);
    }
    describe(event, record);
    struct rdma_cm_id *unwanted = NULL;
    if (event->event == RDMA_CM_EVENT_CONNECT_REQUEST) {
        /* The new id came with the context of its listener. */
        record->listener = ((struct object *)event->listen_id->context)->handle;
        record->id = adopt(channel, event->id);
        unwanted = record->id < 0 ? event->id : NULL;
    } else {
        record->id = ((struct object *)event->id->context)->handle;
    }
    core.rdma_ack_cm_event_(event);
    if (unwanted != NULL) {
        core.rdma_destroy_id_(unwanted);
        return (int)record->id;
    }
    return 1;
}

int cm_next_event(int64_t handle, int timeout_ms, struct cm_event_record *record) {
    struct object *channel = handle_acquire(handle, CM_CHANNEL);
    if (channel == NULL) {
        return -ESTALE;
    }
    int64_t deadline = deadline_after(timeout_ms);
    int result;
    do {
        result = wait_readable(((struct rdma_event_channel *)channel->native)->fd, channel, deadline);
        if (result == 1) {
            pthread_mutex_lock(&channel->lock);
            result = take_event(channel, record);
            pthread_mutex_unlock(&channel->lock);
            if (result == 0) {
                continue; /* another thread took it; the wait below ends in time */
            }
        }
        break;
    } while (true);
    handle_release(channel);
    return result;
}

int64_t cm_create_id(int64_t channel_handle, int port_space) {
    struct object *channel = handle_acquire(channel_handle, CM_CHANNEL);
    if (channel == NULL) {
        return -ESTALE;
    }
    int64_t handle = -ENOMEM;
    struct object *object = object_new(CM_ID, &channel, 1);
    if (object != NULL) {
        struct rdma_cm_id *id;
        errno = 0;
        handle = result_of(core.rdma_create_id_(channel->native, &id, object, (enum rdma_port_space)port_space));
        if (handle == 0) {
            object->native = id;
            handle = object_publish(object);
            if (handle < 0) {
                core.rdma_destroy_id_(id);
            }
        }
        if (handle < 0) {
            object_discard(object);
        }
    }
    handle_release(channel);
    return handle;
}

int cm_destroy_id(int64_t handle) {
    struct object *object;
    int result = handle_close(handle, CM_ID, &object);
    if (result != 0) {
        return result;
    }
    pthread_mutex_t *lock = &channel_of(object)->lock;
    pthread_mutex_lock(lock);
    errno = 0;
    /* Waits until all events of the id are acknowledged, which they are: that happens under the same lock. */
    result = result_of(core.rdma_destroy_id_(object->native));
    pthread_mutex_unlock(lock);
    /* librdmacm frees the id in any case. */
    handle_closed(object);
    return result;
}

int cm_bind(int64_t handle, struct sockaddr *address) {
    ON_ID(handle, core.rdma_bind_addr_(id, address));
}

int cm_listen(int64_t handle, int backlog) {
    ON_ID(handle, core.rdma_listen_(id, backlog));
}

int cm_resolve_address(int64_t handle, struct sockaddr *source, struct sockaddr *destination, int timeout_ms) {
    ON_ID(handle, core.rdma_resolve_addr_(id, source, destination, timeout_ms));
}

int cm_resolve_route(int64_t handle, int timeout_ms) {
    ON_ID(handle, core.rdma_resolve_route_(id, timeout_ms));
}

int cm_disconnect(int64_t handle) {
    ON_ID(handle, core.rdma_disconnect_(id));
}

int cm_reject(int64_t handle, const void *private_data, size_t length) {
    if (length > UINT8_MAX) {
        return -EINVAL;
    }
    ON_ID(handle, core.rdma_reject_(id, private_data, (uint8_t)length));
}

int cm_set_option(int64_t handle, int option, int value) {
    uint8_t byte = (uint8_t)value;
    bool is_int = option == RDMA_OPTION_ID_REUSEADDR || option == RDMA_OPTION_ID_AFONLY;
    if (!is_int && value != byte) {
        return -EINVAL;
    }
    ON_ID(handle, core.rdma_set_option_(
        id, RDMA_OPTION_ID, option, is_int ? (void *)&value : &byte, is_int ? sizeof value : sizeof byte));
}

/* Fills what librdmacm wants; 0, or an error. */
static int convert(struct rdma_cm_id *id, const struct parameters *from, struct rdma_conn_param *to) {
    if (from->private_data_len > UINT8_MAX) {
        return -EINVAL;
    }
    struct ibv_device_attr device;
    int responder = from->responder_resources, initiator = from->initiator_depth;
    if (responder < 0 || initiator < 0) {
        int error = id->verbs == NULL ? EINVAL : core.ibv_query_device_(id->verbs, &device);
        if (error != 0) {
            return -error;
        }
        responder = device.max_qp_rd_atom;
        initiator = device.max_qp_init_rd_atom;
    }
    memset(to, 0, sizeof *to);
    to->responder_resources = (uint8_t)(responder > UINT8_MAX ? UINT8_MAX : responder);
    to->initiator_depth = (uint8_t)(initiator > UINT8_MAX ? UINT8_MAX : initiator);
    to->retry_count = (uint8_t)from->retry_count;
    to->rnr_retry_count = (uint8_t)from->rnr_retry_count;
    to->private_data = from->private_data;
    to->private_data_len = (uint8_t)from->private_data_len;
    return 0;
}

static int begin(int64_t handle, const struct parameters *parameters, bool accept) {
    struct object *object = enter(handle);
    if (object == NULL) {
        return -ESTALE;
    }
    struct rdma_cm_id *id = object->native;
    struct rdma_conn_param converted;
    int result = convert(id, parameters, &converted);
    if (result == 0) {
        errno = 0;
        result = result_of(accept ? core.rdma_accept_(id, &converted) : core.rdma_connect_(id, &converted));
    }
    leave(object);
    return result;
}

int cm_connect(int64_t id, const struct parameters *parameters) {
    return begin(id, parameters, false);
}

int cm_accept(int64_t id, const struct parameters *parameters) {
    return begin(id, parameters, true);
}

int cm_address(int64_t handle, bool peer, struct sockaddr *address, size_t size) {
    struct object *object = enter(handle);
    if (object == NULL) {
        return -ESTALE;
    }
    struct rdma_cm_id *id = object->native;
    struct sockaddr *from = peer ? &id->route.addr.dst_addr : &id->route.addr.src_addr;
    size_t length = from->sa_family == AF_INET ? sizeof(struct sockaddr_in)
        : from->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : 0;
    int result = 0;
    if (length == 0) {
        result = peer ? -ENOTCONN : -EADDRNOTAVAIL;
    } else if (length > size) {
        result = -EAFNOSUPPORT;
    } else {
        memcpy(address, from, length);
    }
    leave(object);
    return result;
}

int64_t cm_context(int64_t handle) {
    struct object *object = enter(handle);
    if (object == NULL) {
        return -ESTALE;
    }
    struct ibv_context *context = ((struct rdma_cm_id *)object->native)->verbs;
    int64_t result = context == NULL ? -ENODEV : context_of(context);
    leave(object);
    return result;
}
