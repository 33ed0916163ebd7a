# Windows with Microsoft's ABI, for `ci/cross`: clang with the headers of mingw, lld-link, import libraries for the DLLs of wine, and the C
# files in `msvc` in place of Microsoft's libraries. So the ABI is Microsoft's, and nothing is said of Microsoft's headers and linker.

# Makes a folder with compiler, linker and libraries, and has Cargo and the `cc` crate use them.
msvc() {
    local target=$1 folder=$PWD/target/cross/msvc library runtime source
    ci/install clang-19 lld-19 llvm-19 mingw-w64-x86-64-dev
    mkdir -p "$folder/lib"
    # Microsoft's own headers are not here, so clang must not say that it is cl.exe.
    executable "$folder/clang" "exec clang-19 -fno-ms-compatibility -U_MSC_VER -D_UCRT -isystem /usr/share/mingw-w64/include \"\$@\""
    # rustc says `-flavor link` first to what it takes for lld.
    executable "$folder/lld-link" "[ \"\$1\" = -flavor ] && shift 2; exec lld-link-19 /libpath:$folder/lib /subsystem:console \"\$@\""
    # Those of Windows itself alone: what else mingw has, such as libm, is nowhere on a machine with Visual Studio.
    for library in kernel32 ntdll userenv ws2_32 dbghelp advapi32 bcrypt user32 gdi32 shell32 ole32; do
        cp "/usr/x86_64-w64-mingw32/lib/lib$library.a" "$folder/lib/$library.lib"
    done
    runtime=$(dpkg -L libwine | grep -m1 'x86_64-windows/vcruntime140.dll$')
    import_library "$runtime" "$folder/lib/vcruntime.lib"
    import_library "$(dirname "$runtime")/ucrtbase.dll" "$folder/lib/ucrt.lib"
    for source in startup stdio; do
        clang-19 --target="$target" -O1 -ffreestanding -fno-builtin -c "ci/cross.d/msvc/$source.c" -o "$folder/$source.o"
    done
    llvm-lib-19 "/out:$folder/lib/msvcrt.lib" "$folder/startup.o" "$folder/lib/vcruntime.lib" "$folder/lib/ucrt.lib"
    llvm-lib-19 "/out:$folder/lib/legacy_stdio_definitions.lib" "$folder/stdio.o"
    export "CC_${target//-/_}=$folder/clang" "$(setting "$target" LINKER)=$folder/lld-link"
}

# Writes a shell script.
executable() {
    printf '#!/bin/sh\n%s\n' "$2" >"$1"
    chmod +x "$1"
}

# Writes an import library for a DLL.
import_library() {
    local dll=$1 library=$2
    {
        echo "LIBRARY $(basename "$dll")"
        echo "EXPORTS"
        llvm-readobj-19 --coff-exports "$dll" | sed -n 's/^ *Name: \(.\)/\1/p'
    } >"$library.def"
    llvm-dlltool-19 -m i386:x86-64 -d "$library.def" -l "$library"
}

# A package in a folder as vcpkg makes it: its header and library are found by `VCPKG_ROOT` alone, and a folder that is made after a
# build is seen.
vcpkg_package() {
    local target=$1 folder=$PWD/target/cross/vcpkg
    local package=$folder/root/installed/x64-windows-static-md
    rm -rf "$folder/root" "$folder/user" && mkdir -p "$folder/user/src"
    cat >"$folder/user/Cargo.toml" <<TOML
[package]
name = "vcpkg_user"
edition = "2024"
[dependencies]
rust-cgo = { path = "$PWD" }
[workspace]
TOML
    cat >"$folder/user/src/main.rs" <<'RUST'
cgo::c_preamble! {
    #cgo LDFLAGS: -lzap
    #include <zap.h>
}
fn main() {
    println!("{}", unsafe { C::zap(C::ZAP_START) });
}
RUST
    local build=(cargo run --quiet --target "$target" --manifest-path "$folder/user/Cargo.toml")
    export VCPKG_ROOT=$folder/root CARGO_TARGET_DIR=$folder/target
    ! "${build[@]}" 2>"$folder/errors" || { echo "the package is found before it is there" && exit 1; }
    grep -q "zap.h" "$folder/errors" || { cat "$folder/errors" && exit 1; }
    mkdir -p "$package/include" "$package/lib"
    printf '#define ZAP_START 3\nint zap(int from);\n' >"$package/include/zap.h"
    echo 'int zap(int from) { return from + 4; }' | clang-19 --target="$target" -c -x c - -o "$folder/zap.o"
    llvm-lib-19 "/out:$package/lib/zap.lib" "$folder/zap.o"
    [ "$("${build[@]}" | tr -d '\r')" = 7 ] || { echo "the package of vcpkg is not linked" && exit 1; }
    unset VCPKG_ROOT CARGO_TARGET_DIR
}
