#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod ffi;

use std::fmt;
use std::ptr::NonNull;

use ffi::c;

/// The version of the C library.
pub fn version() -> &'static str {
    c::TALLY_VERSION.to_str().unwrap_or_default()
}

/// Why a word is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Out of memory.
    NoMemory,
    /// The word has more than 64 bytes.
    TooLong,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::NoMemory => "out of memory",
            Error::TooLong => "the word is too long",
        })
    }
}

impl std::error::Error for Error {}

/// Words with their counts.
pub struct Tally(NonNull<c::tally>);

// SAFETY: the library has no global state, and only this value has the pointer.
unsafe impl Send for Tally {}
// SAFETY: the functions that take a `&Tally` only read.
unsafe impl Sync for Tally {}

impl Tally {
    /// Creates an empty tally.
    ///
    /// # Panics
    ///
    /// When out of memory.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Tally {
        // SAFETY: the function takes nothing.
        let tally = unsafe { c::tally_new() };
        Tally(NonNull::new(tally).expect("out of memory"))
    }

    /// Counts a word.
    pub fn add(&mut self, word: &str) -> Result<(), Error> {
        // SAFETY: the library reads so many bytes, and copies them.
        match unsafe { c::tally_add(self.0.as_ptr(), word.as_ptr().cast(), word.len()) } {
            c::TALLY_OK => Ok(()),
            c::TALLY_TOO_LONG => Err(Error::TooLong),
            _ => Err(Error::NoMemory),
        }
    }

    /// How often the word was counted.
    pub fn count(&self, word: &str) -> usize {
        // SAFETY: the library reads so many bytes.
        unsafe { c::tally_count(self.0.as_ptr(), word.as_ptr().cast(), word.len()) }
    }

    /// Calls `visit` with each word and its count, in the order of their first occurrence.
    pub fn each(&self, mut visit: impl FnMut(&str, usize)) {
        let visit = |entry: *const c::tally_entry| {
            // SAFETY: C passes an entry that it has filled, with a word that `add` has copied from a `str`.
            let (word, count) = unsafe {
                let entry = &*entry;
                let word = cgo::slice(entry.word.cast::<u8>(), entry.length);
                (str::from_utf8_unchecked(word), entry.count)
            };
            visit(word, count);
            0
        };
        // SAFETY: the library calls the closure before it returns, and never after.
        cgo::callback(visit).data_last(|function, data| unsafe {
            c::tally_each(self.0.as_ptr(), Some(function), data)
        });
    }

    /// How often the table has grown.
    #[cfg(feature = "stats")]
    pub fn growths(&self) -> u32 {
        // SAFETY: the tally lives.
        unsafe { c::tally_growths(self.0.as_ptr()) }
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        // SAFETY: nothing has the pointer afterwards.
        unsafe { c::tally_free(self.0.as_ptr()) }
    }
}
