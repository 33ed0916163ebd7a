//! The project on disk, and the edits.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::build::{Said, Settings};
use crate::input::{FOLDERS, INPUTS, Input, Kind, Reader, VARIABLES, is_wrong, text};
use crate::random::Random;

pub(crate) struct Project {
    root: PathBuf,
    compiler: String,
    pub(crate) settings: Settings,
    /// What the last build said.
    pub(crate) said: Option<Said>,
    /// The numbers that each file had.
    history: BTreeMap<&'static str, Vec<usize>>,
    last: usize,
}

impl Project {
    pub(crate) fn new(root: PathBuf, cgo: &Path, compiler: &str) -> io::Result<Project> {
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("ROOT/bin-first:ROOT/bin-second:{path}");
        let first = VARIABLES.iter().map(|(name, values)| (*name, values[0]));
        let variables = first.chain([("CC", "mycc"), ("PATH", &path)]);
        let of_root = |value: &str| value.replace("ROOT", &root.display().to_string());
        let settings = Settings {
            release: false,
            feature: false,
            variables: variables
                .map(|(name, value)| (name, of_root(value)))
                .collect(),
        };
        let mut project = Project {
            root,
            compiler: compiler.to_string(),
            settings,
            said: None,
            history: BTreeMap::new(),
            last: 7,
        };
        let members = "[workspace]\nmembers = [\"inner\", \"outer\"]\nresolver = \"2\"\n";
        project.write("Cargo.toml", members)?;
        for (name, more) in [
            ("inner", ""),
            ("outer", "inner = { path = \"../inner\" }\n"),
        ] {
            let manifest = format!(
                "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[features]\nextra = []\n\n[dependencies]\nrust-cgo = {{ path = {cgo:?} }}\n{more}"
            );
            project.write(&format!("{name}/Cargo.toml"), &manifest)?;
        }
        for input in INPUTS {
            project.put(input, input.2[0], 8)?;
        }
        Ok(project)
    }

    /// Makes an edit, and says which.
    pub(crate) fn edit(&mut self, random: &mut Random) -> io::Result<String> {
        // Cargo compares times, which are not exact.
        thread::sleep(Duration::from_millis(20));
        self.last += 1;
        let fails = ["inner", "outer"]
            .iter()
            .any(|package| self.failed(package));
        match random.below(12) {
            0..6 if fails => self.mend(),
            0 => self.change_setting(random),
            1 => self.replace_folder(random),
            _ => self.edit_file(random),
        }
    }

    fn change_setting(&mut self, random: &mut Random) -> io::Result<String> {
        let settings = &mut self.settings;
        match random.below(4) {
            0 => settings.release ^= true,
            1 => settings.feature ^= true,
            _ => {
                let (name, values) = random.pick(VARIABLES);
                let root = self.root.display().to_string();
                let value = random.pick(values).replace("ROOT", &root);
                let said = format!("{name}={value}");
                settings.variables.retain(|(other, _)| *other != name);
                settings.variables.push((name, value));
                return Ok(said);
            }
        }
        let said = format!(
            "release: {}, feature: {}",
            settings.release, settings.feature
        );
        // These builds know nothing of the failure of others.
        self.said = None;
        self.compile_again(Reader::Both)?;
        Ok(said)
    }

    /// A folder becomes a link to one with other files, or its link leads to the other of the two.
    fn replace_folder(&mut self, random: &mut Random) -> io::Result<String> {
        let name = random.pick(FOLDERS);
        let [folder, one, other] =
            ["", "-1", "-2"].map(|end| self.root.join(format!("{name}{end}")));
        if folder.is_symlink() {
            let is_one = fs::read_link(&folder)? == one;
            fs::remove_file(&folder)?;
            symlink(if is_one { &other } else { &one }, &folder)?;
        } else {
            fs::create_dir_all(&folder)?;
            fs::rename(&folder, &one)?;
            fs::create_dir_all(&other)?;
            symlink(&other, &folder)?;
            for input in INPUTS {
                let inside = |path: &&&str| Path::new(path).parent() == Some(Path::new(name));
                for path in input.2.iter().filter(inside) {
                    let number = self.right_number();
                    self.put(input, path, number)?;
                }
            }
        }
        self.compile_again(Reader::Both)?;
        Ok(format!(
            "{name} is now {}",
            fs::read_link(&folder)?.display()
        ))
    }

