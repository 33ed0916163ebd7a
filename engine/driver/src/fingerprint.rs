//! Fingerprints of libraries and objects in the link directory, which detect damage.

use std::fs;
use std::io::{self, Read, Seek};
use std::path::Path;

use cgo_csyntax::files::checksum;
use cgo_csyntax::files::stamp::{self, Stamp};

/// The fingerprint of a file. If the stamp is the same, only samples of the content are compared: after a power cut a file may have its
/// length and time, and zeros in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    state: Stamp,
    some: u64,
    all: u64,
}

impl Fingerprint {
    pub(crate) fn of(file: &Path) -> Option<Fingerprint> {
        Some(Fingerprint {
            state: stamp::of_file(file)?,
            some: some(file).ok()?,
            all: checksum::sum(&fs::read(file).ok()?),
        })
    }

    pub(crate) fn written(&self) -> String {
        format!("{}\t{}\t{}", self.state, self.some, self.all)
    }

    pub(crate) fn read(text: &str) -> Option<Fingerprint> {
        let mut numbers = text.split('\t').map(|number| number.parse().ok());
        Some(Fingerprint {
            state: numbers.next()??,
            some: numbers.next()??,
            all: numbers.next()??,
        })
    }

    pub(crate) fn is_of(&self, file: &Path) -> bool {
        match stamp::of_file(file) {
            None => false,
            Some(state) if state == self.state => some(file).ok() == Some(self.some),
            Some(_) => fs::read(file).is_ok_and(|bytes| checksum::sum(&bytes) == self.all),
        }
    }
}

/// The checksum of samples of a file.
fn some(file: &Path) -> io::Result<u64> {
    const BLOCK: usize = 4096;
    const BLOCKS: u64 = 8;
    let mut file = fs::File::open(file)?;
    let step = file.metadata()?.len() / BLOCKS;
    let mut bytes = vec![0; BLOCK * BLOCKS as usize];
    let mut length = 0;
    for (number, block) in (0..).zip(bytes.chunks_mut(BLOCK)) {
        file.seek(io::SeekFrom::Start(number * step))?;
        length += file.read(block)?;
    }
    bytes.extend(length.to_le_bytes());
    Ok(checksum::sum(&bytes))
}
