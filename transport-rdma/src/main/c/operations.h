/*
 * The operations that Java can ask for, on handles. Results below zero are negated error numbers. None needs the JVM.
 *
 * Locks: librdmacm reads an id's queue pair while it takes an event, and an id's state is its caller's to guard, so
 * every call on an event channel's ids runs under the lock of that channel. None of these calls waits for the network.
 */
#ifndef FAIRLEAD_OPERATIONS_H
#define FAIRLEAD_OPERATIONS_H

#include "handles.h"
#include "library.h"

#include <sys/socket.h>

/* Largest private data of any event. */
#define PRIVATE_DATA_MAX 256

/* CmEventLayout.java reads this. */
struct cm_event_record {
    int32_t type;
    int32_t status;
    int64_t listener;
    int64_t id;
    int32_t private_data_len;
    int32_t responder_resources;
    int32_t initiator_depth;
    uint8_t private_data[PRIVATE_DATA_MAX];
};

struct parameters {
    int responder_resources; /* below 0: as many as the device has */
    int initiator_depth;
    int retry_count;
    int rnr_retry_count;
    const void *private_data;
    size_t private_data_len;
};

/* Connection manager, cm.c. A timeout of -1 is for ever. */
int64_t cm_create_channel(void);
int cm_destroy_channel(int64_t channel);
int cm_next_event(int64_t channel, int timeout_ms, struct cm_event_record *record); /* 1, or 0 if none came */
int64_t cm_create_id(int64_t channel, int port_space);
int cm_destroy_id(int64_t id);
int cm_bind(int64_t id, struct sockaddr *address);
int cm_listen(int64_t id, int backlog);
int cm_resolve_address(int64_t id, struct sockaddr *source, struct sockaddr *destination, int timeout_ms);
int cm_resolve_route(int64_t id, int timeout_ms);
int cm_connect(int64_t id, const struct parameters *parameters);
int cm_accept(int64_t id, const struct parameters *parameters);
int cm_reject(int64_t id, const void *private_data, size_t length);
int cm_disconnect(int64_t id);
int cm_set_option(int64_t id, int option, int value);
int cm_address(int64_t id, bool peer, struct sockaddr *address, size_t size);
int64_t cm_context(int64_t id);

/* caps: asked, then granted. type: enum ibv_qp_type. */
int64_t cm_create_queue_pair(
    int64_t id, int64_t domain, int64_t send_queue, int64_t receive_queue, int type, struct ibv_qp_cap *caps);
int cm_destroy_queue_pair(int64_t queue_pair);
int cm_destroy_queue_pair_of(int64_t id);

/* Verbs, verbs.c. */
int64_t context_of(struct ibv_context *context);
const char *context_name(int64_t context); /* NULL if it is none */
int context_vectors(int64_t context);
int context_fd(int64_t context);
int context_query(int64_t context, struct ibv_device_attr *attributes);
int context_paging(int64_t context);
int context_next_event(int64_t context, int timeout_ms, int64_t event[2]);

/* As channel_wake. */
int context_wake(int64_t context);
int64_t domain_allocate(int64_t context);
int domain_deallocate(int64_t domain);
int domain_number(int64_t domain);
int64_t region_register(int64_t domain, uint64_t address, uint64_t length, int access, uint32_t keys[2], uint32_t *number);
int region_prefetch(int64_t region, uint64_t address, uint32_t length);
int region_deregister(int64_t region);
int64_t channel_create(int64_t context);
int channel_destroy(int64_t channel);
int64_t channel_next_event(int64_t channel, int timeout_ms); /* a completion queue, or 0 if none came */

/* Lets one who waits there go on without an event, now or next. */
int channel_wake(int64_t channel);
int64_t queue_create(int64_t context, int64_t channel_or_zero, int depth, int vector);
int queue_destroy(int64_t queue);
int queue_depth(int64_t queue);
int queue_poll(int64_t queue, int max, struct ibv_wc *completions);
int queue_request_notify(int64_t queue, bool solicited_only);
int queue_acknowledge(int64_t queue, int events);
int pair_number(int64_t pair);
int pair_state(int64_t pair);
int pair_set_error(int64_t pair);
int pair_set_min_rnr_timer(int64_t pair, int code);
/* After an error, `posted` is how many of the chain were posted. */
int pair_post_send(int64_t pair, struct ibv_send_wr *first, int *posted);
int pair_post_receive(int64_t pair, struct ibv_recv_wr *first, int *posted);

/* Tries a device and leaves nothing open; 0, or an error and in `step` what it was doing. */
enum step { STEP_LIST, STEP_OPEN, STEP_DOMAIN, STEP_REGISTER, STEP_CM };
int device_try(int index, int *step);
/* Names, a line each. */
int device_names(char *names, size_t size);

/* Waits until `fd` is readable: 1, 0 after the deadline, -ESTALE if the object is being closed. */
int wait_readable(int fd, const struct object *object, int64_t deadline_ns);
/* INT64_MAX for a negative timeout. */
int64_t deadline_after(int timeout_ms);

#endif
