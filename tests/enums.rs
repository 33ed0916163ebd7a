//! Enumerations that a directive makes types of their own: newtypes and sets of flags.

mod support;

use std::mem::size_of;

use cgo::export_c;
use support::Project;

cgo::c_preamble! {
    #cgo newtype: enum_color level !other_level
    #cgo newtype: *_methods
    #cgo flags: mode* enum_with_methods

    #include "_cgo_export.h"

    enum color { RED, GREEN = 5, BLUE, AZURE = BLUE };
    typedef enum { LOW = -1, HIGH = 1000 } level;
    typedef enum mode { READ = 1, WRITE = 2, BOTH = READ | WRITE, EXEC = 4 } mode_t2;
    typedef enum { NONE, SOME } other_level;
    enum with_methods { empty = 1, contains = 2 };
    #define FAVOURITE BLUE
    #define DEFAULT_MODE ((mode_t2)(READ | EXEC))

    struct pixel { enum color color; enum color pair[2]; level level; unsigned before : 3; enum color bits : 5; mode_t2 mode; };

    static enum color next(enum color c) { return c == RED ? GREEN : (enum color)(c + 1); }
    static mode_t2 all_but(mode_t2 m) { return (mode_t2)(7 & ~m); }
    static int level_of(const struct pixel *p) { return p->level; }
    static enum color bits_of(const struct pixel *p) { return p->bits; }
    static enum color through_rust(enum color c) { return brighter(c); }
    static enum color each(enum color (*f)(enum color, void *), void *data) { return f(GREEN, data); }
    static other_level plain(void) { return SOME; }
    enum color current = BLUE;
    volatile enum color shared = GREEN;
}

#[export_c]
fn brighter(c: C::enum_color) -> C::enum_color {
    C::enum_color(c.0 + 100)
}

#[test]
fn values_have_the_type() {
    let red: C::enum_color = C::RED;
    assert_eq!(unsafe { C::next(red) }, C::GREEN);
    assert_eq!(C::enum_color::GREEN.0, 5);
    assert_eq!((C::AZURE, C::FAVOURITE), (C::enum_color::BLUE, C::BLUE));
    assert_eq!((C::LOW.0, C::level::HIGH.0), (-1, 1000));
    assert_eq!(size_of::<C::enum_color>(), size_of::<u32>());
    assert_eq!(unsafe { C::current }, C::BLUE);
    assert_eq!(unsafe { C::shared.read() }, C::GREEN);
}

#[test]
fn every_value_from_c_is_one() {
    let unknown = unsafe { C::next(C::BLUE) };
    assert_eq!(unknown, C::enum_color(7));
    assert_eq!(
        format!("{unknown:?} {:?} {:?}", C::GREEN, C::LOW),
        "enum_color(7) GREEN LOW"
    );
}

#[test]
fn an_enumerator_is_a_pattern() {
    let name = match unsafe { C::next(C::RED) } {
        C::RED => "red",
        C::enum_color::GREEN => "green",
        _ => "another",
    };
    assert_eq!(name, "green");
}

#[test]
fn fields_and_bit_fields_have_the_type() {
    let mut pixel = C::struct_pixel {
        color: C::BLUE,
        pair: [C::RED, C::GREEN],
        level: C::HIGH,
        mode: C::READ,
        ..Default::default()
    };
    pixel.set_bits(C::GREEN);
    assert_eq!(pixel.bits(), C::GREEN);
    unsafe {
        assert_eq!(C::bits_of(&pixel), C::GREEN);
        assert_eq!(C::level_of(&pixel), 1000);
    }
    assert_eq!(C::struct_pixel::default().color, C::RED);
    let shown = format!("{pixel:?}");
    assert!(
        shown.contains("color: BLUE, pair: [RED, GREEN], level: HIGH"),
        "{shown}"
    );
}

#[test]
fn flags_are_a_set() {
    let mode: C::mode_t2 = C::READ | C::EXEC;
    assert!(mode.contains(C::READ) && !mode.contains(C::WRITE));
    assert!(mode.intersects(C::BOTH) && !C::enum_mode::empty().intersects(C::BOTH));
    assert_eq!(unsafe { C::all_but(mode) }, C::WRITE);
    assert_eq!((mode & !C::READ, mode ^ C::EXEC), (C::EXEC, C::READ));
    assert_eq!(
        format!("{mode:?} {:?} {:?}", C::READ | C::WRITE, C::enum_mode(9)),
        "READ | EXEC BOTH READ | 0x8"
    );
    assert_eq!(C::DEFAULT_MODE, mode);
}

#[test]
fn the_last_directive_that_names_it_counts() {
    let both = C::empty | C::contains;
    assert!(both.contains(C::contains) && C::enum_with_methods::empty().is_empty());
}

#[test]
fn exports_and_closures_take_it() {
    assert_eq!(unsafe { C::through_rust(C::RED) }, C::enum_color(100));
    let double = cgo::callback(|c: C::enum_color| C::enum_color(2 * c.0));
    let doubled = double.data_last(|f, data| unsafe { C::each(Some(f), data) });
    assert_eq!(doubled, C::enum_color(10));
}

#[test]
fn others_stay_integers() {
    let plain: C::other_level = unsafe { C::plain() };
    assert_eq!(plain, 1);
}

/// An enum of Rust in the place of C's. Whoever imports it promises that C has no other values.
mod imported {
    #[repr(u32)]
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Signal {
        Stop,
        Go = 3,
    }
    // SAFETY: the functions below return no other values.
    unsafe impl cgo::CLayout for Signal {}
    // SAFETY: 0 is `Stop`.
    unsafe impl cgo::Zero for Signal {}

    cgo::c_preamble! {
        pub(super) mod C;
        use self::Signal as enum_signal;

        enum signal { STOP, GO = 3 };
        struct packet { enum signal kind : 3; };
        static enum signal other(enum signal s) { return s == STOP ? GO : STOP; }
    }
}

#[test]
fn an_imported_enum_has_cs_enumerators() {
    assert_eq!(
        (imported::C::STOP, imported::C::GO),
        (imported::Signal::Stop, imported::Signal::Go)
    );
    // In Rust its bit-field is a number: an enum has not all of them.
    let mut packet = imported::C::struct_packet::default();
    packet.set_kind(imported::C::GO as _);
    assert_eq!(packet.kind(), 3);
    assert_eq!(
        unsafe { imported::C::other(imported::C::STOP) },
        imported::Signal::Go
    );
}

#[test]
fn what_is_no_enumeration_is_an_error() {
    let project = Project::new("no_enum");
    for (word, said) in [
        ("point", "`newtype: point`: `point` is not an enumeration"),
        ("colour", "help: a similar name exists: `color`"),
        ("x_*", "`newtype: x_*`: `x_*` not found"),
    ] {
        project.file(
            "src/main.rs",
            &format!("cgo::c_preamble! {{\n    #cgo newtype: {word}\n    struct point {{ int x; }}; enum color {{ RED }};\n}}\nfn main() {{}}\n"),
        );
        let messages = project.cargo_fails("check");
        assert!(
            messages.contains(said) && messages.contains("--> src/main.rs:2:5"),
            "{messages}"
        );
    }
}
