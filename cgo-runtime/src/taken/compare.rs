//! Compares a type that a preamble takes with the one that its C has, while the crate compiles.
//!
//! Each module has a list of texts, one for each struct and union that its C knows: its name, `s` or `u` with size and alignment (or
//! `?` where it is incomplete), then name, place and type of each member. `struct_pair s8,4 a 0 i4 next 4+3 u4` has a bit-field of
//! 3 bits at bit 4. A type is a letter and what belongs to it:
//!
//! - `v` void, `b1` bool, `i4` and `u4` integers, `f8` float, `c16` complex, each with its size;
//! - `y16.longdouble;` what Rust has not: its size and what C calls it;
//! - `a` atomic, `V` volatile, `p` pointer to, `A4` array of 4, then that type;
//! - `F2` function, with how many parameters, then its result and their types; `G2` with `...`; `C` before it: of another calling
//!   convention; `R7` the struct or union of text 7.

use super::{CLayout, Layout};
use crate::Kind;
use crate::message::Message;

/// A type as a preamble's C has it, and what it is called.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Its name in the preamble.
    pub name: &'static str,
    /// The path it is taken by.
    pub path: &'static str,
    /// The list of the preamble's module.
    pub types: &'static [&'static str],
    /// The type's own text.
    pub text: &'static str,
    /// Size and alignment; `None` where it is incomplete.
    pub size: Option<(usize, usize)>,
}

/// Compares a type that a preamble takes, of this size and alignment, with what the preamble's C says.
///
/// # Panics
///
/// If they differ: at compile time, since it is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn check_taken<T: CLayout>(wanted: &Wanted) {
    let mut comparison = Comparison {
        theirs: &[],
        ours: wanted.types,
        list: [(0, 0); MOST],
        length: 0,
        message: Message::new(),
        said: false,
    };
    comparison.message.text("`");
    comparison.message.text(wanted.name);
    comparison.message.text("` is another type in `");
    comparison.message.text(wanted.path);
    comparison
        .message
        .text("`, from where it is taken, than in the C of this preamble: ");
    let layout = &<T as CLayout>::LAYOUT;
    let same_size = match (layout, wanted.size) {
        (Layout::Promised, Some((size, align))) => {
            size == size_of::<T>() && align == align_of::<T>()
        }
        _ => true,
    };
    if !same_size {
        comparison
            .message
            .text("it has another size or alignment there");
    }
    let mut text = Text::of(wanted.text);
    if !same_size || comparison.layout(layout, &mut text, true) {
        panic!("{}", comparison.message.as_str());
    }
}

/// So many pairs of structs and unions are compared.
const MOST: usize = 4096;

struct Comparison {
    theirs: &'static [&'static str],
    ours: &'static [&'static str],
    /// The structs and unions that have to agree, there and here, by their numbers.
    list: [(usize, usize); MOST],
    length: usize,
    message: Message,
    /// Whether the message says the difference already.
    said: bool,
}

