//! Messages as values: what is wrong, and apart from it the notes and what helps.

use std::fmt::{self, Display, Formatter};

/// What is said of an error or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is wrong.
    pub text: String,
    /// What else is known about it.
    pub notes: Vec<String>,
    /// What to write or to do instead.
    pub helps: Vec<String>,
}

impl Message {
    pub fn new(text: impl Into<String>) -> Message {
        Message {
            text: text.into(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    pub fn note(mut self, note: impl Into<String>) -> Message {
        self.notes.push(note.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Message {
        self.helps.push(help.into());
        self
    }

    /// The same with these words before the text.
    pub fn prefixed(mut self, start: &str) -> Message {
        self.text.insert_str(0, start);
        self
    }
}

impl From<String> for Message {
    fn from(text: String) -> Message {
        Message::new(text)
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Message {
        Message::new(text)
    }
}

/// As the user sees it.
impl Display for Message {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        for note in &self.notes {
            write!(f, "\nnote: {note}")?;
        }
        for help in &self.helps {
            write!(f, "\nhelp: {help}")?;
        }
        Ok(())
    }
}

/// A message that is the same wherever it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    pub text: &'static str,
    pub help: Option<&'static str>,
}

impl Reason {
    pub const fn new(text: &'static str) -> Reason {
        Reason { text, help: None }
    }

    pub const fn help(self, help: &'static str) -> Reason {
        Reason {
            text: self.text,
            help: Some(help),
        }
    }
}

impl From<&'static str> for Reason {
    fn from(text: &'static str) -> Reason {
        Reason::new(text)
    }
}

impl From<Reason> for Message {
    fn from(reason: Reason) -> Message {
        Message {
            helps: reason.help.into_iter().map(str::to_string).collect(),
            ..Message::new(reason.text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_come_before_helps() {
        let message = Message::new("it is wrong")
            .help("write it right")
            .note("it is long");
        assert_eq!(
            message.prefixed("`x`: ").to_string(),
            "`x`: it is wrong\nnote: it is long\nhelp: write it right"
        );
    }
}
