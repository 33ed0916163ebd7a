//! Puts the text of an error together while a crate compiles: the panic of a constant shows one text.

use core::str;

use crate::kind::Kind;
use crate::lengths::Lengths;

/// Text put together at compile time.
pub(crate) struct Message {
    bytes: [u8; 1024],
    length: usize,
}

impl Message {
    #[inline]
    pub(crate) const fn new() -> Message {
        Message {
            bytes: [0; 1024],
            length: 0,
        }
    }

    #[inline]
    pub(crate) const fn as_str(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "(the message is too long)",
        }
    }

    #[inline]
    pub(crate) const fn text(&mut self, text: &str) {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = text[at];
            self.length += 1;
            at += 1;
        }
    }

    #[inline]
    pub(crate) const fn number(&mut self, number: usize) {
        self.decimal(number as u128);
    }

    #[inline]
    const fn decimal(&mut self, number: u128) {
        if number >= 10 {
            self.decimal(number / 10);
        }
        let digit = [b'0' + (number % 10) as u8];
        if let Ok(digit) = str::from_utf8(&digit) {
            self.text(digit);
        }
    }

    #[inline]
    pub(crate) const fn signed(&mut self, number: i128) {
        if number < 0 {
            self.text("-");
        }
        self.decimal(number.unsigned_abs());
    }

    /// The lengths of an array as C writes them.
    #[inline]
    pub(crate) const fn lengths(&mut self, lengths: &Lengths) {
        let mut inner = lengths;
        if let Lengths::None = inner {
            self.text("none");
        }
        while let Lengths::Array(length, elements) = *inner {
            self.text("[");
            self.signed(length);
            self.text("]");
            inner = elements;
        }
    }

    #[inline]
    pub(crate) const fn difference(&mut self, ours: Kind, theirs: Kind) {
        self.text(" is ");
        self.kind(ours);
        self.text(" here, and ");
        self.kind(theirs);
        self.text(" in C");
    }

    #[inline]
    pub(crate) const fn kind(&mut self, kind: Kind) {
        let (what, size) = match kind {
            Kind::Void => ("nothing", 0),
            Kind::Bool => ("a `bool`", 0),
            Kind::Integer { size, signed: true } => ("a signed integer", size),
            Kind::Integer {
                size,
                signed: false,
            } => ("an unsigned integer", size),
            Kind::Float { size } => ("a floating-point number", size),
            Kind::Complex { size } => ("a complex number", size),
            Kind::Pointer => ("a pointer", 0),
            Kind::Record { size, .. } => ("a struct or union", size),
            Kind::Array { size: Some(size) } => ("an array", size),
            Kind::Array { size: None } => ("an array", 0),
            Kind::Other => ("something that Rust cannot pass", 0),
        };
        match size {
            0 => self.text(what),
            size => self.sized(what, size),
        }
        if let Kind::Record { align, .. } = kind {
            self.text(" aligned to ");
            self.number(align);
        }
    }

    #[inline]
    pub(crate) const fn sized(&mut self, what: &str, size: usize) {
        self.text(what);
        self.text(" of ");
        self.number(size);
        self.text(if size == 1 { " byte" } else { " bytes" });
    }
}
