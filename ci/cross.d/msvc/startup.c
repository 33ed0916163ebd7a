// Stands for the objects in Microsoft's msvcrt.lib, which has no free copy: the entry of a program, its thread-local storage, and what the
// compiler calls by itself.

// Says that the program uses floating point.
int _fltused = 1;

// A section whose name has a `$` is a part of the section before the `$`, and the parts are sorted by name. So what stands in a first
// and a last part encloses what all objects put between them.
#define PART(name) __attribute__((section(name), used))

typedef void initializer(void);
typedef int fallible_initializer(void);
PART(".CRT$XIA") static fallible_initializer *const fallible_first = 0;
PART(".CRT$XIZ") static fallible_initializer *const fallible_last = 0;
PART(".CRT$XCA") static initializer *const first = 0;
PART(".CRT$XCZ") static initializer *const last = 0;
PART(".CRT$XLA") static void *const callbacks_first = 0;
PART(".CRT$XLZ") static void *const callbacks_last = 0;
PART(".tls") static char tls_first = 0;
PART(".tls$ZZZ") static char tls_last = 0;

// IMAGE_TLS_DIRECTORY64: the linker takes a symbol of this name for the program's directory of thread-local storage.
unsigned _tls_index;
PART(".rdata$T") const struct {
    const void *start, *end;
    unsigned *index;
    void *const *callbacks;
    unsigned zeros, characteristics;
} _tls_used = {&tls_first, &tls_last, &_tls_index, &callbacks_first + 1, 0, 0};

int main(int, char **);
_Noreturn void exit(int);
int _configure_narrow_argv(int), _initialize_narrow_environment(void);
int *__p___argc(void);
char ***__p___argv(void);

void mainCRTStartup(void) {
    enum { UNEXPANDED = 1 };
    _configure_narrow_argv(UNEXPANDED);
    _initialize_narrow_environment();
    for (fallible_initializer *const *each = &fallible_first; each < &fallible_last; each++)
        if (*each && (*each)()) exit(255);
    for (initializer *const *each = &first; each < &last; each++)
        if (*each) (*each)();
    exit(main(*__p___argc(), *__p___argv()));
}

// Touches each page of a frame of rax bytes below the caller's stack pointer, since Windows grows a stack by one page at a time.
__asm__(".text\n"
        ".globl __chkstk\n"
        "__chkstk:\n"
        "    pushq %rax\n"
        "    pushq %rcx\n"
        "    leaq 24(%rsp), %rcx\n"
        "1:  subq $4096, %rax\n"
        "    jbe 2f\n"
        "    subq $4096, %rcx\n"
        "    testb $0, (%rcx)\n"
        "    jmp 1b\n"
        "2:  popq %rcx\n"
        "    popq %rax\n"
        "    retq\n");

// The virtual table of C++'s `type_info`, to which the description of a Rust panic refers.
__asm__(".data\n"
        ".globl \"??_7type_info@@6B@\"\n"
        "\"??_7type_info@@6B@\":\n"
        "    .quad 0\n");
