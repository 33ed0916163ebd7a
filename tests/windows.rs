//! Windows' own header: what it declares is called and passed on.

#![cfg(windows)]

use std::ffi::{c_int, c_void};
use std::mem::size_of;
use std::ptr::{null, null_mut};

cgo::c_preamble! {
    #cgo LDFLAGS: -luser32
    #cgo constants: UINT WM_*
    #include <windows.h>

    static DWORD WINAPI add_one(void *number) { ++*(int *)number; return 7; }
    __declspec(dllimport) extern unsigned short NlsAnsiCodePage;
    static LPTHREAD_START_ROUTINE get_add_one(void) { return add_one; }
}

#[test]
fn functions_and_constants_are_those_of_the_system() {
    unsafe {
        assert_eq!(C::GetCurrentProcessId(), std::process::id());
        C::SetLastError(C::ERROR_FILE_NOT_FOUND as _);
        assert_eq!(C::GetLastError(), 2);
        assert_eq!(
            C::GetFileAttributesA(c"no such file".as_ptr()),
            C::INVALID_FILE_ATTRIBUTES
        );
        assert_eq!(C::lstrlenW([b'a'.into(), b'b'.into(), 0].as_ptr()), 2);
    }
}

#[test]
fn a_variable_of_a_dll_is_reached_by_its_address() {
    unsafe { assert_eq!(u32::from(*C::NlsAnsiCodePage()), C::GetACP()) };
}

#[test]
fn records_have_their_layout() {
    let mut time = C::SYSTEMTIME::default();
    unsafe { C::GetSystemTime(&mut time) };
    assert!(time.wYear >= 2024 && time.wMonth <= 12);
    assert_eq!(size_of::<C::FILETIME>(), 8);
    assert_eq!(size_of::<C::POINT>(), 8);
    assert_eq!(size_of::<C::WIN32_FIND_DATAW>(), 592);
    let mut large = C::LARGE_INTEGER { QuadPart: 1 << 32 };
    assert_eq!(unsafe { large.u.HighPart }, 1);
    large.QuadPart = -1;
    assert_eq!(unsafe { large.u.LowPart }, u32::MAX);
}

/// `CALLBACK` and `WINAPI` name the usual convention, so pointers to functions are Rust's.
#[test]
fn functions_go_both_ways_as_pointers() {
    unsafe extern "C" fn double(number: *mut c_void) -> C::DWORD {
        unsafe { *number.cast::<c_int>() *= 2 };
        9
    }
    let mut number: c_int = 20;
    for function in [Some(double as unsafe extern "C" fn(_) -> _), unsafe {
        C::get_add_one()
    }] {
        unsafe {
            let thread = C::CreateThread(
                null_mut(),
                0,
                function,
                (&raw mut number).cast(),
                0,
                null_mut(),
            );
            assert_eq!(
                C::WaitForSingleObject(thread, C::INFINITE),
                C::WAIT_OBJECT_0
            );
            let mut code = 0;
            assert_ne!(C::GetExitCodeThread(thread, &mut code), 0);
            assert!(code == 9 || code == 7);
            C::CloseHandle(thread);
        }
    }
    assert_eq!(number, 41);
}

#[test]
fn a_window_of_messages_alone_gets_one() {
    unsafe extern "C" fn procedure(
        window: C::HWND,
        message: C::UINT,
        wide: C::WPARAM,
        long: C::LPARAM,
    ) -> C::LRESULT {
        match message {
            C::WM_USER => (wide as C::LRESULT) * 10 + long,
            _ => unsafe { C::DefWindowProcA(window, message, wide, long) },
        }
    }
    let class = C::WNDCLASSA {
        lpfnWndProc: Some(procedure),
        lpszClassName: c"cgo".as_ptr(),
        ..Default::default()
    };
    unsafe {
        assert_ne!(C::RegisterClassA(&class), 0);
        let only_messages = -3isize as C::HWND;
        let window = C::CreateWindowExA(
            0,
            class.lpszClassName,
            null(),
            0,
            0,
            0,
            0,
            0,
            only_messages,
            null_mut(),
            null_mut(),
            null_mut(),
        );
        assert!(!window.is_null());
        assert_eq!(C::SendMessageA(window, C::WM_USER, 4, 2), 42);
        C::DestroyWindow(window);
    }
}
