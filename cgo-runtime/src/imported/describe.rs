//! The words for layouts in a message.

use super::encoding::Reader;
use super::layout::Layout;
use crate::kind::Kind;
use crate::message::Message;

impl Message {
    pub(super) const fn word_alone(&mut self, text: Reader) {
        let end = text.after_word().at - 1;
        let (word, _) = text.bytes.split_at(end);
        let (_, word) = word.split_at(text.at);
        if let Ok(word) = core::str::from_utf8(word) {
            self.text(word);
        }
    }

    pub(super) const fn word(&mut self, text: Reader) {
        self.text("`");
        self.word_alone(text);
        self.text("`");
    }

    /// The value of an enumerator, if there is one.
    pub(super) const fn value(&mut self, enumerator: Option<Reader>) {
        match enumerator {
            Some(name) => self.word_alone(name.after_word()),
            None => self.text("missing"),
        }
    }

    /// A member's name, and its place.
    pub(super) const fn member(&mut self, name: Reader, mut place: Reader) {
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
    pub(super) const fn header(&mut self, mut text: Reader) {
        self.text(match text.letter() {
            b'u' => "a union of ",
            b'S' => "an opaque struct of ",
            b'U' => "an opaque union of ",
            _ => "a struct of ",
        });
        self.number(text.number());
        self.text(" bytes aligned to ");
        text.at += 1;
        self.number(text.number());
    }

    /// What stands behind the letter of a function.
    const fn function(&mut self, mut text: Reader, variadic: bool, types: &'static [&'static str]) {
        let mut parameters = text.number();
        let result = text;
        self.text("a function (");
        while parameters > 0 {
            parameters -= 1;
            text.skip_types(1);
            self.described(text, types);
            self.text(if parameters > 0 { ", " } else { "" });
        }
        self.end_of_parameters(variadic);
        self.described(result, types);
    }

    const fn end_of_parameters(&mut self, variadic: bool) {
        self.text(if variadic { ", ..." } else { "" });
        self.text(") that returns ");
    }

    pub(super) const fn layout(&mut self, layout: &Layout) {
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
                self.text(match inner {
                    Layout::Function { .. } => "a pointer to a pointer to ",
                    _ => "a pointer to ",
                });
                self.layout(inner);
            }
            Layout::FunctionPointer(function) => {
                self.text("a pointer to ");
                self.layout(function);
            }
            Layout::Array(inner, count) => {
                self.text("an array of ");
                self.number(count);
                self.text(", each ");
                self.layout(inner);
            }
            Layout::Function {
                parameters,
                variadic,
                result,
            } => {
                self.text("a function (");
                let mut at = 0;
                while at < parameters.len() {
                    self.text(if at > 0 { ", " } else { "" });
                    self.layout(&parameters[at]);
                    at += 1;
                }
                self.end_of_parameters(variadic);
                self.layout(result);
            }
            Layout::Record(list, number) => self.word(Reader::of(list[number])),
            Layout::Enumeration(integer, _) => self.layout(integer),
        }
    }

    pub(super) const fn described(&mut self, mut text: Reader, types: &'static [&'static str]) {
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
            b'R' => self.word(Reader::of(types[text.number()])),
            b'C' => self.text("a function of another calling convention"),
            letter @ (b'F' | b'G') => self.function(text, letter == b'G', types),
            _ => self.text("another type"),
        }
    }
}
