# macOS, for `ci/cross`. zig has a clang, Apple's C headers and a list of what Apple's libraries export, so it compiles and links. The
# programs run in a loader of our own (`ci/macho`): on this processor, or under qemu-user.

ZIG_VERSION=0.17.1

apple() {
    local target=$1 processor=${1%%-*} folder=$PWD/target/cross/$1 zig=$PWD/target/cross/zig/ziglang/zig
    export ZIG_GLOBAL_CACHE_DIR=$PWD/target/cross/zig-cache
    # Without a folder here rustc and `cc` look for Xcode. zig needs neither.
    export SDKROOT=$PWD/target/cross/sdk
    mkdir -p "$folder" "$SDKROOT"
    [ -x "$zig" ] || install_zig
    write_apple_tools "$zig" "$processor" "$folder"
    [ -f "$folder/libunwind.cpp.o" ] || build_unwinder "$zig" "$folder"
    export "CC_${target//-/_}=$folder/cc" "$(setting "$target" LINKER)=$folder/link-cc"
    case $processor in
    x86_64)
        build_loader gcc "$folder"
        export "$(setting "$target" RUNNER)=$folder/run"
        ;;
    aarch64)
        ci/install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
        build_loader aarch64-linux-gnu-gcc "$folder"
        export "$(setting "$target" RUNNER)=qemu-aarch64 -L /usr/aarch64-linux-gnu $folder/run"
        ;;
    esac
}

apple_left_out() {
    local test
    for test in a_panic_may_abort a_panic_in_an_owned_closure_on_a_thread_of_cs_names_the_closure; do
        echo "callbacks::$test starts itself once more, which the loader does not"
    done
    echo "cgo-runtime::ends_the_process starts itself once more, which the loader does not"
    echo "callbacks::a_signal_is_handled_by_a_closure waits for a signal, and the loader has none"
}

# A shared library with exports, which C's linker must find. The loader runs programs alone.
apple_library() {
    local target=$1 folder=$PWD/target/cross/$1
    cargo build --quiet --target "$target" -p header
    "$folder/cc" -Iexamples/header/include examples/header/main.c "-Ltarget/$target/debug" -lcounter -o "$folder/counter"
}

install_zig() {
    python3 -m pip --version >/dev/null 2>&1 || install python3-pip
    python3 -m pip install --quiet --root-user-action=ignore --target target/cross/zig "ziglang==$ZIG_VERSION"
}

# The C compiler, and Cargo's linker.
write_apple_tools() {
    local zig=$1 processor=$2 folder=$3
    # zig is told the target in one way only, and not in those of Apple's clang.
    cat >"$folder/cc" <<CC
#!/usr/bin/env bash
arguments=()
while [ \$# -gt 0 ]; do
    case \$1 in
    --target=* | -mmacosx-version-min=*) ;;
    -arch | -isysroot) shift ;;
    # It leaves an empty \`a.o\` in the folder then.
    --version) cd \$ZIG_GLOBAL_CACHE_DIR && arguments+=("\$1") ;;
    *) arguments+=("\$1") ;;
    esac
    shift
done
exec $zig cc -target $processor-macos -fno-sanitize=undefined "\${arguments[@]}"
CC
    # rustc takes a linker with such a name for a compiler. The unwinder is a part of Apple's system,
    # which the loader does not have.
    cat >"$folder/link-cc" <<LINK
#!/usr/bin/env bash
exec $folder/cc "\$@" -L$folder $folder/*.o
LINK
    chmod +x "$folder/cc" "$folder/link-cc"
    # Rust's library links it, and zig does not know it.
    cat >"$folder/libiconv.tbd" <<TBD
--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: /usr/lib/libiconv.2.dylib
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ _iconv, _iconv_close, _iconv_open ]
TBD
}

build_unwinder() {
    local zig=$1 folder=$2 sources source
    sources=$(dirname "$zig")/lib/libunwind
    for source in libunwind.cpp UnwindLevel1.c UnwindLevel1-gcc-ext.c UnwindRegistersRestore.S UnwindRegistersSave.S; do
        "$folder/cc" -c -O1 -DNDEBUG -fno-exceptions -fno-rtti -w "-I$sources/include" "$sources/src/$source" -o "$folder/$source.o"
    done
}

build_loader() {
    local compiler=$1 folder=$2
    "$compiler" -std=gnu17 -Wall -Wextra -Wno-unused-parameter -Werror -O1 -fno-strict-aliasing ci/macho/*.c -o "$folder/run"
}
