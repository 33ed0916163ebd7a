// Threads, their variables and what they wait for.
//
// The objects of macOS are as large as glibc's or larger, so glibc's are kept in them. Only their first word differs before they are
// used: macOS has a signature there where glibc has zero.
#define _GNU_SOURCE
#include "macho.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DARWIN_ETIMEDOUT = 60 };

// ---- Thread-local variables

// Not static, since the assembly below names it.
__thread char *thread_locals __attribute__((tls_model("local-exec")));

void make_thread_locals(void) {
    enum { ALIGN = 64 };
    uint64_t before = (uint64_t)image.thread_locals % ALIGN;
    uint64_t size = (before + image.thread_locals_size + ALIGN) / ALIGN * ALIGN;
    // It is never freed: what runs at the end of a thread still uses it.
    thread_locals = (char *)aligned_alloc(ALIGN, size) + before;
    memcpy(thread_locals, image.thread_locals, image.thread_locals_size);
}

// The program calls it with a descriptor, whose third word is the variable's offset; it may change no other register than these.
void thread_local_address(void);
#ifdef __x86_64__
__asm__(".text\nthread_local_address:\n"
        "movq %fs:thread_locals@tpoff, %rax\n"
        "addq 16(%rdi), %rax\n"
        "ret\n");
#else
__asm__(".text\nthread_local_address:\n"
        "mrs x16, tpidr_el0\n"
        "add x16, x16, #:tprel_hi12:thread_locals\n"
        "ldr x16, [x16, #:tprel_lo12_nc:thread_locals]\n"
        "ldr x0, [x0, #16]\n"
        "add x0, x0, x16\n"
        "ret\n");
#endif

extern int __cxa_thread_atexit_impl(void (*)(void *), void *, void *);

static void at_thread_end(void (*run)(void *), void *object) { __cxa_thread_atexit_impl(run, object, &image); }

// ---- Threads

struct start {
    void *(*run)(void *);
    void *argument;
};

static void *run_thread(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    make_thread_locals();
    return start.run(start.argument);
}

static int create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
    struct start *start = malloc(sizeof *start);
    *start = (struct start){run, argument};
    return pthread_create(thread, attributes, run_thread, start);
}

static int thread_id(pthread_t thread, uint64_t *id) {
    *id = thread ? thread : pthread_self();
    return 0;
}

static int set_name(const char *name) { return pthread_setname_np(pthread_self(), name); }

static void *stack(pthread_t thread, size_t *size) {
    pthread_attr_t attributes;
    void *lowest;
    pthread_getattr_np(thread, &attributes);
    pthread_attr_getstack(&attributes, &lowest, size);
    pthread_attr_destroy(&attributes);
    return lowest;
}

static void *stack_end(pthread_t thread) {
    size_t size;
    char *lowest = stack(thread, &size);
    return lowest + size;
}

static size_t stack_size(pthread_t thread) {
    size_t size;
    stack(thread, &size);
    return size;
}

static int key_create(unsigned long *key, void (*destroy)(void *)) {
    pthread_key_t made;
    int result = pthread_key_create(&made, destroy);
    *key = made;
    return result;
}

// ---- What threads wait for

enum { MUTEX = 0x32AAABA7, CONDITION = 0x3CB0B1BB, ONCE = 0x30B1BCBA, LOCK = 0x2DA8B3B4 };

// Makes an object that was initialised by a constant what glibc's constant is.
static void *used(void *object, long signature) {
    __atomic_compare_exchange_n((long *)object, &signature, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return object;
}

static int mutex_lock(void *mutex) { return pthread_mutex_lock(used(mutex, MUTEX)); }
static int mutex_trylock(void *mutex) { return pthread_mutex_trylock(used(mutex, MUTEX)); }
static int mutex_destroy(void *mutex) { return pthread_mutex_destroy(used(mutex, MUTEX)); }

static int mutex_settype(pthread_mutexattr_t *attributes, int type) {
    static const int TYPES[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_RECURSIVE};
    return type < 0 || type > 2 ? EINVAL : pthread_mutexattr_settype(attributes, TYPES[type]);
}

static int condition_signal(void *condition) { return pthread_cond_signal(used(condition, CONDITION)); }
static int condition_broadcast(void *condition) { return pthread_cond_broadcast(used(condition, CONDITION)); }
static int condition_destroy(void *condition) { return pthread_cond_destroy(used(condition, CONDITION)); }
static int condition_wait(void *condition, void *mutex) { return pthread_cond_wait(used(condition, CONDITION), mutex); }

static int darwin_error(int error) { return error == ETIMEDOUT ? DARWIN_ETIMEDOUT : error; }

static int condition_wait_until(void *condition, void *mutex, const struct timespec *end) {
    return darwin_error(pthread_cond_timedwait(used(condition, CONDITION), mutex, end));
}

enum { SECOND = 1000000000 };

static struct timespec from_now(int64_t nanoseconds) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    nanoseconds += time.tv_nsec;
    return (struct timespec){time.tv_sec + nanoseconds / SECOND, nanoseconds % SECOND};
}

