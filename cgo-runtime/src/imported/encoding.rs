//! Reads the encoded layouts of a module's records.
//!
//! Each module has a list of texts, one for each struct and union that its C knows: its name, `s` or `u` (`S` or `U` for an opaque
//! one) with size and alignment (or `?` where it is incomplete), then name, place and type of each member. `struct_pair s8,4 a 0 i4
//! next 4+3 u4` has a bit-field of 3 bits at bit 4. A type is a letter and what belongs to it:
//!
//! - `v` void, `b1` bool, `i4` and `u4` integers, `f8` float, `c16` complex, each with its size;
//! - `y16.longdouble;` a type that Rust does not have: its size and its name in C;
//! - `a` atomic, `V` volatile, `p` pointer to, `A4` array of 4, then that type;
//! - `F2` function, with how many parameters, then its result and their types; `G2` with `...`; `C` before it: of another calling
//!   convention; `R7` the struct or union of text 7.
//!
//! The enumerators of an enumeration are a text of their own, by their names: `BLUE 6 GREEN 5 RED 0`.
//!
//! `engine/codegen/src/checks/type_encoding.rs` writes the texts. Constants of enums and structs would be plainer, but every module has
//! the list: for 300 structs with 10 members each they cost `cargo check` 460 ms, and the texts 1 ms.

/// The rest of an encoded record or type.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub(super) bytes: &'static [u8],
    pub(super) at: usize,
}

impl Reader {
    pub(super) const fn of(text: &'static str) -> Reader {
        Reader {
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    pub(super) const fn byte(&self) -> u8 {
        match self.at < self.bytes.len() {
            true => self.bytes[self.at],
            false => b' ',
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) const fn letter(&mut self) -> u8 {
        let letter = self.byte();
        self.at += 1;
        letter
    }

    pub(super) const fn number(&mut self) -> usize {
        let mut number = 0usize;
        while self.byte().is_ascii_digit() {
            number = number
                .wrapping_mul(10)
                .wrapping_add((self.letter() - b'0') as usize);
        }
        number
    }

    /// Behind the next `;`.
    pub(super) const fn skip_name(&mut self) {
        while !self.is_empty() && self.letter() != b';' {}
    }

    pub(super) const fn same_name(mut self, mut other: Reader) -> bool {
        while self.byte() == other.byte() {
            if self.letter() == b';' {
                return true;
            }
            other.at += 1;
        }
        false
    }

    /// Behind so many types.
    pub(super) const fn skip_types(&mut self, mut types: usize) {
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
    pub(super) const fn after_word(mut self) -> Reader {
        while self.byte() != b' ' {
            self.at += 1;
        }
        self.at += 1;
        self
    }

    pub(super) const fn same_word(mut self, mut other: Reader) -> bool {
        while self.byte() == other.byte() {
            if self.byte() == b' ' {
                return true;
            }
            self.at += 1;
            other.at += 1;
        }
        false
    }

    /// Whether the word sorts before the other one. None sorts last.
    pub(super) const fn is_before(mut self, mut other: Reader) -> bool {
        if self.is_empty() || other.is_empty() {
            return !self.is_empty();
        }
        while self.byte() == other.byte() && self.byte() != b' ' {
            self.at += 1;
            other.at += 1;
        }
        self.byte() < other.byte()
    }

    /// For what stands behind a record's name.
    pub(super) const fn is_incomplete(&self) -> bool {
        self.at + 1 < self.bytes.len() && self.bytes[self.at + 1] == b'?'
    }
}
