//! Reads the words of `pkg-config` lines: options for the tool, and packages with the versions that they must have.

use std::ffi::OsString;

use cgo_csyntax::diagnostic::{Diagnostic, Place, Placed};
use cgo_csyntax::directive::package_words::{is_operator, package_words};
use cgo_csyntax::message::Message;

/// The options that are supported. The others change what pkg-config prints.
const OPTIONS: [&str; 9] = [
    "--shared",
    "--pure",
    "--define-variable=",
    "--define-prefix",
    "--dont-define-prefix",
    "--prefix-variable=",
    "--with-path=",
    "--keep-system-libs",
    "--keep-system-cflags",
];

/// The words of all lines.
#[derive(Default)]
pub(super) struct PackageRequest {
    pub(super) options: Vec<String>,
    pub(super) packages: Vec<Package>,
}

pub(super) struct Package {
    pub(super) name: String,
    /// `>=` and `3.30`, or nothing.
    pub(super) condition: Vec<String>,
    pub(super) place: Place,
    /// Whether its archives are preferred.
    pub(super) archives: bool,
}

impl PackageRequest {
    /// `read` gives the value of an environment variable.
    pub(super) fn of(
        words: &[Placed<String>],
        read: &dyn Fn(&str) -> Option<OsString>,
        errors: &mut Vec<Diagnostic>,
    ) -> PackageRequest {
        let mut request = PackageRequest::default();
        let mut archives = false;
        // `"sqlite3 >= 3.30"` may stand in quotes, as in cgo.
        let mut words = words.iter().flat_map(|word| {
            let parts = match word.value.starts_with('-') {
                true => word.value.split_whitespace().collect(),
                false => package_words(&word.value),
            };
            parts.into_iter().map(|part| (part, word.place))
        });
        while let Some((word, place)) = words.next() {
            let mut error = |message: Message| errors.push(Diagnostic::new(Some(place), message));
            if word == "--static" {
                archives = true;
            } else if OPTIONS
                .iter()
                .any(|option| word == *option || option.ends_with('=') && word.starts_with(option))
            {
                request.options.push(word.to_string());
            } else if is_operator(word) {
                match (request.packages.last_mut(), words.next()) {
                    (Some(package), Some((version, _))) if package.condition.is_empty() => {
                        package.condition = vec![word.to_string(), version.to_string()];
                    }
                    _ => error(
                        Message::new(format!(
                            "pkg-config: `{word}` has no package before it or no version after it"
                        ))
                        .help("write `sqlite3 >= 3.30`"),
                    ),
                }
            } else if word.starts_with('-') {
                error(
                    Message::new(format!("pkg-config: option `{word}` is not supported"))
                        .help("write the names of packages, and `--static` for archives"),
                );
            } else if word
                .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/'))
            {
                request.packages.push(Package {
                    name: word.to_string(),
                    condition: Vec::new(),
                    place,
                    archives: false,
                });
            } else {
                error(
                    Message::new(format!("pkg-config: `{word}` is not the name of a package"))
                        .help("write names with spaces between them, as in `zlib sqlite3 >= 3.30`"),
                );
            }
        }
        for package in &mut request.packages {
            package.archives = archives || archives_by_variables(&package.name, read);
        }
        request
    }
}

/// As the `pkg-config` crate decides it: by the variables of the package, or else for all packages.
fn archives_by_variables(package: &str, read: &dyn Fn(&str) -> Option<OsString>) -> bool {
    let [wants_archives, wants_shared] = linkage_variables(package);
    let is_set = |name: &str| read(name).is_some();
    is_set(&wants_archives) || !is_set(&wants_shared) && is_set("PKG_CONFIG_ALL_STATIC")
}

/// The names of the variables of a package: `LIBFOO_2_0_STATIC` of `libfoo-2_0`, and `LIBFOO_2_0_DYNAMIC`.
pub(super) fn linkage_variables(package: &str) -> [String; 2] {
    let name = package.to_ascii_uppercase().replace('-', "_");
    ["STATIC", "DYNAMIC"].map(|end| format!("{name}_{end}"))
}

impl Package {
    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        [self.name.clone()]
            .into_iter()
            .chain(self.condition.iter().cloned())
    }
}
