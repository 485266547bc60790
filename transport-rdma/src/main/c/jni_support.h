/* What both sets of natives share. */
#ifndef FAIRLEAD_JNI_SUPPORT_H
#define FAIRLEAD_JNI_SUPPORT_H

#include <jni.h>
#include <stdint.h>

/* Throws java.io.IOException, "call: what errno means", and keeps the number for last_errno(). `error` is below zero. */
void throw_io(JNIEnv *env, const char *call, int64_t error);

int last_errno(void);
void set_last_errno(int64_t error);

/* How many requests this thread's last failed post had posted. */
int last_posted(void);
void set_last_posted(int posted);

#endif