static int condition_wait_for(void *condition, void *mutex, const struct timespec *length) {
    struct timespec end = from_now(length->tv_nsec);
    end.tv_sec += length->tv_sec;
    return darwin_error(pthread_cond_clockwait(used(condition, CONDITION), mutex, CLOCK_MONOTONIC, &end));
}

static int once(void *state, void (*run)(void)) { return pthread_once(used(state, ONCE), run); }

static int read_lock(void *lock) { return pthread_rwlock_rdlock(used(lock, LOCK)); }
static int write_lock(void *lock) { return pthread_rwlock_wrlock(used(lock, LOCK)); }

// Semaphores of libdispatch, by which Rust's library parks a thread. A time is that of CLOCK_MONOTONIC in nanoseconds.
#define FOREVER UINT64_MAX

static sem_t *semaphore_create(long value) {
    sem_t *semaphore = malloc(sizeof *semaphore);
    sem_init(semaphore, 0, (unsigned)value);
    return semaphore;
}

static long semaphore_signal(sem_t *semaphore) {
    sem_post(semaphore);
    return 1;
}

static long semaphore_wait(sem_t *semaphore, uint64_t until) {
    struct timespec end = {(time_t)(until / SECOND), (long)(until % SECOND)};
    int result;
    do
        result = until == FOREVER ? sem_wait(semaphore) : sem_clockwait(semaphore, CLOCK_MONOTONIC, &end);
    while (result != 0 && errno == EINTR);
    return result;
}

static void semaphore_release(sem_t *semaphore) {
    sem_destroy(semaphore);
    free(semaphore);
}

// Only from now, which is zero.
static uint64_t dispatch_time(uint64_t base, int64_t length) {
    if (base != 0)
        abort();
    struct timespec end = from_now(length);
    return (uint64_t)end.tv_sec * SECOND + (uint64_t)end.tv_nsec;
}

const struct symbol thread_symbols[] = {
    {"__tlv_bootstrap", thread_local_address}, {"__tlv_atexit", at_thread_end}, {"_pthread_create", create},
    {"_pthread_threadid_np", thread_id}, {"_pthread_setname_np", set_name}, {"_pthread_get_stackaddr_np", stack_end},
    {"_pthread_get_stacksize_np", stack_size}, {"_pthread_key_create", key_create}, {"_pthread_mutex_lock", mutex_lock},
    {"_pthread_mutex_trylock", mutex_trylock}, {"_pthread_mutex_destroy", mutex_destroy}, {"_pthread_mutexattr_settype", mutex_settype},
    {"_pthread_cond_signal", condition_signal}, {"_pthread_cond_broadcast", condition_broadcast},
    {"_pthread_cond_destroy", condition_destroy}, {"_pthread_cond_wait", condition_wait},
    {"_pthread_cond_timedwait", condition_wait_until}, {"_pthread_cond_timedwait_relative_np", condition_wait_for},
    {"_pthread_once", once}, {"_pthread_rwlock_rdlock", read_lock}, {"_pthread_rwlock_wrlock", write_lock},
    {"_dispatch_semaphore_create", semaphore_create}, {"_dispatch_semaphore_signal", semaphore_signal},
    {"_dispatch_semaphore_wait", semaphore_wait}, {"_dispatch_release", semaphore_release}, {"_dispatch_time", dispatch_time},
    {NULL, NULL},
};
