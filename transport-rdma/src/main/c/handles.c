#include "handles.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct slot *_Atomic handle_chunks[MAX_CHUNKS];
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t slots_used = 1; /* guarded by table_lock, as the next; slot 0 is never used, so that no handle is 0 */
static uint32_t free_list;
static atomic_int open_count;

static pthread_mutex_t drain_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t drained = PTHREAD_COND_INITIALIZER;

/* The index of a slot that is nobody's, or 0. */
static uint32_t take_slot(void) {
    uint32_t index = free_list;
    if (index != 0) {
        free_list = handle_slot(index)->next_free;
        return index;
    }
    uint32_t chunk = slots_used >> CHUNK_BITS;
    if (chunk >= MAX_CHUNKS) {
        return 0;
    }
    if (atomic_load_explicit(&handle_chunks[chunk], memory_order_relaxed) == NULL) {
        struct slot *slots = calloc(CHUNK_SLOTS, sizeof *slots);
        if (slots == NULL) {
            return 0;
        }
        atomic_store_explicit(&handle_chunks[chunk], slots, memory_order_release);
    }
    return slots_used++;
}

struct object *object_new(enum kind kind, struct object *const parents[], int count) {
    struct object *object = calloc(1, sizeof *object);
    if (object == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    object->kind = kind;
    object->wake = -1;
    if (kind == CM_CHANNEL || kind == COMP_CHANNEL || kind == CONTEXT) {
        object->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (object->wake < 0) {
            free(object);
            return NULL;
        }
    }
    pthread_mutex_init(&object->lock, NULL);
    for (int i = 0; i < count; i++) {
        object->parents[i] = parents[i];
        atomic_fetch_add(&parents[i]->children, 1);
    }
    return object;
}

void object_discard(struct object *object) {
    for (int i = 0; i < MAX_PARENTS && object->parents[i] != NULL; i++) {
        atomic_fetch_sub(&object->parents[i]->children, 1);
    }
    if (object->wake >= 0) {
        close(object->wake);
    }
    pthread_mutex_destroy(&object->lock);
    free(object);
}

int64_t object_publish(struct object *object) {
    pthread_mutex_lock(&table_lock);
    uint32_t index = take_slot();
    pthread_mutex_unlock(&table_lock);
    if (index == 0) {
        return -ENOSPC;
    }
    struct slot *slot = handle_slot(index);
    uint64_t generation = atomic_load_explicit(&slot->state, memory_order_relaxed) >> 32;
    object->handle = (int64_t)(generation << 32 | index);
    object->slot = slot;
    atomic_store_explicit(&slot->object, object, memory_order_relaxed);
    atomic_store_explicit(&slot->state, generation << 32 | LIVE, memory_order_release);
    if (object->kind != CONTEXT) {
        atomic_fetch_add(&open_count, 1);
    }
    return object->handle;
}

void handle_drained(void) {
    pthread_mutex_lock(&drain_lock);
    pthread_cond_broadcast(&drained);
    pthread_mutex_unlock(&drain_lock);
}

bool handle_is_closing(const struct object *object) {
    return (atomic_load_explicit(&object->slot->state, memory_order_relaxed) & LIVE) == 0;
}

int handle_close(int64_t handle, enum kind kind, struct object **closed) {
    struct object *object = handle_acquire(handle, kind);
    if (object == NULL) {
        return -ESTALE;
    }
    if (atomic_load(&object->children) != 0) {
        handle_release(object);
        return -EBUSY;
    }
    struct slot *slot = object->slot;
    uint64_t before = atomic_fetch_and_explicit(&slot->state, ~LIVE, memory_order_acq_rel);
    if ((before & LIVE) == 0) {
        /* Another is closing it. */
        handle_release(object);
        return -ESTALE;
    }
    if (object->wake >= 0) {
        eventfd_write(object->wake, 1);
    }
    /* Our own reference is the one that is left. */
    pthread_mutex_lock(&drain_lock);
    while ((atomic_load_explicit(&slot->state, memory_order_acquire) & REFERENCES) != 1) {
        pthread_cond_wait(&drained, &drain_lock);
    }
    pthread_mutex_unlock(&drain_lock);
    atomic_fetch_sub_explicit(&slot->state, 1, memory_order_acq_rel);
    if (atomic_load(&object->children) != 0) {
        handle_revived(object);
        return -EBUSY;
    }
    *closed = object;
    return 0;
}

void handle_revived(struct object *object) {
    eventfd_t ignored;
    if (object->wake >= 0) {
        eventfd_read(object->wake, &ignored);
    }
    atomic_fetch_or_explicit(&object->slot->state, LIVE, memory_order_release);
}

void handle_closed(struct object *object) {
    struct slot *slot = object->slot;
    uint32_t index = (uint32_t)object->handle;
    uint64_t generation = ((uint64_t)object->handle >> 32) + 1 & GENERATION_MASK;
    atomic_store_explicit(&slot->object, NULL, memory_order_relaxed);
    atomic_store_explicit(&slot->state, generation << 32, memory_order_release);
    object_discard(object);
    atomic_fetch_sub(&open_count, 1);
    pthread_mutex_lock(&table_lock);
    slot->next_free = free_list;
    free_list = index;
    pthread_mutex_unlock(&table_lock);
}

int handles_open(void) {
    return atomic_load(&open_count);
}
