//! Resolves paths through modules, `use` and globs.

use super::path::UsePath;
use super::scanned_crate::{Named, Referent, ScannedCrate, ScopeId};

/// What a path refers to.
#[derive(PartialEq)]
pub(crate) enum PathTarget {
    Module(ScopeId),
    /// A struct, union or enum of the crate.
    Adt(usize),
    Alias(usize),
    Constant(usize),
    /// The module of a preamble.
    Preamble,
    /// An item in the module of a preamble.
    OfC(String),
    /// A path into a known crate. It starts with `std` (also for `core` and `alloc`), `libc`, `num_complex` or `cgo`.
    Foreign(Vec<String>),
}

/// Why a path cannot be resolved.
#[derive(PartialEq)]
pub(crate) enum ResolveError {
    /// Nothing has this name, but a macro may write it.
    NotFound,
    /// Two items have this name.
    Ambiguous,
    /// It is in another crate.
    OtherCrate(String),
}

/// The namespaces of Rust, as far as they matter.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Namespace {
    Types,
    /// Constants, of what matters.
    Values,
}

impl Namespace {
    fn other(self) -> Namespace {
        match self {
            Namespace::Types => Namespace::Values,
            Namespace::Values => Namespace::Types,
        }
    }
}

/// Whether a scope has a name.
#[derive(Clone, Copy)]
struct Question<'n> {
    scope: ScopeId,
    name: &'n str,
    namespace: Namespace,
    /// The scope of the glob that asks. Only what is visible there counts.
    glob_scope: Option<ScopeId>,
}

/// The state of one resolution.
#[derive(Default)]
struct Lookups {
    /// The lookups that have not ended. An import of itself is an error in Rust.
    open: Vec<(ScopeId, String, Namespace)>,
    count: usize,
}

/// How many lookups one path may need.
const MOST_LOOKUPS: usize = 2000;

