#include "jni_support.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static _Thread_local int failed_errno;
static _Thread_local int failed_posted;

int last_errno(void) {
    return failed_errno;
}

void set_last_errno(int64_t error) {
    failed_errno = (int)-error;
}

int last_posted(void) {
    return failed_posted;
}

void set_last_posted(int posted) {
    failed_posted = posted;
}

void throw_io(JNIEnv *env, const char *call, int64_t error) {
    char text[96];
    char message[160];
    set_last_errno(error);
    const char *meaning = error == -ESTALE ? "closed" : strerror_r(failed_errno, text, sizeof text);
    snprintf(message, sizeof message, "%s: %s", call, meaning);
    jclass type = (*env)->FindClass(env, "java/io/IOException");
    if (type != NULL) {
        (*env)->ThrowNew(env, type, message);
    }
}
