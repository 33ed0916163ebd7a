//! Names of C that Rust has another use for, that it cannot spell, or that C keeps apart in other ways.

/// Names of Rust's keywords, primitive types and prelude.
mod functions {
    cgo::c_preamble! {
        static int str(int a) { return a; }
        static int u8(int a) { return a; }
        static int usize(void) { return 1; }
        static int Option(void) { return 1; }
        static int Some(int None) { return None; }
        static int None(void) { return 2; }
        static int Vec(void) { return 1; }
        static int Box(void) { return 1; }
        static int core(void) { return 1; }
        static int std(void) { return 1; }
        static int cgo(void) { return 1; }
        static int Clone(void) { return 1; }
        static int Debug(void) { return 1; }
        static int Result(void) { return 1; }
        static int Ok(int Err) { return Err; }
        static int self(int self) { return self; }
        static int Self(int Self) { return Self; }
        static int super(int super) { return super; }
        static int crate(int crate) { return crate; }
        static int gen(int gen) { return gen; }
        static int async(int async) { return async; }
        static int await(int await) { return await; }
        static int dyn(int dyn) { return dyn; }
        static int try(int try) { return try; }
        static int fn(int fn) { return fn; }
        static int match(int match) { return match; }
        static int impl(int impl) { return impl; }
        static int yield(int yield) { return yield; }
        static int true(int true, int false) { return true - false; }
        static int raw(int raw, int safe, int macro_rules) { return raw + safe + macro_rules; }
        static int _(int _, int __) { return _ + __; }
        // cgo's own helpers give way.
        static int CString(int a) { return a; }
        static long double wide(long double self, int type) { return self + type; }
    }

