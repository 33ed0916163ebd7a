//! Cuts linker flags into options with their values, and knows which of them change nothing.

use cgo_csyntax::directive::link_flag::{LinkFlag, Origin};

/// One option with its value, for the compiler driver or for the linker itself, without `-Wl,` and `-Xlinker`.
pub(super) struct LinkOption<'a> {
    /// `-l` in `-lm`.
    pub(super) name: &'a str,
    pub(super) value: Option<&'a str>,
    pub(super) for_linker: bool,
    /// The flag that it starts in, and its index.
    pub(super) flag: &'a LinkFlag,
    pub(super) index: usize,
}

impl LinkOption<'_> {
    /// The option as it is written for the compiler driver.
    pub(super) fn spelled(&self) -> String {
        let (start, separator) = match self.for_linker {
            true => ("-Wl,", ","),
            false => ("", " "),
        };
        let separator = match JOINED_VALUES.contains(&self.name) {
            true => "",
            false => separator,
        };
        let value = self.value.map(|value| [separator, value].concat());
        [start, self.name, &value.unwrap_or_default()].concat()
    }
}

/// Options whose value stands right behind them or in the next word.
const JOINED_VALUES: &[&str] = &["-l", "-L", "-z", "-F"];
/// Options of the linker whose value is the next word.
const LINKER_VALUES: &[&str] = &[
    "-rpath",
    "--rpath",
    "-rpath-link",
    "--rpath-link",
    "-R",
    "-soname",
    "-h",
    "-undefined",
    "--undefined",
    "-wrap",
    "--wrap",
    "--defsym",
    "--version-script",
    "-force_load",
    "-install_name",
    "-m",
    "-Map",
    "--just-symbols",
    "--subsystem",
];
/// The same, of options that the compiler driver has too.
const DRIVER_VALUES: &[&str] = &[
    "-framework",
    "-weak_framework",
    "-T",
    "-u",
    "-e",
    "-o",
    "-I",
    "-D",
    "-arch",
    "-target",
    "-isysroot",
    "--sysroot",
];
/// Options that rustc sets itself, or that do not change what the program does.
const HARMLESS_TO_LINKER: &[&str] = &[
    "--gc-sections",
    "--no-undefined",
    "--enable-new-dtags",
    "--disable-new-dtags",
    "-search_paths_first",
    "-headerpad_max_install_names",
];
/// Options that matter only to a compiler.
const HARMLESS_TO_DRIVER: &[&str] = &[
    "-pipe", "-fPIC", "-fpic", "-fPIE", "-fpie", "-m32", "-m64", "-w",
];

/// One word of the flags.
struct Word<'a> {
    text: &'a str,
    for_linker: bool,
    /// That of its flag.
    index: usize,
}

fn words(flags: &[LinkFlag]) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut passed_on = false;
    for (index, flag) in flags.iter().enumerate() {
        let mut add = |text, for_linker| {
            words.push(Word {
                text,
                for_linker,
                index,
            });
        };
        if std::mem::take(&mut passed_on) {
            add(flag.text.as_str(), true);
        } else if let Some(list) = flag.text.strip_prefix("-Wl,") {
            let parts = list.split(',').filter(|text| !text.is_empty());
            parts.for_each(|text| add(text, true));
        } else if flag.text == "-Xlinker" {
            passed_on = true;
        } else {
            add(flag.text.as_str(), false);
        }
    }
    words
}

/// The options that the flags say.
pub(super) fn options(flags: &[LinkFlag]) -> Vec<LinkOption<'_>> {
    let mut options = Vec::new();
    let mut rest = words(flags).into_iter().peekable();
    while let Some(word) = rest.next() {
        let Word {
            text,
            for_linker,
            index,
        } = word;
        // `-lto_library FILE` and `-framework NAME` are words of their own.
        let cut = JOINED_VALUES
            .iter()
            .copied()
            .find(|name| text.starts_with(*name) && text != "-lto_library");
        let (name, joined) = cut.map_or((text, ""), |name| (name, &text[name.len()..]));
        let wants = cut.is_some()
            || DRIVER_VALUES.contains(&text)
            || for_linker && LINKER_VALUES.contains(&text);
        let value = match joined {
            "" if wants => {
                let next = rest.next_if(|next| next.for_linker == for_linker);
                next.map(|next| next.text)
            }
            "" => None,
            joined => Some(joined),
        };
        options.push(LinkOption {
            name,
            value,
            for_linker,
            flag: &flags[index],
            index,
        });
    }
    options
}

/// Whether the program does the same without the option.
pub(super) fn changes_nothing(option: &LinkOption<'_>) -> bool {
    let starts = |list: &[&str]| list.iter().any(|start| option.name.starts_with(start));
    // The libraries of a package work without these.
    let recommended = || {
        matches!(option.name, "-z" | "-R" | "-E" | "-rdynamic")
            || starts(&["--export-dynamic", "-export-dynamic", "-rpath", "--rpath"])
    };
    let harmless = if option.name == "-z" {
        // rustc sets these itself.
        matches!(option.value, Some("relro" | "now" | "noexecstack" | "defs"))
    } else if option.for_linker {
        let about_the_file = [
            "-O",
            "--sort-common",
            "--hash-style",
            "--build-id",
            "--warn-",
            "--no-warn-",
        ];
        HARMLESS_TO_LINKER.contains(&option.name) || starts(&about_the_file)
    } else {
        let compiling = [
            "-O", "-g", "-W", "-std=", "-march=", "-mtune=", "-mcpu=", "-I", "-D",
        ];
        HARMLESS_TO_DRIVER.contains(&option.name) || starts(&compiling)
    };
    harmless || option.flag.origin == Origin::Package && recommended()
}