/// Is true where they differ; then the message is complete.
impl Comparison {
    /// A type in Rust, and the text of one of ours.
    const fn layout(&mut self, theirs: &Layout, ours: &mut Text, by_value: bool) -> bool {
        let start = *ours;
        let differs = match (*theirs, ours.letter()) {
            (Layout::Promised, _) => {
                *ours = start;
                ours.skip_types(1);
                return false;
            }
            (Layout::Record(list, number), b'R') => {
                (self.theirs, self.length) = (list, 0);
                return self.pair(number, ours.number(), by_value) || self.records();
            }
            // Rust can only hold a pointer to some functions.
            (Layout::Pointer(Layout::Kind(Kind::Void)), b'p')
                if matches!(ours.byte(), b'C' | b'F' | b'G') =>
            {
                ours.skip_types(1);
                return false;
            }
            (Layout::Pointer(inner), b'p') => return self.layout(inner, ours, false),
            (Layout::Volatile(inner), b'V') => return self.layout(inner, ours, by_value),
            (Layout::Atomic(inner), b'a') => return self.layout(inner, ours, by_value),
            (Layout::Array(inner, count), b'A') => {
                if count == ours.number() {
                    return self.layout(inner, ours, by_value);
                }
                true
            }
            (Layout::Bytes(size), b'y') => {
                let here = ours.number();
                ours.skip_name();
                size != here
            }
            (Layout::Kind(Kind::Void), b'v') => false,
            (Layout::Kind(Kind::Bool), b'b') => ours.number() != 1,
            (Layout::Kind(Kind::Integer { size, signed: true }), b'i')
            | (
                Layout::Kind(Kind::Integer {
                    size,
                    signed: false,
                }),
                b'u',
            )
            | (Layout::Kind(Kind::Float { size }), b'f')
            | (Layout::Kind(Kind::Complex { size }), b'c') => size != ours.number(),
            (
                Layout::Function {
                    parameters,
                    variadic,
                    result,
                },
                letter @ (b'F' | b'G'),
            ) => {
                if parameters.len() == ours.number() && variadic == (letter == b'G') {
                    if self.layout(result, ours, false) {
                        return true;
                    }
                    let mut at = 0;
                    while at < parameters.len() {
                        if self.layout(&parameters[at], ours, false) {
                            return true;
                        }
                        at += 1;
                    }
                    return false;
                }
                true
            }
            _ => true,
        };
        if differs {
            self.message.text("there it is ");
            self.message.layout(theirs);
            self.message.text(", and here ");
            self.message.described(start, self.ours);
        }
        differs
    }

    /// Notes two structs or unions that have to agree.
    const fn pair(&mut self, theirs: usize, ours: usize, by_value: bool) -> bool {
        let (there, here) = (
            Text::of(self.theirs[theirs]).after_word(),
            Text::of(self.ours[ours]).after_word(),
        );
        if by_value && there.is_incomplete() && !here.is_incomplete() {
            self.message.word(Text::of(self.ours[ours]));
            self.message.text(" has no members there");
            return true;
        }
        let mut at = 0;
        while at < self.length {
            if self.list[at].0 == theirs && self.list[at].1 == ours {
                return false;
            }
            at += 1;
        }
        if self.length == MOST {
            self.message
                .text("it leads to too many types to compare them");
            return true;
        }
        self.list[self.length] = (theirs, ours);
        self.length += 1;
        false
    }

    /// All structs and unions that were noted, and those that they lead to.
    const fn records(&mut self) -> bool {
        let mut at = 0;
        while at < self.length {
            let (theirs, ours) = self.list[at];
            if self.record(Text::of(self.theirs[theirs]), Text::of(self.ours[ours])) {
                return true;
            }
            at += 1;
        }
        false
    }

    const fn record(&mut self, their_name: Text, our_name: Text) -> bool {
        let (mut theirs, mut ours) = (their_name.after_word(), our_name.after_word());
        // What only one side knows agrees with the other: it is behind a pointer.
        if theirs.is_incomplete() || ours.is_incomplete() {
            return false;
        }
        let mut member = 1;
        let (there, here) = (theirs, ours);
        loop {
            (theirs, ours) = (theirs.after_word(), ours.after_word());
            if theirs.is_empty() && ours.is_empty() {
                break;
            }
            let (name, our_member) = (theirs, ours);
            let same_name = theirs.same_word(ours);
            (theirs, ours) = (theirs.after_word(), ours.after_word());
            let same_place = theirs.same_word(ours);
            let (their_place, our_place) = (theirs, ours);
            (theirs, ours) = (theirs.after_word(), ours.after_word());
            if !same_name || !same_place {
                self.start_member(our_name, member);
                self.message.text(" is ");
                self.message.member(name, their_place);
                self.message.text(" there, and ");
                self.message.member(our_member, our_place);
                self.message.text(" here");
                return true;
            }
            let (their_type, our_type) = (theirs, ours);
            if self.texts(&mut theirs, &mut ours, true) {
                // A difference that was said already has its own words.
                if !self.said {
                    self.start_member(our_name, member);
                    self.message.text(", `");
                    self.message.word_alone(name);
                    self.message.text("`, is ");
                    self.message.described(their_type, self.theirs);
                    self.message.text(" there, and ");
                    self.message.described(our_type, self.ours);
                    self.message.text(" here");
                }
                return true;
            }
            member += 1;
        }
        if there.same_word(here) {
            return false;
        }
        self.message.word(our_name);
        self.message.text(" is ");
        self.message.header(there);
        self.message.text(" there, and ");
        self.message.header(here);
        self.message.text(" here");
        true
    }

