/*
 * The table of handles, alone: threads use, close and reopen the same objects, so that a sanitizer sees every order. Run
 * by transport-rdma/sanitize. The exit code is 0 if every promise was kept.
 */
#include "../../main/c/handles.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            exit(1); \
        } \
    } while (0)

#define OBJECTS 8
#define ROUNDS 20000
#define USERS 4

static _Atomic int64_t handles[OBJECTS];
static atomic_bool stopped;

static int64_t open_object(struct object *parent) {
    struct object *object = object_new(parent == NULL ? DOMAIN : REGION, &parent, parent == NULL ? 0 : 1);
    CHECK(object != NULL);
    object->native = malloc(sizeof(int));
    *(int *)object->native = 7;
    int64_t handle = object_publish(object);
    CHECK(handle > 0);
    return handle;
}

static int close_object(int64_t handle, enum kind kind) {
    struct object *object;
    int result = handle_close(handle, kind, &object);
    if (result == 0) {
        free(object->native);
        handle_closed(object);
    }
    return result;
}

/* Touches whatever is open, as a posting thread would. */
static void *use(void *ignored) {
    (void)ignored;
    unsigned i = 0;
    while (!atomic_load(&stopped)) {
        struct object *object = handle_acquire(atomic_load(&handles[i++ % OBJECTS]), DOMAIN);
        if (object != NULL) {
            CHECK(*(int *)object->native == 7);
            handle_release(object);
        }
    }
    return NULL;
}

/* Opens and closes in the other threads' slots as well as in its own. */
static void *churn(void *seed) {
    unsigned state = (unsigned)(uintptr_t)seed;
    for (int round = 0; round < ROUNDS; round++) {
        int i = (int)(rand_r(&state) % OBJECTS);
        int64_t old = atomic_exchange(&handles[i], 0);
        if (old != 0) {
            CHECK(close_object(old, DOMAIN) == 0);
            CHECK(close_object(old, DOMAIN) == -ESTALE);
            CHECK(handle_acquire(old, DOMAIN) == NULL);
        } else {
            int64_t fresh = open_object(NULL);
            int64_t nothing = 0;
            if (!atomic_compare_exchange_strong(&handles[i], &nothing, fresh)) {
                CHECK(close_object(fresh, DOMAIN) == 0);
            }
        }
    }
    return NULL;
}

static void *close_repeatedly(void *handle) {
    return (void *)(intptr_t)close_object(*(int64_t *)handle, DOMAIN);
}

static void threads_meet(void) {
    pthread_t users[USERS], churners[2];
    for (int i = 0; i < USERS; i++) {
        pthread_create(&users[i], NULL, use, NULL);
    }
    for (int i = 0; i < 2; i++) {
        pthread_create(&churners[i], NULL, churn, (void *)(uintptr_t)(i + 1));
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(churners[i], NULL);
    }
    atomic_store(&stopped, true);
    for (int i = 0; i < USERS; i++) {
        pthread_join(users[i], NULL);
    }
    for (int i = 0; i < OBJECTS; i++) {
        int64_t left = atomic_load(&handles[i]);
        CHECK(left == 0 || close_object(left, DOMAIN) == 0);
    }
}

static void exactly_one_of_many_closes(void) {
    for (int round = 0; round < 500; round++) {
        int64_t handle = open_object(NULL);
        pthread_t threads[USERS];
        int closed = 0;
        for (int i = 0; i < USERS; i++) {
            pthread_create(&threads[i], NULL, close_repeatedly, &handle);
        }
        for (int i = 0; i < USERS; i++) {
            void *result;
            pthread_join(threads[i], &result);
            closed += (intptr_t)result == 0;
            CHECK((intptr_t)result == 0 || (intptr_t)result == -ESTALE);
        }
        CHECK(closed == 1);
    }
}

static void parents_outlive_children(void) {
    int64_t domain = open_object(NULL);
    struct object *parent = handle_acquire(domain, DOMAIN);
    int64_t region = open_object(parent);
    handle_release(parent);

    CHECK(handle_acquire(domain, REGION) == NULL);
    CHECK(close_object(domain, DOMAIN) == -EBUSY);
    CHECK(close_object(region, REGION) == 0);
    CHECK(close_object(domain, DOMAIN) == 0);
}

static void revived_handles_work_on(void) {
    int64_t handle = open_object(NULL);
    struct object *object;
    CHECK(handle_close(handle, DOMAIN, &object) == 0);
    CHECK(handle_acquire(handle, DOMAIN) == NULL);
    handle_revived(object);
    CHECK(handle_acquire(handle, DOMAIN) == object);
    handle_release(object);
    CHECK(close_object(handle, DOMAIN) == 0);
}

static void slots_are_used_again_with_new_handles(void) {
    int64_t first = open_object(NULL);
    CHECK(close_object(first, DOMAIN) == 0);
    int64_t second = open_object(NULL);
    CHECK((uint32_t)first == (uint32_t)second && first != second);
    CHECK(close_object(first, DOMAIN) == -ESTALE);
    CHECK(close_object(second, DOMAIN) == 0);

    static int64_t many[3000];
    for (int i = 0; i < 3000; i++) {
        many[i] = open_object(NULL);
    }
    CHECK(handles_open() == 3000);
    for (int i = 0; i < 3000; i++) {
        CHECK(close_object(many[i], DOMAIN) == 0);
    }
}

int main(void) {
    parents_outlive_children();
    revived_handles_work_on();
    slots_are_used_again_with_new_handles();
    exactly_one_of_many_closes();
    threads_meet();
    CHECK(handles_open() == 0);
    puts("handles: every promise kept");
    return 0;
}
