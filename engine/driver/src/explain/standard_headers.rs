//! The headers that declare the names of ISO C and POSIX, for a program that forgot to include one.

/// The header that declares a name, if a standard says so.
pub(crate) fn header_of(name: &str) -> Option<&'static str> {
    let found = HEADERS.iter().find(|(_, names)| names.contains(&name));
    found.map(|(header, _)| *header)
}

/// Each header with names that it declares. A name that several declare stands in the one that programs include for it.
#[rustfmt::skip]
const HEADERS: &[(&str, &[&str])] = &[
    ("assert.h", &["assert", "static_assert"]),
    ("ctype.h", &[
        "isalnum", "isalpha", "isblank", "iscntrl", "isdigit", "isgraph", "islower", "isprint", "ispunct", "isspace", "isupper",
        "isxdigit", "tolower", "toupper",
    ]),
    ("dirent.h", &["DIR", "closedir", "opendir", "readdir", "rewinddir", "scandir", "seekdir", "telldir", "dirfd", "fdopendir", "struct_dirent"]),
    ("dlfcn.h", &["dlclose", "dlerror", "dlopen", "dlsym", "RTLD_GLOBAL", "RTLD_LAZY", "RTLD_LOCAL", "RTLD_NOW"]),
    ("errno.h", &[
        "errno", "EACCES", "EAGAIN", "EBADF", "EBUSY", "ECHILD", "EDOM", "EEXIST", "EFAULT", "EINTR", "EINVAL", "EIO", "EISDIR",
        "EMFILE", "ENOENT", "ENOMEM", "ENOSPC", "ENOSYS", "ENOTDIR", "EPERM", "EPIPE", "ERANGE", "ETIMEDOUT", "EWOULDBLOCK",
    ]),
    ("fcntl.h", &[
        "creat", "fcntl", "open", "openat", "F_GETFD", "F_GETFL", "F_SETFD", "F_SETFL", "FD_CLOEXEC", "O_APPEND", "O_CLOEXEC",
        "O_CREAT", "O_EXCL", "O_NONBLOCK", "O_RDONLY", "O_RDWR", "O_TRUNC", "O_WRONLY", "AT_FDCWD",
    ]),
    ("float.h", &["DBL_DIG", "DBL_EPSILON", "DBL_MAX", "DBL_MIN", "FLT_DIG", "FLT_EPSILON", "FLT_MAX", "FLT_MIN", "LDBL_MAX", "LDBL_MIN"]),
    ("inttypes.h", &["imaxabs", "imaxdiv", "strtoimax", "strtoumax"]),
    ("limits.h", &[
        "CHAR_BIT", "CHAR_MAX", "CHAR_MIN", "INT_MAX", "INT_MIN", "LLONG_MAX", "LLONG_MIN", "LONG_MAX", "LONG_MIN", "PATH_MAX",
        "SCHAR_MAX", "SCHAR_MIN", "SHRT_MAX", "SHRT_MIN", "UCHAR_MAX", "UINT_MAX", "ULLONG_MAX", "ULONG_MAX", "USHRT_MAX",
    ]),
    ("locale.h", &[
        "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME", "localeconv", "setlocale", "newlocale", "uselocale",
        "freelocale", "struct_lconv",
    ]),
    ("math.h", &[
        "acos", "acosf", "acosh", "asin", "asinf", "asinh", "atan", "atan2", "atan2f", "atanf", "atanh", "cbrt", "ceil", "ceilf",
        "copysign", "cos", "cosf", "cosh", "erf", "erfc", "exp", "exp2", "expf", "expm1", "fabs", "fabsf", "fdim", "floor", "floorf",
        "fma", "fmax", "fmin", "fmod", "fmodf", "frexp", "hypot", "ilogb", "ldexp", "lgamma", "log", "log10", "log1p", "log2", "logf",
        "lrint", "lround", "modf", "nan", "nearbyint", "nextafter", "pow", "powf", "remainder", "rint", "round", "roundf", "scalbn",
        "sin", "sinf", "sinh", "sqrt", "sqrtf", "tan", "tanf", "tanh", "tgamma", "trunc", "HUGE_VAL", "INFINITY", "NAN", "M_E", "M_PI",
        "M_PI_2", "M_SQRT2",
    ]),
    ("netdb.h", &["freeaddrinfo", "gai_strerror", "getaddrinfo", "getnameinfo", "gethostbyname", "struct_addrinfo"]),
    ("arpa/inet.h", &["htonl", "htons", "inet_addr", "inet_ntoa", "inet_ntop", "inet_pton", "ntohl", "ntohs"]),
    ("netinet/in.h", &[
        "INADDR_ANY", "INADDR_LOOPBACK", "IPPROTO_TCP", "IPPROTO_UDP", "in_addr_t", "in_port_t", "struct_in_addr", "struct_sockaddr_in",
        "struct_sockaddr_in6",
    ]),
    ("poll.h", &["poll", "POLLERR", "POLLHUP", "POLLIN", "POLLOUT", "struct_pollfd"]),
    ("pthread.h", &[
        "pthread_attr_t", "pthread_cond_broadcast", "pthread_cond_destroy", "pthread_cond_init", "pthread_cond_signal",
        "pthread_cond_t", "pthread_cond_wait", "pthread_create", "pthread_detach", "pthread_equal", "pthread_exit", "pthread_join",
        "pthread_key_create", "pthread_key_t", "pthread_mutex_destroy", "pthread_mutex_init", "pthread_mutex_lock", "pthread_mutex_t",
        "pthread_mutex_trylock", "pthread_mutex_unlock", "pthread_once", "pthread_rwlock_t", "pthread_self", "pthread_t",
        "PTHREAD_MUTEX_INITIALIZER",
    ]),
    ("pwd.h", &["getpwnam", "getpwuid", "getpwnam_r", "getpwuid_r", "struct_passwd"]),
    ("setjmp.h", &["jmp_buf", "longjmp", "setjmp", "siglongjmp", "sigsetjmp"]),
    ("signal.h", &[
        "kill", "raise", "sigaction", "sigaddset", "sigemptyset", "sigfillset", "signal", "sigprocmask", "sig_atomic_t", "sigset_t",
        "siginfo_t", "struct_sigaction", "SIGABRT", "SIGALRM", "SIGCHLD", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT", "SIGKILL", "SIGPIPE",
        "SIGQUIT", "SIGSEGV", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIG_DFL", "SIG_ERR", "SIG_IGN",
    ]),
    ("stdarg.h", &["va_list"]),
    ("stdbool.h", &["bool"]),
    ("stddef.h", &["max_align_t", "offsetof", "ptrdiff_t", "wchar_t", "NULL"]),
    ("stdint.h", &[
        "int8_t", "int16_t", "int32_t", "int64_t", "intmax_t", "intptr_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "uintmax_t",
        "uintptr_t", "INT8_MAX", "INT16_MAX", "INT32_MAX", "INT64_MAX", "INT32_MIN", "INT64_MIN", "SIZE_MAX", "UINT8_MAX", "UINT16_MAX",
        "UINT32_MAX", "UINT64_MAX", "INTPTR_MAX", "UINTPTR_MAX",
    ]),
    ("stdio.h", &[
        "FILE", "fclose", "fdopen", "feof", "ferror", "fflush", "fgetc", "fgets", "fileno", "fmemopen", "fopen", "fprintf", "fputc",
        "fputs", "fread", "freopen", "fscanf", "fseek", "fseeko", "ftell", "ftello", "fwrite", "getc", "getchar", "getline",
        "open_memstream", "pclose", "perror", "popen", "printf", "putc", "putchar", "puts", "remove", "rename", "rewind", "scanf",
        "setbuf", "setvbuf", "snprintf", "sprintf", "sscanf", "stderr", "stdin", "stdout", "tmpfile", "ungetc", "vfprintf", "vprintf",
        "vsnprintf", "vsprintf", "BUFSIZ", "EOF", "FILENAME_MAX", "SEEK_CUR", "SEEK_END", "SEEK_SET",
    ]),
    ("stdlib.h", &[
        "abort", "abs", "aligned_alloc", "atexit", "atof", "atoi", "atol", "atoll", "bsearch", "calloc", "div", "exit", "free",
        "getenv", "labs", "ldiv", "llabs", "malloc", "mkdtemp", "mkstemp", "posix_memalign", "putenv", "qsort", "rand", "random",
        "realloc", "realpath", "setenv", "srand", "srandom", "strtod", "strtof", "strtol", "strtold", "strtoll", "strtoul", "strtoull",
        "system", "unsetenv", "_Exit", "EXIT_FAILURE", "EXIT_SUCCESS", "RAND_MAX", "div_t", "ldiv_t",
    ]),
    ("string.h", &[
        "memchr", "memcmp", "memcpy", "memmove", "memset", "stpcpy", "strcat", "strchr", "strcmp", "strcoll", "strcpy", "strcspn",
        "strdup", "strerror", "strerror_r", "strlen", "strncat", "strncmp", "strncpy", "strndup", "strnlen", "strpbrk", "strrchr",
        "strsignal", "strspn", "strstr", "strtok", "strtok_r", "strxfrm",
    ]),
    ("strings.h", &["bcmp", "bcopy", "bzero", "ffs", "index", "rindex", "strcasecmp", "strncasecmp"]),
    ("sys/ioctl.h", &["ioctl", "TIOCGWINSZ", "struct_winsize"]),
    ("sys/mman.h", &[
        "mmap", "mprotect", "msync", "munmap", "madvise", "shm_open", "shm_unlink", "MAP_ANONYMOUS", "MAP_FAILED", "MAP_FIXED",
        "MAP_PRIVATE", "MAP_SHARED", "PROT_EXEC", "PROT_NONE", "PROT_READ", "PROT_WRITE",
    ]),
    ("sys/resource.h", &[
        "getpriority", "getrlimit", "getrusage", "setpriority", "setrlimit", "RLIMIT_NOFILE", "RUSAGE_SELF", "struct_rlimit",
        "struct_rusage",
    ]),
    ("sys/select.h", &["select", "fd_set"]),
    ("sys/socket.h", &[
        "accept", "bind", "connect", "getpeername", "getsockname", "getsockopt", "listen", "recv", "recvfrom", "recvmsg", "send",
        "sendmsg", "sendto", "setsockopt", "shutdown", "socket", "socketpair", "AF_INET", "AF_INET6", "AF_UNIX", "SOCK_DGRAM",
        "SOCK_STREAM", "SOL_SOCKET", "SO_REUSEADDR", "socklen_t", "sa_family_t", "struct_sockaddr", "struct_sockaddr_storage",
        "struct_msghdr",
    ]),
    ("sys/stat.h", &[
        "chmod", "fchmod", "fstat", "lstat", "mkdir", "mkfifo", "stat", "umask", "S_IFDIR", "S_IFMT", "S_IFREG", "S_IRUSR", "S_IWUSR",
        "S_IXUSR", "struct_stat",
    ]),
    ("sys/time.h", &["gettimeofday", "setitimer", "struct_itimerval", "struct_timeval"]),
    ("sys/types.h", &["blkcnt_t", "blksize_t", "dev_t", "gid_t", "id_t", "ino_t", "mode_t", "nlink_t", "off_t", "pid_t", "ssize_t", "uid_t"]),
    ("sys/uio.h", &["readv", "writev", "struct_iovec"]),
    ("sys/un.h", &["struct_sockaddr_un"]),
    ("sys/utsname.h", &["uname", "struct_utsname"]),
    ("sys/wait.h", &["wait", "waitpid", "WNOHANG", "WUNTRACED"]),
    ("syslog.h", &["closelog", "openlog", "syslog", "LOG_DEBUG", "LOG_ERR", "LOG_INFO", "LOG_WARNING"]),
    ("termios.h", &["cfgetispeed", "cfsetispeed", "tcgetattr", "tcsetattr", "TCSANOW", "struct_termios"]),
    ("threads.h", &["cnd_t", "mtx_t", "thrd_create", "thrd_join", "thrd_t", "tss_t"]),
    ("time.h", &[
        "asctime", "clock", "clock_getres", "clock_gettime", "clock_nanosleep", "ctime", "difftime", "gmtime", "gmtime_r", "localtime",
        "localtime_r", "mktime", "nanosleep", "strftime", "strptime", "time", "timegm", "tzset", "CLOCK_MONOTONIC", "CLOCK_REALTIME",
        "CLOCKS_PER_SEC", "clock_t", "clockid_t", "time_t", "struct_timespec", "struct_tm",
    ]),
    ("uchar.h", &["c16rtomb", "c32rtomb", "char16_t", "char32_t", "mbrtoc16", "mbrtoc32"]),
    ("unistd.h", &[
        "access", "alarm", "chdir", "chown", "close", "dup", "dup2", "execl", "execlp", "execv", "execve", "execvp", "fchdir", "fork",
        "fsync", "ftruncate", "getcwd", "getegid", "geteuid", "getgid", "gethostname", "getlogin", "getopt", "getpgrp", "getpid",
        "getppid", "getsid", "getuid", "isatty", "link", "lseek", "optarg", "optind", "pause", "pipe", "pread", "pwrite", "read",
        "readlink", "rmdir", "setgid", "setsid", "setuid", "sleep", "symlink", "sysconf", "tcgetpgrp", "truncate", "ttyname", "unlink",
        "usleep", "write", "_exit", "environ", "F_OK", "R_OK", "STDERR_FILENO", "STDIN_FILENO", "STDOUT_FILENO", "W_OK", "X_OK",
        "_SC_NPROCESSORS_ONLN", "_SC_PAGESIZE",
    ]),
    ("wchar.h", &[
        "btowc", "fgetwc", "fputws", "fwprintf", "mbrlen", "mbrtowc", "mbsrtowcs", "mbstate_t", "swprintf", "wcrtomb", "wcscmp",
        "wcscpy", "wcslen", "wcsncpy", "wcsrtombs", "wcstol", "wint_t", "wmemcpy", "wprintf", "WCHAR_MAX", "WEOF",
    ]),
    ("wctype.h", &["iswalnum", "iswalpha", "iswdigit", "iswspace", "towlower", "towupper", "wctype_t"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_name_has_one_header() {
        assert_eq!(header_of("malloc"), Some("stdlib.h"));
        assert_eq!(header_of("struct_tm"), Some("time.h"));
        assert_eq!(header_of("sqlite3_open"), None);
        let mut seen = HashSet::new();
        for word in HEADERS.iter().flat_map(|(_, names)| names.iter()) {
            assert!(seen.insert(word), "{word} stands twice");
        }
    }

    /// The compiler of this machine finds each name in its header, as far as it has the header.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_headers_declare_what_is_said() {
        use std::io::Write;
        use std::process::{Command, Stdio};
        for (header, words) in HEADERS {
            let mut text = format!("#define _GNU_SOURCE 1\n#include <{header}>\n");
            for word in *words {
                let line = match word.strip_prefix("struct_") {
                    Some(tag) => format!("enum {{ size_of_{tag} = sizeof(struct {tag}) }};\n"),
                    // A macro, or a name that can be mentioned: of a type, a function or a variable.
                    None => {
                        format!("#ifndef {word}\ntypedef __typeof__({word}) *t_{word};\n#endif\n")
                    }
                };
                text.push_str(&line);
            }
            let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_string());
            let mut child = Command::new(compiler)
                .args(["-w", "-x", "c", "-fsyntax-only", "-"])
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            child
                .stdin
                .take()
                .unwrap()
                .write_all(text.as_bytes())
                .unwrap();
            assert!(child.wait().unwrap().success(), "{header}");
        }
    }
}