    const fn start_member(&mut self, record: Text, member: usize) {
        self.message.text("member ");
        self.message.number(member);
        self.message.text(" of ");
        self.message.word(record);
    }

    /// Two types as texts.
    const fn texts(&mut self, theirs: &mut Text, ours: &mut Text, by_value: bool) -> bool {
        let (there, here) = (theirs.letter(), ours.letter());
        if there != here {
            return true;
        }
        match there {
            b'v' => false,
            b'p' => self.texts(theirs, ours, false),
            b'a' | b'V' | b'C' => self.texts(theirs, ours, by_value),
            b'R' => {
                let (theirs, ours) = (theirs.number(), ours.number());
                self.said |= self.pair(theirs, ours, by_value);
                self.said
            }
            b'A' => theirs.number() != ours.number() || self.texts(theirs, ours, by_value),
            b'F' | b'G' => {
                let count = theirs.number();
                if count != ours.number() {
                    return true;
                }
                // The result, and the parameters.
                let mut at = 0;
                while at <= count {
                    if self.texts(theirs, ours, false) {
                        return true;
                    }
                    at += 1;
                }
                false
            }
            b'y' => {
                let differs = theirs.number() != ours.number() || !theirs.same_name(*ours);
                theirs.skip_name();
                ours.skip_name();
                differs
            }
            _ => theirs.number() != ours.number(),
        }
    }
}

/// What is still to be read of a text.
#[derive(Clone, Copy)]
struct Text {
    bytes: &'static [u8],
    at: usize,
}

