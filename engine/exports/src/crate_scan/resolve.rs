//! Finds what a path means: by modules, `use` and globs, for types and constants apart.

use super::path::UsePath;
use super::program::{Name, Named, Program, ScopeId};

/// What a path leads to.
#[derive(PartialEq)]
pub(crate) enum Target {
    Module(ScopeId),
    /// A struct, union or enum of the crate.
    Own(usize),
    Alias(usize),
    Constant(usize),
    /// The module of a preamble.
    Preamble,
    /// What a preamble's module calls so.
    OfC(String),
    /// A path that starts with `std` (`core` and `alloc` too), `libc` or `cgo`, whatever the crate calls these.
    Foreign(Vec<String>),
}

/// Why a path leads nowhere.
#[derive(PartialEq)]
pub(crate) enum Miss {
    /// It is not found: it may be what a macro writes.
    Unknown,
    /// There are two of this name.
    Two,
    /// It is of another crate.
    Elsewhere(String),
}

/// Types and constants have names apart.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Space {
    Types,
    Constants,
}

impl Space {
    fn other(self) -> Space {
        match self {
            Space::Types => Space::Constants,
            Space::Constants => Space::Types,
        }
    }
}

/// What is looked up on the way to a name.
#[derive(Default)]
struct Asked {
    /// What waits for an answer: an import of itself is rustc's to refuse.
    open: Vec<(ScopeId, String, Space)>,
    count: usize,
}

/// So many lookups one path may need.
const MOST_ASKED: usize = 2000;

impl Program<'_> {
    /// What a path leads to that is written in a scope.
    pub(crate) fn resolve(
        &mut self,
        scope: ScopeId,
        path: &UsePath,
        space: Space,
    ) -> Result<Target, Miss> {
        self.follow(scope, path, space, &mut Asked::default())
    }

    fn follow(
        &mut self,
        scope: ScopeId,
        path: &UsePath,
        space: Space,
        asked: &mut Asked,
    ) -> Result<Target, Miss> {
        let Some((first, rest)) = path.segments.split_first() else {
            return Ok(Target::Module(0));
        };
        let space_of = |is_last: bool| if is_last { space } else { Space::Types };
        // How many names stand for the first target.
        let mut taken = 1;
        let mut target = match first.as_str() {
            _ if path.is_global => self.of_path(path, &mut taken)?,
            "crate" => Target::Module(0),
            "self" => Target::Module(self.module_of(scope)),
            "super" => Target::Module(self.parent_of(scope).ok_or(Miss::Unknown)?),
            name => match self.around(scope, name, space_of(rest.is_empty()), asked)? {
                Some(target) => target,
                None if rest.is_empty() && space == Space::Constants => return Err(Miss::Unknown),
                None if is_in_prelude(name) => foreign(&["std", name]),
                None if rest.is_empty() => return Err(Miss::Unknown),
                None => self.of_path(path, &mut taken)?,
            },
        };
        for (at, name) in rest.iter().enumerate().skip(taken - 1) {
            let space = space_of(at + 1 == rest.len());
            target = match target {
                Target::Module(module) if name == "super" => {
                    Target::Module(self.parent_of(module).ok_or(Miss::Unknown)?)
                }
                Target::Module(module) => {
                    let found = self.look_up(module, name, space, None, asked)?;
                    found.ok_or(Miss::Unknown)?
                }
                Target::Preamble => Target::OfC(name.clone()),
                Target::Foreign(mut path) => {
                    path.push(name.clone());
                    Target::Foreign(path)
                }
                _ => return Err(Miss::Unknown),
            };
        }
        Ok(target)
    }

    /// A name in a scope, or in those around it as far as it sees them.
    fn around(
        &mut self,
        mut scope: ScopeId,
        name: &str,
        space: Space,
        asked: &mut Asked,
    ) -> Result<Option<Target>, Miss> {
        loop {
            if let Some(found) = self.look_up(scope, name, space, None, asked)? {
                return Ok(Some(found));
            }
            match (self.scopes[scope].is_body, self.scopes[scope].parent) {
                (true, Some(parent)) => scope = parent,
                _ => return Ok(None),
            }
        }
    }

    /// A name of a scope; for a glob in `by`, if it is seen there.
    fn look_up(
        &mut self,
        scope: ScopeId,
        name: &str,
        space: Space,
        by: Option<ScopeId>,
        asked: &mut Asked,
    ) -> Result<Option<Target>, Miss> {
        asked.count += 1;
        if asked.count > MOST_ASKED {
            return Err(Miss::Unknown);
        }
        let question = (scope, name.to_string(), space);
        if asked.open.contains(&question) {
            return Ok(None);
        }
        asked.open.push(question);
        self.demand(scope);
        let found = self.look_up_now(scope, name, space, by, asked);
        asked.open.pop();
        found
    }

    fn look_up_now(
        &mut self,
        scope: ScopeId,
        name: &str,
        space: Space,
        by: Option<ScopeId>,
        asked: &mut Asked,
    ) -> Result<Option<Target>, Miss> {
        let names = self.scopes[scope].names.get(name);
        let names: Vec<Named> = names.cloned().unwrap_or_default();
        let mut found = Vec::new();
        for named in names {
            if self.is_seen(named.seen_in, by) {
                found.extend(self.target(scope, named.what, space, asked)?);
            }
        }
        match one(found)? {
            None => self.by_glob(scope, name, space, by, asked),
            found => Ok(found),
        }
    }

    /// What a name of a scope stands for among types, or among constants.
    fn target(
        &mut self,
        scope: ScopeId,
        name: Name,
        space: Space,
        asked: &mut Asked,
    ) -> Result<Option<Target>, Miss> {
        let target = match name {
            Name::Import(path) => {
                return match self.follow(scope, &path, space, asked) {
                    // It may be a name of the other kind.
                    Err(Miss::Unknown)
                        if self.follow(scope, &path, space.other(), asked).is_ok() =>
                    {
                        Ok(None)
                    }
                    found => found.map(Some),
                };
            }
            Name::Constant(number) => {
                return Ok((space == Space::Constants).then_some(Target::Constant(number)));
            }
            Name::Module(module) => Target::Module(module),
            Name::Own(number) => Target::Own(number),
            Name::Alias(number) => Target::Alias(number),
            Name::Preamble => Target::Preamble,
            // Whatever an unknown crate has is of another crate.
            Name::Crate(name) => self.of_crate(&name).unwrap_or_else(|_| foreign(&[&name])),
        };
        Ok((space == Space::Types).then_some(target))
    }

    /// Whether a glob there takes it.
    fn is_seen(&self, seen_in: ScopeId, by: Option<ScopeId>) -> bool {
        let mut at = by;
        while let Some(scope) = at {
            if scope == seen_in {
                return true;
            }
            at = self.scopes[scope].parent;
        }
        by.is_none()
    }

    fn by_glob(
        &mut self,
        scope: ScopeId,
        name: &str,
        space: Space,
        by: Option<ScopeId>,
        asked: &mut Asked,
    ) -> Result<Option<Target>, Miss> {
        let mut found = Vec::new();
        // What may have any name.
        let mut others = Vec::new();
        for glob in self.scopes[scope].globs.clone() {
            if !self.is_seen(glob.seen_in, by) {
                continue;
            }
            match self.follow(scope, &glob.path, Space::Types, asked) {
                Ok(Target::Module(module)) => {
                    match self.look_up(module, name, space, Some(scope), asked) {
                        Ok(target) => found.extend(target),
                        Err(miss) => others.push(Err(miss)),
                    }
                }
                Ok(Target::Preamble) if space == Space::Types => {
                    others.push(Ok(Target::OfC(name.to_string())));
                }
                Ok(Target::Foreign(path)) => {
                    let known = ["std", "cgo"].contains(&path[0].as_str());
                    let whole = [&path[..], &[name.to_string()]].concat();
                    if known && has(&path, name) {
                        found.push(Target::Foreign(whole));
                    } else if path[0] == "libc" && space == Space::Types {
                        others.push(Ok(Target::OfC(name.to_string())));
                    } else if !known {
                        others.push(Err(Miss::Elsewhere(path[0].clone())));
                    }
                }
                Err(miss) => others.push(Err(miss)),
                Ok(_) => {}
            }
        }
        match one(found)? {
            // No crate has these names for something else.
            None if is_in_prelude(name) || self.of_crate(name).is_ok() => Ok(None),
            None => match others
                .into_iter()
                .reduce(|a, b| if a == b { a } else { a.and(b) })
            {
                Some(Ok(target)) => Ok(Some(target)),
                // What cannot be looked into has it, or something further out.
                Some(Err(miss)) => Err(miss),
                None => Ok(None),
            },
            found => Ok(found),
        }
    }

    /// The crate that a path starts with, or the facade where an export says that another crate has it there.
    fn of_path(&self, path: &UsePath, taken: &mut usize) -> Result<Target, Miss> {
        let starts = |facade: &&Vec<String>| path.segments.starts_with(facade);
        match self.facades.iter().filter(starts).map(Vec::len).max() {
            Some(count) => {
                *taken = count;
                Ok(foreign(&["cgo"]))
            }
            None => self.of_crate(&path.segments[0]),
        }
    }

    /// A crate that is known by its name.
    fn of_crate(&self, name: &str) -> Result<Target, Miss> {
        let is_facade = self.context.facades.iter().any(|facade| facade == name);
        match name {
            "std" | "core" | "alloc" => Ok(foreign(&["std"])),
            "libc" | "num_complex" => Ok(foreign(&[name])),
            _ if is_facade => Ok(foreign(&["cgo"])),
            _ => Err(Miss::Elsewhere(name.to_string())),
        }
    }
}

