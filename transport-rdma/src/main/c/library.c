#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct rdma_core core;

static pthread_mutex_t load_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool loaded;

static void *find(void *library, const char *name, char *problem, size_t size, bool *complete) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL) {
        snprintf(problem, size, "%s", dlerror());
        *complete = false;
    }
    return symbol;
}

static bool load(const char *rdmacm, const char *ibverbs, char *problem, size_t size) {
    void *verbs = dlopen(ibverbs, RTLD_NOW | RTLD_GLOBAL);
    if (verbs == NULL) {
        snprintf(problem, size, "%s", dlerror());
        return false;
    }
    void *cm = dlopen(rdmacm, RTLD_NOW);
    if (cm == NULL) {
        snprintf(problem, size, "%s", dlerror());
        dlclose(verbs);
        return false;
    }
    bool complete = true;
#define FIND(name) core.name##_ = (__typeof__(core.name##_))find(FROM, #name, problem, size, &complete);
#define FROM cm
    RDMACM_FUNCTIONS(FIND)
#undef FROM
#define FROM verbs
    IBVERBS_FUNCTIONS(FIND)
#undef FROM
#undef FIND
    if (!complete) {
        dlclose(cm);
        dlclose(verbs);
    }
    return complete;
}

bool library_load(const char *rdmacm, const char *ibverbs, char *problem, size_t size) {
    pthread_mutex_lock(&load_lock);
    bool done = atomic_load(&loaded) || load(rdmacm, ibverbs, problem, size);
    atomic_store(&loaded, done);
    pthread_mutex_unlock(&load_lock);
    return done;
}

bool library_ready(void) {
    char ignored[256];
    return atomic_load_explicit(&loaded, memory_order_acquire)
        || library_load("librdmacm.so.1", "libibverbs.so.1", ignored, sizeof ignored);
}
