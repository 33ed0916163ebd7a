//! Compares the layout of an imported type with what the preamble's C says, while the crate compiles.

use super::encoding::Reader;
use super::layout::{CLayout, Layout};
use crate::kind::Kind;
use crate::message::Message;

/// An imported type as the C of the preamble has it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Its name in the preamble.
    pub name: &'static str,
    /// The path that it is imported by.
    pub path: &'static str,
    /// The list of the preamble's module.
    pub types: &'static [&'static str],
    /// The type's own text. That of an enumeration has its enumerators behind it.
    pub text: &'static str,
    /// Size and alignment; `None` where it is incomplete.
    pub size: Option<(usize, usize)>,
}

/// Compares an imported type with what the preamble's C says.
///
/// # Panics
///
/// If they differ: at compile time, since it is called in constants alone.
#[doc(hidden)]
#[track_caller]
#[inline]
pub const fn check_imported<T: CLayout>(wanted: &Wanted) {
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
    comparison.message.text("` is imported from `");
    comparison.message.text(wanted.path);
    comparison
        .message
        .text("`, which is another type than in the C of this preamble: ");
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
    let mut text = Reader::of(wanted.text);
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
    const fn layout(&mut self, theirs: &Layout, ours: &mut Reader, by_value: bool) -> bool {
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
            (Layout::Enumeration(integer, enumerators), _) => {
                *ours = start;
                return self.layout(integer, ours, by_value)
                    || self.enumerators(Reader::of(enumerators), *ours);
            }
            // Rust can only hold a pointer to some functions.
            (Layout::Pointer(Layout::Kind(Kind::Void)), b'p')
                if matches!(ours.byte(), b'C' | b'F' | b'G') =>
            {
                ours.skip_types(1);
                return false;
            }
            // In Rust a pointer to a function pointer that is never null.
            (Layout::Pointer(Layout::Function { .. }), b'p')
                if matches!(ours.byte(), b'F' | b'G') =>
            {
                true
            }
            (Layout::Pointer(inner) | Layout::FunctionPointer(inner), b'p') => {
                return self.layout(inner, ours, false);
            }
            // What `#cgo unsafe nonnull:` makes of a pointer to a function.
            (Layout::Function { .. }, b'p') if matches!(ours.byte(), b'F' | b'G') => {
                return self.layout(theirs, ours, false);
            }
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

    /// The enumerators of two enumerations. Where C has another type than an enumeration, there are none to compare.
    const fn enumerators(&mut self, mut theirs: Reader, mut ours: Reader) -> bool {
        if ours.is_empty() || ours.letter() != b' ' {
            return false;
        }
        while !theirs.is_empty() || !ours.is_empty() {
            let there = if ours.is_before(theirs) {
                None
            } else {
                Some(theirs)
            };
            let here = if theirs.is_before(ours) {
                None
            } else {
                Some(ours)
            };
            let same = match (there, here) {
                (Some(there), Some(here)) => there.after_word().same_word(here.after_word()),
                _ => false,
            };
            if !same {
                self.message
                    .word(if here.is_some() { ours } else { theirs });
                self.message.text(" is ");
                self.message.value(there);
                self.message.text(" there, and ");
                self.message.value(here);
                self.message.text(" here");
                return true;
            }
            theirs = theirs.after_word().after_word();
            ours = ours.after_word().after_word();
        }
        false
    }

    /// Notes two structs or unions that have to agree.
    const fn pair(&mut self, theirs: usize, ours: usize, by_value: bool) -> bool {
        let (there, here) = (
            Reader::of(self.theirs[theirs]).after_word(),
            Reader::of(self.ours[ours]).after_word(),
        );
        if by_value && there.is_incomplete() && !here.is_incomplete() {
            self.message.word(Reader::of(self.ours[ours]));
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
            if self.record(Reader::of(self.theirs[theirs]), Reader::of(self.ours[ours])) {
                return true;
            }
            at += 1;
        }
        false
    }

    const fn record(&mut self, their_name: Reader, our_name: Reader) -> bool {
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
                if name.is_empty() {
                    self.missing_member(our_name, member, " there; here it is ");
                    self.message.member(our_member, our_place);
                } else if our_member.is_empty() {
                    self.missing_member(our_name, member, " here; there it is ");
                    self.message.member(name, their_place);
                } else {
                    self.start_member(our_name, member);
                    self.message.text(" is ");
                    self.message.member(name, their_place);
                    self.message.text(" there, and ");
                    self.message.member(our_member, our_place);
                    self.message.text(" here");
                }
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

    const fn start_member(&mut self, record: Reader, member: usize) {
        self.message.text("member ");
        self.message.number(member);
        self.message.text(" of ");
        self.message.word(record);
    }

    const fn missing_member(&mut self, record: Reader, member: usize, sides: &str) {
        self.message.word(record);
        self.message.text(" has no member ");
        self.message.number(member);
        self.message.text(sides);
    }

    /// Two types as texts.
    const fn texts(&mut self, theirs: &mut Reader, ours: &mut Reader, by_value: bool) -> bool {
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

#[cfg(test)]
mod tests;