fn foreign(path: &[&str]) -> Target {
    Target::Foreign(path.iter().map(|name| name.to_string()).collect())
}

/// The only one of the targets.
fn one(targets: Vec<Target>) -> Result<Option<Target>, Miss> {
    let mut targets = targets.into_iter();
    let first = targets.next();
    match targets.all(|other| Some(&other) == first.as_ref()) {
        true => Ok(first),
        false => Err(Miss::Two),
    }
}

/// What is there without a `use`, as far as C has it: the language's own types and those of the prelude.
fn is_in_prelude(name: &str) -> bool {
    let number = name.strip_prefix(['i', 'u', 'f']).unwrap_or_default();
    let is_number = matches!(number, "8" | "16" | "32" | "64" | "128" | "size");
    is_number
        || [
            "bool", "char", "str", "Option", "Box", "String", "Vec", "Result",
        ]
        .contains(&name)
}

/// Whether a module of `std`, or the facade, has this name, as far as C has it.
fn has(path: &[String], name: &str) -> bool {
    match path.last().map_or("", String::as_str) {
        "ffi" | "raw" => name.starts_with("c_") || name == "CStr",
        "atomic" => name.starts_with("Atomic"),
        "cell" => ["Cell", "UnsafeCell"].contains(&name),
        "mem" => ["MaybeUninit", "ManuallyDrop"].contains(&name),
        "ptr" => name == "NonNull",
        "cgo" => ["Volatile", "ReadOnly", "Handle", "Complex", "Unchecked"].contains(&name),
        "std" => ["ffi", "os", "sync", "cell", "mem", "ptr"].contains(&name),
        "os" => name == "raw",
        "sync" => name == "atomic",
        _ => false,
    }
}
