//! Draws into a window of SDL that no screen shows: `cargo run -p sdl2-example`.

use cgo::c_preamble;

c_preamble! {
    #cgo pkg-config: sdl2
    // The program's `main` is Rust's.
    #cgo CFLAGS: -DSDL_MAIN_HANDLED
    #include <SDL.h>
}

fn error() -> String {
    unsafe { C::GoString(C::SDL_GetError()) }
}

fn main() -> Result<(), String> {
    unsafe {
        C::SDL_SetHint(C::SDL_HINT_VIDEODRIVER.as_ptr(), c"dummy".as_ptr());
        if C::SDL_Init(C::SDL_INIT_VIDEO) != 0 {
            return Err(error());
        }
        let window = C::SDL_CreateWindow(c"cgo".as_ptr(), 0, 0, 64, 48, 0);
        let surface = C::SDL_GetWindowSurface(window);
        if surface.is_null() {
            return Err(error());
        }
        let red = C::SDL_MapRGB((*surface).format, 255, 0, 0);
        let square = C::SDL_Rect {
            x: 8,
            y: 8,
            w: 16,
            h: 16,
        };
        C::SDL_FillRect(surface, &square, red);
        let pixels = cgo::slice(
            (*surface).pixels.cast::<u32>(),
            ((*surface).pitch / 4 * (*surface).h) as usize,
        );
        let painted = pixels.iter().filter(|pixel| **pixel == red).count();
        println!(
            "{}x{}, {painted} pixels are red",
            (*surface).w,
            (*surface).h
        );

        let mut event = C::SDL_Event {
            r#type: C::SDL_USEREVENT,
        };
        event.user.code = 42;
        C::SDL_PushEvent(&mut event);
        let mut taken = C::SDL_Event::default();
        while C::SDL_PollEvent(&mut taken) == 1 {
            if taken.r#type == C::SDL_USEREVENT {
                println!("event {}", taken.user.code);
            }
        }
        C::SDL_DestroyWindow(window);
        C::SDL_Quit();
    }
    Ok(())
}