impl Text {
    const fn of(text: &'static str) -> Text {
        Text {
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    const fn byte(&self) -> u8 {
        match self.at < self.bytes.len() {
            true => self.bytes[self.at],
            false => b' ',
        }
    }

    const fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    const fn letter(&mut self) -> u8 {
        let letter = self.byte();
        self.at += 1;
        letter
    }

    const fn number(&mut self) -> usize {
        let mut number = 0usize;
        while self.byte().is_ascii_digit() {
            number = number
                .wrapping_mul(10)
                .wrapping_add((self.letter() - b'0') as usize);
        }
        number
    }

    /// Behind the next `;`.
    const fn skip_name(&mut self) {
        while !self.is_empty() && self.letter() != b';' {}
    }

    const fn same_name(mut self, mut other: Text) -> bool {
        while self.byte() == other.byte() {
            if self.letter() == b';' {
                return true;
            }
            other.at += 1;
        }
        false
    }

    /// Behind so many types.
    const fn skip_types(&mut self, mut types: usize) {
        while types > 0 {
            types -= 1;
            match self.letter() {
                b'a' | b'V' | b'C' | b'p' => types += 1,
                b'A' => {
                    let _ = self.number();
                    types += 1;
                }
                b'F' | b'G' => types += self.number() + 1,
                b'y' => self.skip_name(),
                b'v' => {}
                _ => _ = self.number(),
            }
        }
    }

    /// Behind the next blank.
    const fn after_word(mut self) -> Text {
        while self.byte() != b' ' {
            self.at += 1;
        }
        self.at += 1;
        self
    }

    const fn same_word(mut self, mut other: Text) -> bool {
        while self.byte() == other.byte() {
            if self.byte() == b' ' {
                return true;
            }
            self.at += 1;
            other.at += 1;
        }
        false
    }

    /// For what stands behind a record's name.
    const fn is_incomplete(&self) -> bool {
        self.at + 1 < self.bytes.len() && self.bytes[self.at + 1] == b'?'
    }
}

impl Message {
    const fn word_alone(&mut self, text: Text) {
        let end = text.after_word().at - 1;
        let (word, _) = text.bytes.split_at(end);
        let (_, word) = word.split_at(text.at);
        if let Ok(word) = core::str::from_utf8(word) {
            self.text(word);
        }
    }

    const fn word(&mut self, text: Text) {
        self.text("`");
        self.word_alone(text);
        self.text("`");
    }

    /// A member's name, and its place.
    const fn member(&mut self, name: Text, mut place: Text) {
        if name.is_empty() {
            return self.text("not");
        }
        match name.byte() {
            b'.' => self.text("one without a name"),
            _ => self.word(name),
        }
        let at = place.number();
        if place.byte() == b'+' {
            place.at += 1;
            self.text(", a bit-field ");
            self.number(place.number());
            self.text(" wide at bit ");
        } else {
            self.text(" at byte ");
        }
        self.number(at);
    }

    /// What stands behind a record's name.
    const fn header(&mut self, mut text: Text) {
        self.text(match text.letter() {
            b'u' => "a union of ",
            _ => "a struct of ",
        });
        self.number(text.number());
        self.text(" bytes aligned to ");
        text.at += 1;
        self.number(text.number());
    }

    const fn layout(&mut self, layout: &Layout) {
        match *layout {
            Layout::Promised => self.text("as promised"),
            Layout::Kind(Kind::Void) => self.text("`void`"),
            Layout::Kind(kind) => self.kind(kind),
            Layout::Atomic(inner) => {
                self.text("an atomic of ");
                self.layout(inner);
            }
            Layout::Volatile(inner) => {
                self.text("volatile, ");
                self.layout(inner);
            }
            Layout::Bytes(size) => self.sized("something", size),
            Layout::Pointer(inner) => {
                self.text("a pointer to ");
                self.layout(inner);
            }
            Layout::Array(inner, count) => {
                self.text("an array of ");
                self.number(count);
                self.text(", each ");
                self.layout(inner);
            }
            Layout::Function { parameters, .. } => {
                self.text("a function of ");
                self.number(parameters.len());
                self.text(" parameters");
            }
            Layout::Record(list, number) => self.word(Text::of(list[number])),
        }
    }

    const fn described(&mut self, mut text: Text, types: &'static [&'static str]) {
        match text.letter() {
            b'v' => self.text("`void`"),
            b'y' => self.sized("something", text.number()),
            b'b' => self.text("a `bool`"),
            b'i' => self.sized("a signed integer", text.number()),
            b'u' => self.sized("an unsigned integer", text.number()),
            b'f' => self.sized("a floating-point number", text.number()),
            b'c' => self.sized("a complex number", text.number()),
            b'a' => {
                self.text("an atomic of ");
                self.described(text, types);
            }
            b'V' => {
                self.text("volatile, ");
                self.described(text, types);
            }
            b'p' => {
                self.text("a pointer to ");
                self.described(text, types);
            }
            b'A' => {
                self.text("an array of ");
                self.number(text.number());
                self.text(", each ");
                self.described(text, types);
            }
            b'R' => self.word(Text::of(types[text.number()])),
            b'C' => self.text("a function of another calling convention"),
            b'F' | b'G' => {
                self.text("a function of ");
                self.number(text.number());
                self.text(" parameters");
            }
            _ => self.text("another type"),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::ffi::c_void;

    use super::*;
    use crate::AlignedBytes;
    use crate::taken::Record;

    /// `node` with a pointer to its own kind, and an `int`.
    const THERE: &[&str] = &["struct_node s16,8 next 0 pR0 number 8 i4", "struct_only s?"];

    #[repr(C)]
    struct Node(*mut Node, i32);
    // SAFETY: the text says what it is.
    unsafe impl Record for Node {
        const TEXT: crate::taken::Text = (THERE, 0);
    }

    fn check<T: CLayout>(
        types: &'static [&'static str],
        text: &'static str,
    ) -> Result<(), std::string::String> {
        let wanted = Wanted {
            name: "t",
            path: "a::t",
            types,
            text,
            size: Some((16, 8)),
        };
        let panic = std::panic::catch_unwind(|| check_taken::<T>(&wanted)).err();
        panic.map_or(Ok(()), |panic| Err(*panic.downcast().expect("a message")))
    }

    #[test]
    fn equal_layouts_pass_whatever_their_numbers() {
        let here = &[
            "struct_other s4,4 x 0 f4",
            "struct_node s16,8 next 0 pR1 number 8 i4",
        ];
        assert_eq!(check::<Node>(here, "R1"), Ok(()));
        assert_eq!(check::<*mut Node>(here, "pR1"), Ok(()));
        assert_eq!(check::<[crate::Volatile<i32>; 4]>(here, "A4Vi4"), Ok(()));
        // Behind a pointer one side may not know the members.
        assert_eq!(check::<*mut Node>(&["struct_node s?"], "pR0"), Ok(()));
        type Function =
            unsafe extern "C" fn(*mut Node, *mut AlignedBytes<crate::Align16, 16>, ...) -> [i8; 2];
        assert_eq!(
            check::<Option<Function>>(here, "pG2A2i1pR1py16.longdouble;"),
            Ok(())
        );
        assert_eq!(
            check::<*mut c_void>(here, "pF1pR1A3y16.longdouble;"),
            Ok(())
        );
        assert_eq!(check::<*mut c_void>(here, "pCF1vi4"), Ok(()));
    }

    #[test]
    fn what_was_promised_is_passed_over() {
        struct Vouched;
        // SAFETY: nobody makes one.
        unsafe impl CLayout for Vouched {}
        type Function = unsafe extern "C" fn(*mut Vouched, i32);
        let here = &["struct_v s?"];
        assert_eq!(check::<Function>(here, "F2vpR0i4"), Ok(()));
        assert!(check::<Function>(here, "F2vpR0u4").is_err());
    }

    #[test]
    fn a_function_is_called_in_one_way() {
        type Function = unsafe extern "C" fn(i32);
        let said = check::<Option<Function>>(&[], "pCF1vi4").expect_err("registers differ");
        assert!(
            said.ends_with("and here a function of another calling convention"),
            "{said}"
        );
    }

    #[test]
    fn the_first_difference_is_said() {
        for (types, expected) in [
            (
                &["struct_node s16,8 next 0 pR0 number 8 u4"],
                "member 2 of `struct_node`, `number`, is a signed integer of 4 bytes there, and an unsigned integer of 4 bytes here",
            ),
            (
                &["struct_node s16,8 number 0 i4 next 8 pR0"],
                "member 1 of `struct_node` is `next` at byte 0 there, and `number` at byte 0 here",
            ),
            (
                &["struct_node s16,8 next 0 pR0"],
                "member 2 of `struct_node` is `number` at byte 8 there, and not here",
            ),
            (
                &["struct_node s16,8 next 0 pR0 number 64+3 i4"],
                "member 2 of `struct_node` is `number` at byte 8 there, and `number`, a bit-field 3 wide at bit 64 here",
            ),
            (
                &["union_node u16,8 next 0 pR0 number 8 i4"],
                "`union_node` is a struct of 16 bytes aligned to 8 there, and a union of 16 bytes aligned to 8 here",
            ),
            (
                &["struct_node s16,8 next 0 ppR0 number 8 i4"],
                "member 1 of `struct_node`, `next`, is a pointer to `struct_node` there, and a pointer to a pointer to `struct_node` here",
            ),
        ] {
            let said = check::<Node>(types, "R0").expect_err("they differ");
            let whole = std::format!(
                "`t` is another type in `a::t`, from where it is taken, than in the C of this preamble: {expected}"
            );
            assert_eq!(said, whole);
        }
        let said = check::<i32>(&[], "Vi4").expect_err("C writes to it");
        assert!(said.ends_with("there it is a signed integer of 4 bytes, and here volatile, a signed integer of 4 bytes"), "{said}");
    }
}
