# WebAssembly, for `ci/cross`: Debian's clang and C library, and node.

# The `cc` crate names the target as Rust does, and passes WASI_SYSROOT on. Debian's folders have the target's old name.
wasi() {
    local target=$1 root=$PWD/target/cross/wasi folder
    ci/install clang-19 wasi-libc
    install_node
    for folder in include lib; do
        mkdir -p "$root/$folder"
        ln -sfn "/usr/$folder/wasm32-wasi" "$root/$folder/$target"
    done
    cat >"$root/include/pthread.h" <<'C'
/* The library has no threads: what one would do is done at once. */
typedef int pthread_t;
static inline int pthread_create(pthread_t *thread, const void *attributes, void *(*start)(void *), void *argument) {
    (void)attributes, start(argument);
    return *thread = 0;
}
static inline int pthread_join(pthread_t thread, void **result) { return (void)thread, (void)result, 0; }
C
    export "CC_${target//-/_}=clang-19" WASI_SYSROOT=$root
    export "$(setting "$target" RUNNER)=node --no-warnings $PWD/ci/cross.d/wasi.mjs"
}

install_node() {
    command -v node >/dev/null || ci/install nodejs
}

wasi_left_out() {
    echo "directives has conditions and modes of files that are Linux's"
    local file
    for file in atomics callbacks volatile; do
        echo "$file has threads or signals of C, which the library does not have"
    done
    echo "calls::a_long_double_is_a_double_on_the_way calls strtold, which this library has in a file of its own, -lc-printscan-long-double"
    local test
    for test in a_caught_panic_is_a_value a_number_that_no_variant_has_is_a_panic null_where_none_is_allowed_is_a_panic; do
        echo "export::$test goes on after a panic, and here a panic ends the program"
    done
    echo "types::complex_arithmetic_is_c_s has the results of libgcc, and clang's own library divides with fewer bits, as Rust's does"
    echo "units::weak::what_is_somewhere_is_called has a weak reference to abs, for which no linker takes a member from an archive"
    echo "cgo-runtime::marker_says_version_target_host_profile_variables_and_cfgs compares with std::env::consts, empty here"
    echo "cgo-runtime::imported has unit tests that expect panics"
}

# The three words behind `catch_unwind` are helpers of other files.
needs_threads_or_unwinding() {
    tests_that_use 'catch_unwind|panic_of|ends_process|elsewhere|thread::(spawn|scope)|Command' "needs threads, processes or unwinding" "$@"
}

# A program of Rust, C and JavaScript.
page() {
    local target=$1
    echo "left out on $target: all tests and random calls, which print what they find"
    cargo build --quiet --release --target "$target" -p wasm
    node examples/wasm/page.mjs "target/$target/release/page.wasm" | diff - /dev/fd/3 3<<'TEXT'
the middle is at 3, 2
sorted in 3 comparisons: [1, 2, 3]
visit 1099511627776
the total is 33
TEXT
}
