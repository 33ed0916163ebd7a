//! Enumerations that a directive makes types of their own: newtypes and sets of flags.

mod support;

use std::mem::size_of;

use cgo::export_c;
use support::Project;

cgo::c_preamble! {
    #cgo newtype: enum_color level !other_level
    #cgo newtype: *_methods wide
    #cgo flags: mode* enum_with_methods

    #include "_cgo_export.h"

    enum color { RED, GREEN = 5, BLUE, AZURE = BLUE };
    typedef enum { LOW = -1, HIGH = 1000 } level;
    typedef enum mode { READ = 1, WRITE = 2, BOTH = READ | WRITE, EXEC = 4 } mode_t2;
    typedef enum { NONE, SOME } other_level;
    enum with_methods { empty = 1, contains = 2 };
    #define FAVOURITE BLUE
    #define DEFAULT_MODE ((mode_t2)(READ | EXEC))
    enum wide { LEAST, LARGE = 0x90000000 };
    #define BEHIND_COMMA (LEAST, LARGE)
    #define STATEMENTS ({ level l = LOW; (void)l; LARGE; })
    #define OF_ITS_TYPE ((__typeof__(LARGE))1)
    #define SUM (LARGE + 1)

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

/// For clang it has an integer type, for gcc that of the enumeration.
#[test]
fn an_enumerator_beyond_int_has_the_type() {
    assert_eq!(
        unsafe { [C::BEHIND_COMMA(), C::STATEMENTS()] },
        [C::LARGE; 2]
    );
    assert_eq!(C::OF_ITS_TYPE, C::enum_wide(1));
    assert_eq!(C::SUM, 0x9000_0001_u32);
}

/// A tuple struct is made by its own name, or by one that `use` gives it.
#[test]
fn a_typedef_makes_values_of_the_type() {
    assert_eq!(C::mode_t2(3), C::BOTH);
    assert_eq!(C::mode_t2::EXEC | C::mode_t2(3), C::mode_t2(7));
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

/// What another preamble imports it from has the same enumerators, in any order.
mod borrowed {
    cgo::c_preamble! {
        pub(super) mod C;
        use super::C::enum_color;

        enum color { GREEN = 5, BLUE, AZURE = BLUE, RED = 0 };
        static enum color darkest(void) { return RED; }
    }
}

#[test]
fn another_preamble_imports_it() {
    assert_eq!(unsafe { borrowed::C::darkest() }, C::RED);
    assert_eq!(borrowed::C::AZURE, C::enum_color::BLUE);
}

/// In Rust it is a struct with a number, and such a name cannot be that of a parameter.
#[test]
fn an_imported_one_is_called_like_a_parameter() {
    cgo::c_preamble! {
        mod json;
        use crate::C::enum_color as value;
        typedef enum { RED, GREEN = 5, BLUE, AZURE = BLUE } value;
        struct pair { unsigned key : 3; value first; };
        static value same(value value, long double unused) { return value; }
    }
    let mut pair = json::struct_pair::default();
    pair.set_key(5);
    pair.first = unsafe { json::same(C::GREEN, 1.0) };
    assert_eq!((pair.key(), pair.first), (5, C::GREEN));
}

#[test]
fn another_crate_imports_it_with_the_same_values() {
    let project = Project::new("enum_values");
    let manifest = std::fs::read_to_string(project.path("Cargo.toml")).unwrap();
    let library = manifest.replace("enum_values", "enum_library");
    project
        .manifest(&format!(
            "{manifest}enum_library = {{ path = \"library\" }}\n"
        ))
        .file("library/Cargo.toml", &library.replace("[workspace]", ""))
        .file("library/src/lib.rs", "cgo::c_preamble! {\n    pub mod sys;\n    #cgo flags: mode\n    typedef enum { READ = 1, WRITE = 2 } mode;\n}\n");
    for (write, said) in [(2, ""), (4, "`WRITE` is 2 there, and 4 here")] {
        project.file(
            "src/main.rs",
            &format!("cgo::c_preamble! {{\n    use enum_library::sys::mode;\n    typedef enum {{ READ = 1, WRITE = {write} }} mode;\n}}\nfn main() {{ println!(\"{{:?}}\", C::READ | enum_library::sys::WRITE) }}\n"),
        );
        match said {
            "" => assert_eq!(project.cargo("run -q"), "READ | WRITE\n"),
            said => {
                let messages = project.cargo_fails("check");
                assert!(messages.contains(said), "{messages}");
            }
        }
    }
}

#[test]
fn others_stay_integers() {
    let plain: C::other_level = unsafe { C::plain() };
    assert_eq!(plain, 1);
}

/// Enumerations that are enums of Rust, in C's own place.
mod rust_enums {
    cgo::c_preamble! {
        pub(super) mod C;
        #cgo enum: shade depth_t spelled
        #cgo derive: PartialEq Eq Hash PartialOrd Ord swatch

        enum shade { DARK, LIGHT = 5, BRIGHT, PALE = LIGHT, };
        typedef enum { SHALLOW = -1, DEEP = 70000 } depth_t;
        typedef enum shade shade_t;
        #define DEFAULT_SHADE BRIGHT
        #define NO_SHADE ((shade_t)100)

        struct swatch { enum shade shade; shade_t pair[2]; depth_t depth; enum shade bits : 4; };
        typedef enum shade (*mixer)(const enum shade, shade_t *);

        static enum shade darker(enum shade s) { return s == LIGHT ? DARK : (enum shade)(s - 1); }
        static enum shade of_number(int n) { return (enum shade)n; }
        static shade_t first(const struct swatch *s) { return s->pair[0]; }
        static int depth_of(struct swatch s) { return s.depth; }
        static int mix(mixer mix) { shade_t other = (shade_t)9; return mix(BRIGHT, &other) * 100 + other; }
        static enum shade mixed(enum shade a, shade_t *b) { *b = LIGHT; return a; }
        static mixer a_mixer(void) { return mixed; }
        static enum shade each(enum shade (*f)(enum shade, void *), int n, void *data) { return f((enum shade)n, data); }
        static inline __attribute__((always_inline)) enum shade inlined(enum shade s) { return s; }
        shade_t current_shade = BRIGHT;
        volatile enum shade shared_shade = LIGHT;
        enum spelled { self, self_, a$b, a_dollar_b };
        static enum spelled spelled_at(int n) { return (enum spelled)n; }
        const enum shade shades[2] = { LIGHT, (enum shade)2 };
    }
}

#[test]
fn arguments_and_constants_are_variants() {
    use rust_enums::C;
    let light: C::enum_shade = C::LIGHT;
    assert_eq!(light as u32, 5);
    assert_eq!((C::PALE, C::DEFAULT_SHADE), (light, C::shade_t::BRIGHT));
    assert_eq!(C::SHALLOW as i32, -1);
    assert_eq!(unsafe { C::darker(C::LIGHT) }, C::DARK);
    assert_eq!(unsafe { C::inlined(C::BRIGHT) }, C::BRIGHT);
    let name = match C::enum_shade::LIGHT {
        C::enum_shade::DARK => "dark",
        C::LIGHT => "light",
        C::enum_shade::BRIGHT => "bright",
    };
    assert_eq!(name, "light");
}

#[test]
fn a_name_goes_to_the_enumerator_that_rust_spells_so() {
    use rust_enums::C;
    for (number, variant) in [(1, C::self_), (3, C::a_dollar_b)] {
        assert_eq!(unsafe { C::spelled_at(number) }, variant);
    }
    let others = unsafe { [C::spelled_at(0), C::spelled_at(2)] };
    assert_eq!(format!("{others:?}"), "[self, a$b]");
    assert!(others.iter().all(|other| other.get().is_some()));
}

/// Enumerators without their start, in the types that `newtype:`, `flags:` and `enum:` make.
mod short {
    cgo::c_preamble! {
        pub(super) mod C;
        #cgo strip: COLOR_ MODE_ DAY_
        #cgo newtype: color
        #cgo flags: mode
        #cgo enum: day

        enum color { COLOR_RED, COLOR_GREEN = 5, COLOR_3D, COLOR_type };
        enum mode { MODE_READ = 1, MODE_WRITE = 2, WRITE = 4, MODE_empty = 8 };
        enum day { DAY_MON = 1, DAY_SUN = 7, DAY_LAST = DAY_SUN };
        static enum day after(enum day d) { return d == DAY_SUN ? DAY_MON : DAY_SUN; }
    }
}

#[test]
fn an_enumerator_has_its_short_name_in_the_type() {
    use short::C::{self, enum_color, enum_day, enum_mode};
    assert_eq!((enum_color::GREEN.0, enum_color::r#type.0), (5, 7));
    assert_eq!(enum_color::RED, enum_color::COLOR_RED);
    assert_eq!(format!("{:?}", enum_color::RED), "COLOR_RED");
    // Names that are taken: of another enumerator, and of a method.
    assert_eq!((enum_mode::READ.0, enum_mode::WRITE.0), (1, 4));
    assert!(enum_mode::empty().is_empty());
    let name = match unsafe { C::after(enum_day::LAST) }.value() {
        enum_day::MON => "Monday",
        enum_day::SUN => "Sunday",
    };
    assert_eq!(name, "Monday");
}

/// Names that the methods, accessors and wrappers in the module could have for parameters.
#[test]
fn an_enumeration_may_have_the_name_of_a_parameter() {
    cgo::c_preamble! {
        mod named;
        #cgo flags: value other length this color
        typedef enum { value_1 = 1 } value;
        typedef enum { other_1 = 1 } other;
        typedef enum { length_1 = 1 } length;
        typedef enum { this_1 = 1 } this;
        typedef enum { color_1 = 1 } color;
        struct bits { value v : 3; other o : 3; int count; length data[]; };
        static color paint(color color, long double by) { return by > 0 ? color : 0; }
    }
    let mut bits = named::struct_bits::default();
    bits.set_v(named::value_1);
    assert!(bits.v().contains(named::value_1));
    assert_eq!(unsafe { named::paint(named::color_1, 1.0) }, named::color_1);
}

#[test]
fn what_c_returns_is_checked() {
    use rust_enums::C;
    let known = unsafe { C::of_number(6) };
    assert_eq!((known.get(), known.value()), (Some(C::BRIGHT), C::BRIGHT));
    let unknown = unsafe { C::of_number(7) };
    assert_eq!((unknown.get(), unknown.number()), (None, 7));
    assert_eq!(format!("{known:?} {unknown:?}"), "BRIGHT enum_shade(7)");
    assert_eq!(C::NO_SHADE.number(), 100);
}

#[test]
#[should_panic = "C passed 7 for a `enum_shade`, which has no variant of this value"]
fn a_value_without_a_variant_is_named() {
    let _ = unsafe { rust_enums::C::of_number(7) }.value();
}

#[test]
fn what_c_holds_is_checked() {
    use rust_enums::C;
    let mut swatch = C::struct_swatch {
        shade: C::BRIGHT.into(),
        pair: [C::LIGHT.into(), C::DARK.into()],
        depth: C::DEEP.into(),
        ..Default::default()
    };
    swatch.set_bits(C::BRIGHT.into());
    assert_eq!(swatch.bits(), C::BRIGHT);
    unsafe {
        assert_eq!(C::first(&swatch), C::LIGHT);
        assert_eq!(C::depth_of(swatch), 70000);
        assert_eq!({ C::current_shade }, C::BRIGHT);
        assert_eq!(C::shared_shade.read(), C::LIGHT);
        assert_eq!(C::shades.map(|shade| shade.number()), [5, 2]);
    }
    assert_eq!(C::struct_swatch::default().shade, C::DARK);
    assert!(swatch > C::struct_swatch::default());
    let shown = format!("{swatch:?}");
    assert!(
        shown.contains("shade: BRIGHT, pair: [LIGHT, DARK], depth: DEEP"),
        "{shown}"
    );
}

#[test]
fn function_pointers_and_closures_check_what_c_passes() {
    use rust_enums::C;
    unsafe extern "C" fn mix(
        shade: cgo::Unchecked<C::enum_shade>,
        other: *mut cgo::Unchecked<C::shade_t>,
    ) -> cgo::Unchecked<C::enum_shade> {
        let before = unsafe { other.replace(C::LIGHT.into()) };
        assert_eq!((shade.value(), before.get()), (C::BRIGHT, None));
        C::DARK.into()
    }
    assert_eq!(unsafe { C::mix(Some(mix)) }, 5);
    let mut other = C::DARK.into();
    let mixer = unsafe { C::a_mixer() }.unwrap();
    assert_eq!(unsafe { mixer(C::BRIGHT.into(), &mut other) }, C::BRIGHT);
    assert_eq!(other, C::LIGHT);

    // What C gets back has the type that its function pointer says.
    type Returned = cgo::Unchecked<C::enum_shade>;
    let brighter = cgo::callback(|shade: C::enum_shade| match shade {
        C::DARK => Returned::from(C::LIGHT),
        _ => C::BRIGHT.into(),
    });
    let brightened = brighter.data_last(|f, data| unsafe { C::each(Some(f), 0, data) });
    assert_eq!(brightened, C::LIGHT);
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
        ("poi*", "`newtype: poi*`: `poi*` matches no enumeration"),
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

/// Rust has no name `Self` for an enumerator. The name that it gets may be one of another enumeration.
mod renamed {
    cgo::c_preamble! {
        #cgo newtype: one two
        enum one { Self = 3 };
        enum two { Self_ = 7 };
    }

    #[test]
    fn an_enumerator_is_renamed_in_its_own_type() {
        assert_eq!((C::enum_one::Self_.0, C::enum_two::Self_.0), (3, 7));
    }
}