impl ScannedCrate<'_> {
    /// What a path in a scope refers to.
    pub(crate) fn resolve(
        &mut self,
        scope: ScopeId,
        path: &UsePath,
        namespace: Namespace,
    ) -> Result<PathTarget, ResolveError> {
        self.follow(scope, path, namespace, &mut Lookups::default())
    }

    fn follow(
        &mut self,
        scope: ScopeId,
        path: &UsePath,
        namespace: Namespace,
        lookups: &mut Lookups,
    ) -> Result<PathTarget, ResolveError> {
        let Some((first, rest)) = path.segments.split_first() else {
            return Ok(PathTarget::Module(0));
        };
        let namespace_of = |is_last: bool| if is_last { namespace } else { Namespace::Types };
        // How many segments the first target takes.
        let mut taken = 1;
        let mut target = match first.as_str() {
            _ if path.is_global => {
                let at_root = match self.context.is_of_2015 {
                    true => self.around(0, first, namespace_of(rest.is_empty()), lookups)?,
                    false => None,
                };
                match at_root {
                    Some(target) => target,
                    None => self.of_path(path, &mut taken)?,
                }
            }
            "crate" => PathTarget::Module(0),
            "self" => PathTarget::Module(self.module_of(scope)),
            "super" => PathTarget::Module(self.parent_of(scope).ok_or(ResolveError::NotFound)?),
            name => match self.around(scope, name, namespace_of(rest.is_empty()), lookups)? {
                Some(target) => target,
                None if rest.is_empty() && namespace == Namespace::Values => {
                    return Err(ResolveError::NotFound);
                }
                None if is_in_prelude(name) => foreign(&["std", name]),
                None if rest.is_empty() => return Err(ResolveError::NotFound),
                None => self.of_path(path, &mut taken)?,
            },
        };
        for (at, name) in rest.iter().enumerate().skip(taken - 1) {
            let namespace = namespace_of(at + 1 == rest.len());
            target = match target {
                PathTarget::Module(module) if name == "super" => {
                    PathTarget::Module(self.parent_of(module).ok_or(ResolveError::NotFound)?)
                }
                PathTarget::Module(module) => {
                    let question = Question {
                        scope: module,
                        name,
                        namespace,
                        glob_scope: None,
                    };
                    let found = self.look_up(question, lookups)?;
                    found.ok_or(ResolveError::NotFound)?
                }
                PathTarget::Preamble => PathTarget::OfC(name.clone()),
                PathTarget::Foreign(mut path) => {
                    path.push(name.clone());
                    PathTarget::Foreign(path)
                }
                _ => return Err(ResolveError::NotFound),
            };
        }
        Ok(target)
    }

    /// Looks up a name in a scope, and in those around it up to the module.
    fn around(
        &mut self,
        mut scope: ScopeId,
        name: &str,
        namespace: Namespace,
        lookups: &mut Lookups,
    ) -> Result<Option<PathTarget>, ResolveError> {
        loop {
            let question = Question {
                scope,
                name,
                namespace,
                glob_scope: None,
            };
            if let Some(found) = self.look_up(question, lookups)? {
                return Ok(Some(found));
            }
            match (self.scopes[scope].is_body, self.scopes[scope].parent) {
                (true, Some(parent)) => scope = parent,
                _ => return Ok(None),
            }
        }
    }

    fn look_up(
        &mut self,
        question: Question<'_>,
        lookups: &mut Lookups,
    ) -> Result<Option<PathTarget>, ResolveError> {
        lookups.count += 1;
        if lookups.count > MOST_LOOKUPS {
            return Err(ResolveError::NotFound);
        }
        let open = (
            question.scope,
            question.name.to_string(),
            question.namespace,
        );
        if lookups.open.contains(&open) {
            return Ok(None);
        }
        lookups.open.push(open);
        self.read_left_out(question.scope);
        let found = self.look_up_now(question, lookups);
        lookups.open.pop();
        found
    }

    fn look_up_now(
        &mut self,
        question: Question<'_>,
        lookups: &mut Lookups,
    ) -> Result<Option<PathTarget>, ResolveError> {
        let Question {
            scope,
            name,
            namespace,
            glob_scope,
        } = question;
        let names = self.scopes[scope].names.get(name);
        let names: Vec<Named> = names.cloned().unwrap_or_default();
        let mut found = Vec::new();
        for named in names {
            if self.is_visible(named.visible_in, glob_scope) {
                found.extend(self.target(scope, named.what, namespace, lookups)?);
            }
        }
        match one(found)? {
            None => self.by_glob(question, lookups),
            found => Ok(found),
        }
    }

    /// What a name refers to in a namespace.
    fn target(
        &mut self,
        scope: ScopeId,
        name: Referent,
        namespace: Namespace,
        lookups: &mut Lookups,
    ) -> Result<Option<PathTarget>, ResolveError> {
        let target = match name {
            Referent::Import(path) => {
                return match self.follow(scope, &path, namespace, lookups) {
                    // It may be a name of the other namespace.
                    Err(ResolveError::NotFound)
                        if self
                            .follow(scope, &path, namespace.other(), lookups)
                            .is_ok() =>
                    {
                        Ok(None)
                    }
                    found => found.map(Some),
                };
            }
            Referent::Constant(number) => {
                return Ok((namespace == Namespace::Values).then_some(PathTarget::Constant(number)));
            }
            Referent::Module(module) => PathTarget::Module(module),
            Referent::Adt(number) => PathTarget::Adt(number),
            Referent::Alias(number) => PathTarget::Alias(number),
            Referent::Preamble => PathTarget::Preamble,
            // A path into an unknown crate has no meaning here, but it is resolved.
            Referent::Crate(name) => self.of_crate(&name).unwrap_or_else(|_| foreign(&[&name])),
        };
        Ok((namespace == Namespace::Types).then_some(target))
    }

    /// Whether a glob in the scope `glob_scope` imports what is visible in this scope.
    fn is_visible(&self, visible_in: ScopeId, glob_scope: Option<ScopeId>) -> bool {
        let mut at = glob_scope;
        while let Some(scope) = at {
            if scope == visible_in {
                return true;
            }
            at = self.scopes[scope].parent;
        }
        glob_scope.is_none()
    }

    fn by_glob(
        &mut self,
        question: Question<'_>,
        lookups: &mut Lookups,
    ) -> Result<Option<PathTarget>, ResolveError> {
        let Question {
            scope,
            name,
            namespace,
            glob_scope,
        } = question;
        let mut found = Vec::new();
        // What may have an item with any name.
        let mut others = Vec::new();
        for glob in self.scopes[scope].globs.clone() {
            if !self.is_visible(glob.visible_in, glob_scope) {
                continue;
            }
            match self.follow(scope, &glob.path, Namespace::Types, lookups) {
                Ok(PathTarget::Module(module)) => {
                    let inside = Question {
                        scope: module,
                        glob_scope: Some(scope),
                        ..question
                    };
                    match self.look_up(inside, lookups) {
                        Ok(target) => found.extend(target),
                        Err(error) => others.push(Err(error)),
                    }
                }
                Ok(PathTarget::Preamble) if namespace == Namespace::Types => {
                    others.push(Ok(PathTarget::OfC(name.to_string())));
                }
                Ok(PathTarget::Foreign(path)) => {
                    let known = ["std", "cgo"].contains(&path[0].as_str());
                    let whole = [&path[..], &[name.to_string()]].concat();
                    if known && has(&path, name) {
                        found.push(PathTarget::Foreign(whole));
                    } else if path[0] == "libc" && namespace == Namespace::Types {
                        others.push(Ok(PathTarget::OfC(name.to_string())));
                    } else if !known {
                        others.push(Err(ResolveError::OtherCrate(path[0].clone())));
                    }
                }
                Err(error) => others.push(Err(error)),
                Ok(_) => {}
            }
        }
        match one(found)? {
            // No other crate uses these names for something else.
            None if is_in_prelude(name) || self.of_crate(name).is_ok() => Ok(None),
            None => match others
                .into_iter()
                .reduce(|a, b| if a == b { a } else { a.and(b) })
            {
                Some(Ok(target)) => Ok(Some(target)),
                // It is in what cannot be read, or in a scope further out.
                Some(Err(error)) => Err(error),
                None => Ok(None),
            },
            found => Ok(found),
        }
    }

    /// The crate that a path starts with. An export may have told that another crate re-exports `cgo`.
    fn of_path(&self, path: &UsePath, taken: &mut usize) -> Result<PathTarget, ResolveError> {
        let starts = |facade: &&Vec<String>| path.segments.starts_with(facade);
        match self.facades.iter().filter(starts).map(Vec::len).max() {
            Some(count) => {
                *taken = count;
                Ok(foreign(&["cgo"]))
            }
            None => self.of_crate(&path.segments[0]),
        }
    }

    /// A known crate.
    fn of_crate(&self, name: &str) -> Result<PathTarget, ResolveError> {
        let is_facade = self.context.facades.iter().any(|facade| facade == name);
        match name {
            "std" | "core" | "alloc" => Ok(foreign(&["std"])),
            "libc" | "num_complex" => Ok(foreign(&[name])),
            _ if is_facade => Ok(foreign(&["cgo"])),
            _ => Err(ResolveError::OtherCrate(name.to_string())),
        }
    }
}

