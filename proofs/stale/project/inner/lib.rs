mod exported;
cgo::c_preamble! {
    pub mod C;
    #cgo CFLAGS: -I${SRCDIR}/../../first -I${SRCDIR}/../../second -I${SRCDIR}/../../third
    #cgo extra CFLAGS: -DEXTRA=5
    #cgo pkg-config: pack
    #cgo package(pack >= 20) CFLAGS: -DNEW_PACK
    #cgo LDFLAGS: -L${SRCDIR}/../../lib-first -L${SRCDIR}/../../lib-second -lmore
    #cgo SOURCES: c/
    #include <a.h>
    #include "b.h"
    #if __has_include(<opt/c.h>)
    #include <opt/c.h>
    #endif
    #include "_cgo_export.h"
    #ifndef OPT
    #define OPT 0
    #endif
    #ifndef EXTRA
    #define EXTRA 1
    #endif
    #ifndef FLAG
    #define FLAG 1
    #endif
    #ifndef CGO_FLAG
    #define CGO_FLAG 1
    #endif
    #ifndef behind_VALUE
    #define behind_VALUE 0
    #endif
    #ifdef NEW_PACK
    #define IS_NEW 1
    #else
    #define IS_NEW 0
    #endif
    struct shared { char a[A + 1]; int b; };
    enum { OF_A = A, OF_B = B, OF_OPT = OPT, OF_EXTRA = EXTRA, OF_FLAG = FLAG + CGO_FLAG, OF_PACK = pack_VALUE,
           OF_BEHIND = behind_VALUE + IS_NEW, OF_COMPILER = COMPILER, OF_EXPORT = sizeof(struct Given) };
    int of_source(void);
    int of_library(void);
    extern int extra;
    static int sum(int own) { return own + A + B + OPT + EXTRA + FLAG + CGO_FLAG + pack_VALUE + behind_VALUE + COMPILER + exported(); }
}
pub fn says() -> String {
    let shared = size_of::<C::struct_shared>();
    let constants = [C::OF_A, C::OF_B, C::OF_OPT, C::OF_EXTRA, C::OF_FLAG, C::OF_PACK, C::OF_BEHIND, C::OF_COMPILER, C::OF_EXPORT];
    unsafe { format!("{constants:?} {shared} {} {} {} {}", C::sum(NUMBER), C::of_source(), C::of_library(), { C::extra }) }
}
