/*
 * Handles: what Java holds instead of pointers.
 *
 * A handle is the index of a slot and the slot's generation, which changes whenever the slot is given up; so a handle
 * outlives its object and is then merely refused. A call holds a reference to the object while it runs, by one
 * compare-and-swap at its beginning and one decrement at its end. Closing first makes the handle refused, then waits
 * until the calls under way have left, and only then destroys. If the object cannot be destroyed, its handle is valid
 * again.
 */
#ifndef FAIRLEAD_HANDLES_H
#define FAIRLEAD_HANDLES_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum kind { CM_CHANNEL = 1, CM_ID, CONTEXT, DOMAIN, REGION, COMP_CHANNEL, COMP_QUEUE, QUEUE_PAIR };

#define MAX_PARENTS 4

struct object {
    enum kind kind;
    int64_t handle;
    struct slot *slot;                   /* of the handle, once it is published */
    void *native;                        /* the object of rdma-core */
    struct object *parents[MAX_PARENTS]; /* each lives at least as long as this */
    atomic_int children;
    pthread_mutex_t lock;  /* CM_CHANNEL: around every call on the channel's ids; COMP_QUEUE: for the two below */
    unsigned unacked;      /* COMP_QUEUE: events handed to Java and not acknowledged yet */
    bool closing;          /* COMP_QUEUE */
    int wake;              /* channels and contexts: an eventfd that makes waiting calls leave, else -1 */
    struct object *pair;   /* CM_ID: its queue pair, if any; guarded by the channel's lock */
};

/* A new object that nobody can reach yet; NULL with errno. The parents' references must be held. */
struct object *object_new(enum kind kind, struct object *const parents[], int count);

/* Makes the object reachable and returns its handle; -ENOSPC, and the object stays the caller's, if there is no slot. */
int64_t object_publish(struct object *object);

/* Frees an object that was never published. */
void object_discard(struct object *object);

/* Taking and leaving a reference, which every call on the data path does: inline, and so is what they need of the table. */

/* Chunks are never freed, so a slot may be read without a lock by whoever holds an old handle. */
#define CHUNK_BITS 10
#define CHUNK_SLOTS (1 << CHUNK_BITS)
#define MAX_CHUNKS 1024

/* state: generation in bits 32 to 62, LIVE, and the number of calls under way below it. */
#define LIVE (UINT64_C(1) << 31)
#define REFERENCES (LIVE - 1)
#define GENERATION_MASK UINT64_C(0x7fffffff)

struct slot {
    _Atomic uint64_t state;
    struct object *_Atomic object;
    uint32_t next_free;
};

extern struct slot *_Atomic handle_chunks[MAX_CHUNKS];

static inline struct slot *handle_slot(uint32_t index) {
    uint32_t chunk = index >> CHUNK_BITS;
    if (chunk >= MAX_CHUNKS) {
        return NULL;
    }
    struct slot *slots = atomic_load_explicit(&handle_chunks[chunk], memory_order_acquire);
    return slots == NULL ? NULL : &slots[index & (CHUNK_SLOTS - 1)];
}

/* Tells who waits for a call to leave. */
void handle_drained(void);

static inline void handle_release(struct object *object) {
    uint64_t before = atomic_fetch_sub_explicit(&object->slot->state, 1, memory_order_release);
    /* From here on the object may be gone. */
    if ((before & LIVE) == 0) {
        handle_drained();
    }
}

/* The object, which stays until handle_release; NULL if the handle is not a living object of this kind. */
static inline struct object *handle_acquire(int64_t handle, enum kind kind) {
    struct slot *slot = handle_slot((uint32_t)handle);
    if (handle <= 0 || slot == NULL) {
        return NULL;
    }
    uint64_t wanted = (uint64_t)handle >> 32 << 32 | LIVE;
    uint64_t state = atomic_load_explicit(&slot->state, memory_order_relaxed);
    do {
        if ((state & ~REFERENCES) != wanted) {
            return NULL;
        }
    } while (!atomic_compare_exchange_weak_explicit(
        &slot->state, &state, state + 1, memory_order_acquire, memory_order_relaxed));
    struct object *object = atomic_load_explicit(&slot->object, memory_order_relaxed);
    if (object->kind != kind) {
        handle_release(object);
        return NULL;
    }
    return object;
}

/*
 * Makes the handle refused and waits until the caller is alone with the object. Returns 0 and the object, -ESTALE, or
 * -EBUSY if it has children. Ends with handle_closed, or handle_revived if it could not be destroyed.
 */
int handle_close(int64_t handle, enum kind kind, struct object **object);
void handle_closed(struct object *object);
void handle_revived(struct object *object);

/* Whether closing has begun; for calls that wait and hold a reference. */
bool handle_is_closing(const struct object *object);

/* How many objects there are, without contexts, which are never closed. */
int handles_open(void);

#endif