fn foreign(path: &[&str]) -> PathTarget {
    PathTarget::Foreign(path.iter().map(|name| name.to_string()).collect())
}

/// The only one of the targets.
fn one(targets: Vec<PathTarget>) -> Result<Option<PathTarget>, ResolveError> {
    let mut targets = targets.into_iter();
    let first = targets.next();
    match targets.all(|other| Some(&other) == first.as_ref()) {
        true => Ok(first),
        false => Err(ResolveError::Ambiguous),
    }
}

/// Whether it is a primitive type or one of the prelude that can stand in an exported type.
fn is_in_prelude(name: &str) -> bool {
    let number = name.strip_prefix(['i', 'u', 'f']).unwrap_or_default();
    let is_number = matches!(number, "8" | "16" | "32" | "64" | "128" | "size");
    is_number
        || [
            "bool", "char", "str", "Option", "Box", "String", "Vec", "Result",
        ]
        .contains(&name)
}

/// Whether a module of `std`, or the crate `cgo`, has a type of this name that can stand in an exported type.
fn has(path: &[String], name: &str) -> bool {
    match path.last().map_or("", String::as_str) {
        "ffi" | "raw" => name.starts_with("c_") || name == "CStr",
        "atomic" => name.starts_with("Atomic"),
        "cell" => ["Cell", "UnsafeCell"].contains(&name),
        "mem" => ["MaybeUninit", "ManuallyDrop"].contains(&name),
        "ptr" => name == "NonNull",
        "cgo" => [
            "Volatile",
            "ReadOnly",
            "Handle",
            "LocalHandle",
            "Complex",
            "Unchecked",
        ]
        .contains(&name),
        "std" => ["ffi", "os", "sync", "cell", "mem", "ptr"].contains(&name),
        "os" => name == "raw",
        "sync" => name == "atomic",
        _ => false,
    }
}