    #[test]
    fn functions_and_parameters() {
        unsafe {
            assert_eq!([C::str(1), C::u8(2), C::usize(), C::Option()], [1, 2, 1, 1]);
            assert_eq!([C::Some(3), C::None(), C::Vec(), C::Box()], [3, 2, 1, 1]);
            assert_eq!([C::core(), C::std(), C::cgo(), C::Clone()], [1; 4]);
            assert_eq!([C::Debug(), C::Result(), C::Ok(4)], [1, 1, 4]);
            assert_eq!(
                [C::self_(1), C::Self_(2), C::super_(3), C::crate_(4)],
                [1, 2, 3, 4]
            );
            assert_eq!(
                [C::r#gen(5), C::r#async(6), C::r#await(7), C::r#dyn(8)],
                [5, 6, 7, 8]
            );
            assert_eq!([C::r#try(9), C::r#fn(10), C::r#match(11)], [9, 10, 11]);
            assert_eq!(
                [C::r#impl(12), C::r#yield(13), C::r#true(14, 1)],
                [12, 13, 13]
            );
            assert_eq!([C::raw(1, 2, 3), C::__(4, 5), C::CString(6)], [6, 9, 6]);
            assert_eq!(C::wide(1.5, 2), 3.5);
        }
    }
}

mod types {
    cgo::c_preamble! {
        typedef unsigned char u8;
        typedef struct str { int len; } str;
        typedef struct { int bool; } bool;
        typedef long usize;
        typedef struct { int Some; } Option;
        typedef struct Vec { Option Option; struct Vec *next; } Vec;
        typedef union { float f32; int i32; } core;
        typedef struct { core core; } std;
        typedef enum { cgo_a, cgo_b } cgo;
        enum Result { Ok = 3, Err };
        typedef struct { int clone; } Clone;
        typedef struct { int fmt; int f; int self; int value : 3; int set_value : 4; } Debug;
        typedef struct Self { int self; int crate; int super; int match; int async; } Self;
        typedef struct { int x : 3; int y : 5; } self;
        typedef struct { int n; int data[]; } super;
        typedef int crate;
        typedef int dyn;
        typedef struct { int a; } try;
        typedef enum { type_a, type_b } type;
        typedef struct { int q; } c_int;
        typedef struct { int z; } CString;
        typedef struct { char a; int b; } __attribute__((packed)) Default;
        typedef int (*Fn)(int);
        typedef int Copy, MaybeUninit, Sized, Send, Complex, i8, f32;
        struct opaque;
        typedef struct opaque PhantomData;
        static u8 sum(str s, bool b, usize u, Option o) { return s.len + b.bool + u + o.Some; }
        static int of_core(Vec v, std s, cgo g, enum Result r) { return v.Option.Some + s.core.i32 + g + r; }
        static Debug of_debug(Debug d, Self s, self *t, Default e) { d.f = s.match + t->x + e.b; return d; }
        static crate of_crate(dyn d, try t, type y, f32 f) { return d + t.a + y + f; }
        static CString of_c_string(CString s, c_int c) { s.z += c.q; return s; }
        static int pointers(Clone *c, Fn f, super *s, PhantomData *p) { return f(c->clone); }
    }

    #[test]
    fn types_fields_and_enumerators() {
        unsafe {
            let sum: C::u8 = C::sum(
                C::str { len: 1 },
                C::bool { bool: 2 },
                3,
                C::Option { Some: 4 },
            );
            assert_eq!(sum, 10u8);
            let mut of_core = C::std::default();
            of_core.core.i32 = 4;
            assert_eq!(C::of_core(C::Vec::default(), of_core, C::cgo_b, C::Err), 9);
            let mut this = C::self_::default();
            this.set_x(2);
            let selves = C::Self_ {
                r#match: 3,
                ..Default::default()
            };
            let mut debug = C::of_debug(
                C::Debug::default(),
                selves,
                &mut this,
                C::Default { a: 0, b: 4 },
            );
            assert_eq!(debug.f, 9);
            debug.set_value_(1);
            debug.set_set_value(-5);
            assert_eq!((debug.value(), debug.set_value()), (1, -5));
            assert_eq!(
                format!("{debug:?}"),
                "Debug { fmt: 0, f: 9, self_: 0, value: 1, set_value: -5 }"
            );
            assert_eq!(C::of_crate(1, C::r#try { a: 2 }, C::type_b, 4), 8);
            assert_eq!(C::of_c_string(C::CString { z: 1 }, C::c_int { q: 2 }).z, 3);
            unsafe extern "C" fn twice(a: i32) -> i32 {
                2 * a
            }
            let mut clone = C::Clone { clone: 4 };
            let (list, opaque) = (std::ptr::null_mut::<C::super_>(), std::ptr::null_mut());
            assert_eq!(C::pointers(&mut clone, Some(twice), list, opaque), 8);
        }
    }
}

/// What Rust would take for a pattern where a name is declared, and the preprocessor for something else.
mod constants {
    cgo::c_preamble! {
        const int value = 1, result = 2, f = 3, this = 4, length = 5, limit = 6, None = 7;
        static int self = 10;
        __thread int Self = 11;
        enum { Some = 30, Err, str, usize, core, std, cgo, u8, Option };
        static int counter = 3;
        #define NEXT (counter + 1)
        struct s { int a : 3; int n; int tail[]; };
        struct __attribute__((packed)) p { char c; int tail[]; };
        static long double wide(long double limit, int result, int value, int Some, int self, int self_) {
            return limit + result + value + Some + self - self_;
        }
        static struct p pass(struct p this, long double f) { this.c += (char)f; return this; }
    }

    mod macros {
        cgo::c_preamble! {
            #define str 1
            #define u8 "text"
            #define Option 2.5
            #define Some 3
            #define core 6
            #define std 7
            #define cgo 8
            #define self 10
            #define Self 11
            #define super 12
            #define crate 13
            #define gen 14
            #define value 16
            #define result 17
            #define f 18
            #define c 19
            #define t 20
            #define n0 21
            #define end 22
            #define dyn int
            #define uint unsigned
            #define CString 23
            static int counter = 3;
            #define NEXT (counter + 1)
            struct s { int a : 3; int n; long double l; int tail[]; };
        }
    }

    #[test]
    fn variables_and_enumerators() {
        unsafe {
            assert_eq!(
                [C::value, C::result, C::f, C::this, C::length, C::None],
                [1, 2, 3, 4, 5, 7]
            );
            assert_eq!([{ C::self_ }, *C::Self_()], [10, 11]);
            assert_eq!([C::Some, C::Err, C::str, C::usize], [30, 31, 32, 33]);
            assert_eq!(C::NEXT(), 4);
            assert_eq!(C::wide(1.5, 2, 3, 4, 5, 6), 9.5);
            assert_eq!(
                C::pass(
                    C::struct_p {
                        c: 1,
                        ..Default::default()
                    },
                    2.0
                )
                .c,
                3
            );
            let mut bits = C::struct_s::default();
            bits.set_a(2);
            assert_eq!(format!("{bits:?}"), "struct_s { a: 2, n: 0, tail: [] }");
        }
    }

    #[test]
    fn macros_of_all_kinds() {
        use macros::C;
        unsafe {
            assert_eq!([C::str, C::Some, C::core, C::std, C::cgo], [1, 3, 6, 7, 8]);
            assert_eq!(
                [C::self_, C::Self_, C::super_, C::crate_, C::r#gen],
                [10, 11, 12, 13, 14]
            );
            assert_eq!(
                [C::value, C::result, C::f, C::c, C::t, C::n0, C::end],
                [16, 17, 18, 19, 20, 21, 22]
            );
            assert_eq!((C::u8, C::Option, C::CString), (c"text", 2.5, 23));
            let (signed, unsigned): (C::r#dyn, C::uint) = (-1i32, 1u32);
            assert_eq!((signed, unsigned), (-1, 1));
            let words: (C::signed, C::unsigned, C::_Bool) = (signed, unsigned, true);
            assert_eq!(words, (-1, 1, true));
            assert_eq!(C::NEXT(), 4);
            let mut bits = C::struct_s::default();
            bits.set_a(-2);
            assert_eq!(bits.a(), -2);
        }
    }
}

/// C has one name space for tags and one for the rest; and here is a third, of the tags' names in Rust.
mod name_spaces {
    cgo::c_preamble! {
        #include <sys/stat.h>
        typedef struct { int a; } x;
        struct x { char c; };
        enum y { Y1, Y2 = 300 };
        typedef struct { enum y y; } y;
        union z { int i; };
        static int z(union z z) { return z.i; }
        struct struct_x { double d; };
        typedef int struct_z;
        typedef char union_z;
        typedef struct { char k[3]; } enum_y;
        static enum_y of_enum(enum y e) { enum_y r = { { (char)e, 2, 3 } }; return r; }
        int sizeof_x(void) { return 77; }
        static int both(x a, struct x b) { return a.a + b.c; }
        static int unions(union_z u, union z v) { return u + v.i; }
        // Names that differ in case alone.
        static int foo(void) { return 1; }
        #define FOO 2
        typedef struct { int a; } Foo;
        enum { fOO = 3 };
        struct foo { Foo f; };
        struct fOo { char c; };
        static int cases(struct foo a, struct fOo b, Foo c) { return a.f.a + b.c + c.a; }
    }

    #[test]
    fn one_name_for_several_things() {
        unsafe {
            let mut stat = C::struct_stat::default();
            assert_eq!(C::stat(c"/".as_ptr(), &mut stat), 0);
            assert_eq!(C::both(C::x { a: 1 }, C::struct_x { c: 2 }), 3);
            assert_eq!(C::unions(1, C::union_z_2 { i: 2 }), 3);
            assert_eq!(C::z(C::union_z_2 { i: 4 }), 4);
            assert_eq!(C::y { y: C::Y2 }.y, 300);
            assert_eq!(C::of_enum(C::Y1).k, [0, 2, 3]);
            assert_eq!(C::struct_struct_x { d: 0.5 }.d, 0.5);
            assert_eq!((C::sizeof_x(), C::sizeof_struct_x), (77, 1));
            assert_eq!(C::foo() + C::FOO + C::fOO, 6);
            let (a, b) = (C::struct_foo { f: C::Foo { a: 1 } }, C::struct_fOo { c: 2 });
            assert_eq!(C::cases(a, b, C::Foo { a: 3 }), 6);
        }
    }
}

/// `$` is `_dollar_`; what Rust can spell comes first.
mod dollars {
    cgo::c_preamble! {
        struct a { int self; int self_; int $a; int _dollar_a; int a$b : 3; int set_a_dollar_b : 4; };
        static int crate(void) { return 1; }
        static int crate_(void) { return 2; }
        static int with$dollar(int $x, int _dollar_x) { return $x - _dollar_x; }
        typedef signed char b$c;
        typedef int b_dollar_c;
        static b$c first(b$c a, b_dollar_c b) { return a; }
        enum e$ { E$1 = 5 };
        static int both(int self, int self_) { return self - self_; }
        #define M$ 4
    }

    #[test]
    fn spelled_in_rust() {
        let a = C::struct_a {
            self__: 1,
            self_: 2,
            _dollar_a_: 3,
            _dollar_a: 4,
            ..Default::default()
        };
        assert_eq!(
            format!("{a:?}"),
            "struct_a { self__: 1, self_: 2, _dollar_a_: 3, _dollar_a: 4, a_dollar_b: 0, set_a_dollar_b: 0 }"
        );
        unsafe {
            assert_eq!(
                (C::crate_(), C::with_dollar_dollar(3, 1), C::both(3, 1)),
                (2, 2, 2)
            );
            let (first, second): (C::b_dollar_c_2, C::b_dollar_c) = (1i8, 2i32);
            assert_eq!(C::first(first as _, second), 1);
        }
        assert_eq!((C::E_dollar_1, C::M_dollar_), (5, 4));
    }
}

/// Letters beyond ASCII. Those that Rust may not have are spelled by their numbers.
mod letters {
    cgo::c_preamble! {
        r#"
        #cgo CFLAGS: -Wno-normalized -Wno-unknown-warning-option
        static int été(int à) { return à; }
        static int \u00e8t\u00e8(int a) { return a + 1; }
        static long double weit_größer(long double größe) { return größe + 1; }
        struct größe { int ä; int \u00fc; };
        static int get(struct größe g) { return g.ä + g.ü; }
        enum größen { KLEIN_ß, GROSS_Ω = 5 };
        #define π 3.5
        #define \U000003c4 7.0
        #define ÉTÉ été
        typedef int 整数;
        const 整数 変数 = 4;
        int compteur_à = 7;
        __thread int fil_é = 8;
        #define PROCHAIN_É (compteur_à + 1)
        static int e\u0301(void) { return 9; }
        static int \u00e9(void) { return 10; }
        static const char *text(void) { return "\u00e9"; }
        "#
    }

    #[test]
    fn beyond_ascii() {
        unsafe {
            assert_eq!((C::été(3), C::ètè(3), C::ÉTÉ(4)), (3, 4, 4));
            assert_eq!(C::weit_größer(1.5), 2.5);
            assert_eq!(C::get(C::struct_größe { ä: 1, ü: 2 }), 3);
            assert_eq!((C::GROSS_Ω, C::π, C::τ), (5, 3.5, 7.0));
            let number: C::整数 = C::変数;
            assert_eq!(
                (number, { C::compteur_à }, *C::fil_é(), C::PROCHAIN_É()),
                (4, 7, 8, 8)
            );
            assert_eq!((C::e_u301_(), C::é()), (9, 10));
            assert_eq!(C::GoString(C::text()), "é");
        }
    }
}

/// Where a tag is known: at file scope, also in a struct; but not out of a prototype or a function.
mod scopes {
    cgo::c_preamble! {
        #cgo CFLAGS: -Wno-visibility -Wno-unknown-warning-option -w
        struct a { struct b { int x; } b; enum inside { INSIDE = 4 } e; };
        static int of_b(struct b b) { return b.x; }
        static int only_here(struct only_here { int x; } *p) { return p->x; }
        static int only_there(struct only_here { double d; char c; } *p) { return p->c; }
        // As at file scope, but another type.
        struct twice { int a; } __attribute__((aligned(16)));
        static int shadowing(struct twice { char c, d; } *p) { return p->d; }
        static int of_twice(struct twice *p) { return p->a; }
        static inline int local(void) {
            struct local { int x; } l = { 3 };
            struct b { char c[3]; } b = { { 1, 2, 3 } };
            typedef struct { char c; } local_t;
            enum { LOCAL = 40 };
            local_t t = { 5 };
            return l.x + b.c[2] + t.c + LOCAL;
        }
        typedef struct { long l; } local_t;

        // Without a name, down to the fifth level.
        struct nested {
            union {
                struct { int deep; struct { char deeper; union { short deepest; char bytes[2]; }; }; };
                double d;
            };
            struct { struct { int named; } in; } list[2][3];
            union { int i; float f; } *to;
            struct { int x; } (*get)(struct { int y; } *);
        };
        static int deepest(struct nested *n) { return n->deepest + n->list[1][2].in.named; }

        // Types that lead to themselves.
        struct even { struct odd *next; int n; };
        struct odd { struct even *next; int n; };
        static int count(struct even *e) { return e ? 1 + (e->next ? 1 + count(e->next->next) : 0) : 0; }
        typedef struct tree { struct tree *children[2]; struct tree *(*visit)(struct tree *, struct tree **); } tree;
        typedef struct list list;
        typedef list *(*step)(list *, struct even *);
        struct list { list *next; step step; };
        struct loop { struct loop *(*f[3])(struct loop *(*)[4]); };
        static tree *visit(tree *t) { return t->visit(t, t->children); }
        static list *next(list *l) { return l->step ? l->step(l, 0) : l->next; }
    }

    #[test]
    fn types_of_all_scopes() {
        unsafe {
            let a = C::struct_a {
                b: C::struct_b { x: 1 },
                e: C::INSIDE,
            };
            assert_eq!((C::of_b(a.b), a.e), (1, 4));
            assert_eq!(C::only_here(&mut C::struct_only_here { x: 3 }), 3);
            assert_eq!(
                C::only_there(&mut C::struct_only_here_2 { d: 1.0, c: 4 }),
                4
            );
            assert_eq!(C::of_twice(&mut C::struct_twice { a: 7 }), 7);
            assert_eq!(C::shadowing(&mut C::struct_twice_2 { c: 1, d: 2 }), 2);
            assert_eq!(align_of::<(C::struct_twice, C::struct_twice_2)>(), 16);
            assert_eq!(align_of::<C::struct_twice_2>(), 1);
            assert_eq!((C::local(), C::local_t { l: 4 }.l), (51, 4));
        }
    }

    #[test]
    fn anonymous_members() {
        let mut nested = C::struct_nested::default();
        nested.anon0.anon0.anon1.anon1.deepest = 5;
        nested.list[1][2].r#in.named = 6;
        assert_eq!(unsafe { C::deepest(&mut nested) }, 11);
        nested.to = std::ptr::null_mut::<C::struct_nested_to>();
        unsafe extern "C" fn get(from: *mut C::struct_nested_get_2) -> C::struct_nested_get {
            C::struct_nested_get {
                x: unsafe { (*from).y },
            }
        }
        nested.get = Some(get);
        let got = unsafe { nested.get.unwrap()(&mut C::struct_nested_get_2 { y: 8 }) };
        assert_eq!(got.x, 8);
    }

    #[test]
    fn types_that_lead_to_themselves() {
        let mut even = C::struct_even {
            next: std::ptr::null_mut(),
            n: 0,
        };
        let mut odd = C::struct_odd {
            next: &mut even,
            n: 1,
        };
        let mut first = C::struct_even {
            next: &mut odd,
            n: 2,
        };
        assert_eq!(unsafe { C::count(&mut first) }, 3);
        unsafe extern "C" fn right(_: *mut C::tree, children: *mut *mut C::tree) -> *mut C::tree {
            unsafe { *children.add(1) }
        }
        let mut leaf = C::tree::default();
        let mut tree = C::struct_tree {
            children: [std::ptr::null_mut(), &mut leaf],
            visit: Some(right),
        };
        assert_eq!(unsafe { C::visit(&mut tree) }, &raw mut leaf);
        let mut list = C::list::default();
        list.next = &raw mut list;
        assert_eq!(unsafe { C::next(&mut list) }, &raw mut list);
        type Loop = unsafe extern "C" fn(*mut [*mut C::struct_loop; 4]) -> *mut C::struct_loop;
        let _: [Option<Loop>; 3] = C::struct_loop::default().f;
    }
}

/// Our own C behind the preamble is not changed by it, and what is bound means what it means there.
mod words_of_c_that_are_macros {
    use std::ffi::c_uint;

    cgo::c_preamble! {
        #include <stddef.h>
        #define int unsigned
        #define static
        #define volatile
        #define char short
        #define __attribute__(what)
        #define return return 1 +
        #define used 3
        #define no_sanitize(what) what
        static int next(int a) { return a; }
        struct __attribute__((packed)) holds { char c; int i; };
        int least = -1;
        long double half(long double a) { return a / 2; }
        __thread int of_thread = 4;
        #define SIX 6
        #define LEAST (least + SIX)
        #define FIVE ((int)5)
    }

    #[test]
    fn they_are_what_the_preamble_says() {
        unsafe {
            let next: c_uint = C::next(1);
            assert_eq!((next, C::half(3.0)), (2, 2.5));
            assert_eq!((C::least, C::LEAST()), (c_uint::MAX, 5));
            assert_eq!((*C::of_thread(), C::SIX, C::used), (4, 6, 3));
        }
        assert_eq!((C::sizeof_struct_holds, C::sizeof_int), (8, 4));
    }
}

/// The library's own proof of layouts uses it.
mod the_word_for_offsets_is_a_macro {
    cgo::c_preamble! {
        #define __builtin_offsetof(type, member) 7
        struct pair { int first; long second; };
        static long second(struct pair *pair) { return pair->second; }
    }

    #[test]
    fn structs_are_bound() {
        let mut pair = C::struct_pair {
            first: 1,
            second: 2,
        };
        assert_eq!(unsafe { C::second(&mut pair) }, 2);
    }
}

/// As in cgo.
mod sizes_without_an_include {
    cgo::c_preamble! {
        static size_t twice(size_t n) { return 2 * n; }
        static ptrdiff_t between(const char *a, const char *b) { return b - a; }
        wchar_t wide = 'w';
        #define PAGE ((size_t)4096)
        #include <stddef.h>
        static size_t size_of_pointer(void) { return sizeof(max_align_t *); }
    }

    #[test]
    fn they_are_known() {
        let n: C::size_t = unsafe { C::twice(2) };
        assert_eq!(
            n,
            unsafe { C::size_of_pointer() } / size_of::<*const u8>() * 4
        );
        let text = c"ab".as_ptr();
        let between: isize = unsafe { C::between(text, text.add(2)) };
        assert_eq!((between, C::PAGE), (2, 4096));
        assert_eq!(unsafe { C::wide } as u8, b'w');
    }
}

mod a_size_without_any_include {
    cgo::c_preamble! {
        static size_t length(const char *text) { size_t n = 0; while (text[n]) n++; return n; }
        #define NOWHERE ((size_t)-1)
        #define BACK ((ptrdiff_t)-2)
        #define WIDE ((wchar_t)'w')
    }

    #[test]
    fn it_is_known() {
        let length: usize = unsafe { C::length(c"four".as_ptr()) };
        assert_eq!(length, 4);
        let (nowhere, back): (usize, isize) = (C::NOWHERE, C::BACK);
        assert_eq!((nowhere, back, C::WIDE as u8), (usize::MAX, -2, b'w'));
    }
}