    fn edit_file(&mut self, random: &mut Random) -> io::Result<String> {
        let input = &INPUTS[random.below(INPUTS.len())];
        let path = random.pick(input.2);
        let file = self.root.join(path);
        let was_there = file.exists();
        let may_go = was_there && !matches!(input.1, Kind::Needed(_));
        let known = self.history.get(path).into_iter().flatten();
        let before = known.rev().nth(1).copied().unwrap_or(8);
        let number = random.pick(&[self.last, self.right_number(), before]);
        // Whether Cargo sees it for itself, as it does not see what the linker finds in its own folders.
        let mut is_seen = was_there && !matches!(input.1, Kind::Library("of_path"));
        let mut said = format!("{path} is {number}");
        match random.below(10) {
            0 if may_go => {
                fs::remove_file(&file)?;
                said = format!("delete {path}");
            }
            1 if may_go => {
                let to = random.pick(input.2);
                fs::create_dir_all(self.root.join(to).with_file_name(""))?;
                fs::rename(&file, self.root.join(to))?;
                is_seen = false;
                said = format!("rename {path} to {to}");
            }
            2 if was_there => {
                fs::write(&file, fs::read(&file)?)?;
                said = format!("write {path} again as it is");
            }
            3 => {
                self.put(input, path, number)?;
                set_time(&file, SystemTime::now() - Duration::from_secs(3600))?;
                is_seen = false;
                said += ", an hour old";
            }
            _ => self.put(input, path, number)?,
        }
        if !is_seen {
            self.compile_again(input.0)?;
        }
        Ok(said)
    }

    /// Puts right what is wrong or missing.
    fn mend(&mut self) -> io::Result<String> {
        for input in INPUTS {
            for path in input.2 {
                let last = self.history.get(path).and_then(|numbers| numbers.last());
                let is_there = self.root.join(path).exists();
                if is_there && last.is_some_and(|number| is_wrong(*number))
                    || !is_there && *path == input.2[0]
                {
                    let number = self.right_number();
                    self.put(input, path, number)?;
                }
            }
        }
        self.compile_again(Reader::Both)?;
        Ok("mend all".to_string())
    }

    fn right_number(&mut self) -> usize {
        self.last += usize::from(is_wrong(self.last));
        self.last
    }

    fn failed(&self, package: &str) -> bool {
        self.said.as_ref().is_some_and(|said| said.failed(package))
    }

    /// Has Cargo compile what it has compiled before. What failed it compiles anyway.
    pub(crate) fn compile_again(&self, reader: Reader) -> io::Result<()> {
        let inner = (Reader::Inner, "inner", "inner/src/lib.rs");
        for (of, package, root) in [inner, (Reader::Outer, "outer", "outer/src/main.rs")] {
            if (reader == of || reader == Reader::Both) && !self.failed(package) {
                set_time(&self.root.join(root), SystemTime::now())?;
            }
        }
        Ok(())
    }

    fn write(&self, path: &str, text: &str) -> io::Result<()> {
        let file = self.root.join(path);
        fs::create_dir_all(file.with_file_name(""))?;
        fs::write(file, text)
    }

    fn put(&mut self, input: &Input, path: &'static str, number: usize) -> io::Result<()> {
        self.history.entry(path).or_default().push(number);
        let text = text(input.1, path, number, &self.compiler);
        self.write(path, &text)?;
        match input.1 {
            Kind::Compiler => {
                let executable = fs::Permissions::from_mode(0o755);
                fs::set_permissions(self.root.join(path), executable)
            }
            Kind::Library(_) if !is_wrong(number) => self.library(path, &text),
            _ => Ok(()),
        }
    }

    fn library(&self, path: &str, text: &str) -> io::Result<()> {
        self.write("made/library.c", text)?;
        let line = match path.ends_with(".so") {
            true => "$0 -shared -fPIC -o $1 made/library.c",
            false => "rm $1; $0 -c -o made/library.o made/library.c; ar crs $1 made/library.o",
        };
        let mut shell = Command::new("sh");
        shell.args(["-c", line, &self.compiler, path]);
        match shell.current_dir(&self.root).status()?.success() {
            true => Ok(()),
            false => Err(io::Error::other(format!("cannot make {path}"))),
        }
    }
}

fn set_time(file: &Path, time: SystemTime) -> io::Result<()> {
    fs::File::options()
        .append(true)
        .open(file)?
        .set_modified(time)
}
