//! What a panic in an exported function does: no panic unwinds into C.

/// The result of `body`, which C called as the function `name`; a panic in it ends the process with a message, since C frames
/// cannot be unwound.
///
/// The panic is caught: on a thread that C made, and before and after `main`, nothing else on the stack catches it, and then the
/// unwinder runs no destructor at all.
#[inline]
pub fn or_end<R>(name: &'static str, body: impl FnOnce() -> R) -> R {
    #[cfg(feature = "std")]
    {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).unwrap_or_else(|payload| {
            // Dropping it may panic again.
            core::mem::forget(payload);
            end(name)
        })
    }
    // Without the standard library what happens is the panic handler's.
    #[cfg(not(feature = "std"))]
    {
        let _ = name;
        body()
    }
}

#[cfg(feature = "std")]
#[cold]
#[inline]
fn end(name: &str) -> ! {
    std::eprintln!(
        "the exported function `{name}` panicked, and a panic cannot unwind into C: the process is aborted\n\
         help: `#[export_c(on_panic = VALUE)]` returns a value instead"
    );
    std::process::abort()
}

/// The result of `function`, or of `otherwise` after a panic in it, whose message the panic hook has shown.
#[cfg(feature = "std")]
#[inline]
pub fn catch<R>(function: impl FnOnce() -> R, otherwise: impl FnOnce() -> R) -> R {
    // What the panic leaves behind is what any caught panic leaves: the function's author asked for it.
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(function)) {
        Ok(result) => result,
        Err(payload) => {
            // Dropping it may panic again, and so may dropping what that leaves.
            let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(payload)));
            if let Err(again) = dropped {
                core::mem::forget(again);
            }
            otherwise()
        }
    }
}
