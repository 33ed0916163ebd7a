//! The environment variables of cgo, whose flags come before those of the directives.

use crate::diagnostic::Place;
use crate::directive::directives::Directives;
use crate::directive::link_flag::{LinkFlag, Origin};
use crate::directive::{compiler_flag, words};
use crate::message::Message;

/// One variable.
#[derive(Clone, Copy)]
pub enum FlagVariable {
    Cppflags,
    Cflags,
    Cxxflags,
    Fflags,
    Ldflags,
}

impl FlagVariable {
    pub const ALL: [FlagVariable; 5] = [
        FlagVariable::Cppflags,
        FlagVariable::Cflags,
        FlagVariable::Cxxflags,
        FlagVariable::Fflags,
        FlagVariable::Ldflags,
    ];

    pub fn name(self) -> &'static str {
        match self {
            FlagVariable::Cppflags => "CGO_CPPFLAGS",
            FlagVariable::Cflags => "CGO_CFLAGS",
            FlagVariable::Cxxflags => "CGO_CXXFLAGS",
            FlagVariable::Fflags => "CGO_FFLAGS",
            FlagVariable::Ldflags => "CGO_LDFLAGS",
        }
    }

    /// Adds the words of its value to what directives say.
    pub fn add(self, value: &str, found: &mut Directives, place: Place) -> Result<(), Message> {
        let mut words = words::split(value)?;
        let list = match self {
            FlagVariable::Cppflags => &mut found.cppflags,
            FlagVariable::Cflags => &mut found.cflags,
            FlagVariable::Cxxflags => &mut found.cxxflags,
            FlagVariable::Fflags => &mut found.fflags,
            FlagVariable::Ldflags => {
                let flag = |text| LinkFlag {
                    text,
                    place,
                    origin: Origin::Variable,
                };
                let mut flags: Vec<LinkFlag> = words.into_iter().map(flag).collect();
                flags.append(&mut found.ldflags);
                found.ldflags = flags;
                return Ok(());
            }
        };
        compiler_flag::check_line(&words)?;
        words.append(list);
        *list = words;
        Ok(())
    }
}
