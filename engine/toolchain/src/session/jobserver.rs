//! Runs as many processes at once as Cargo's jobserver has tokens for. rustc has one token; each further process takes one and gives it
//! back.

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::session::environment::variable;

/// How long to wait before a token is asked for again.
const PAUSE: Duration = Duration::from_millis(10);

/// Does the work of each number below `count`, and gives the results in order.
pub fn each<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let results: Mutex<Vec<Option<T>>> = Mutex::new((0..count).map(|_| None).collect());
    let next = AtomicUsize::new(0);
    let is_left = || next.load(Ordering::Relaxed) < count;
    let do_one = || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number < count {
            let result = work(number);
            let mut results = results
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner());
            results[number] = Some(result);
        }
    };
    let tokens = Tokens::of_environment();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 1..processors.min(count) {
            scope.spawn(|| {
                while is_left() {
                    match tokens.take() {
                        Some(_token) => do_one(),
                        None => thread::sleep(PAUSE),
                    }
                }
            });
        }
        while is_left() {
            do_one();
        }
    });
    let results = results
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    results.into_iter().flatten().collect()
}

/// Where tokens come from.
enum Tokens {
    /// Each is a byte in a pipe.
    Pipe { from: File, to: File },
    /// There is no jobserver: the machine's processors are the bound.
    Free,
    /// There is a jobserver of an unknown kind.
    Unknown,
}

/// A token, which goes back when it is dropped.
struct JobToken<'a> {
    byte: u8,
    to: Option<&'a File>,
}

impl Tokens {
    fn of_environment() -> Tokens {
        let names = ["CARGO_MAKEFLAGS", "MAKEFLAGS", "MFLAGS"];
        let flags = names.iter().filter_map(|name| variable(name));
        let server = flags.into_iter().find_map(|flags| server(flags.to_str()?));
        match server {
            None => Tokens::Free,
            Some([from, to]) => match (
                open_without_waiting(from),
                File::options().write(true).open(to),
            ) {
                (Some(from), Ok(to)) => Tokens::Pipe { from, to },
                _ => Tokens::Unknown,
            },
        }
    }

    /// A token, if one is there now.
    fn take(&self) -> Option<JobToken<'_>> {
        match self {
            Tokens::Pipe { from, to } => {
                let (mut from, mut byte) = (from, [0]);
                let read = from.read(&mut byte).ok()?;
                (read == 1).then_some(JobToken {
                    byte: byte[0],
                    to: Some(to),
                })
            }
            Tokens::Free => Some(JobToken { byte: 0, to: None }),
            Tokens::Unknown => None,
        }
    }
}

impl Drop for JobToken<'_> {
    fn drop(&mut self) {
        if let Some(mut to) = self.to {
            let _ = to.write_all(&[self.byte]);
        }
    }
}

/// The two ends of the jobserver's pipe, as files. An unnamed pipe is opened again, so that `O_NONBLOCK` does not hold for other
/// processes.
fn server(flags: &str) -> Option<[PathBuf; 2]> {
    let mut flags = flags.split_whitespace().rev();
    let named = flags.find_map(|flag| {
        let starts = ["--jobserver-auth=", "--jobserver-fds="];
        starts.iter().find_map(|start| flag.strip_prefix(start))
    })?;
    match named.strip_prefix("fifo:") {
        Some(path) => Some([PathBuf::from(path), PathBuf::from(path)]),
        None => {
            let numbers = named.split_once(',').unwrap_or((named, named));
            Some([numbers.0, numbers.1].map(|number| PathBuf::from("/proc/self/fd").join(number)))
        }
    }
}

#[cfg(target_os = "linux")]
fn open_without_waiting(file: PathBuf) -> Option<File> {
    use std::os::unix::fs::OpenOptionsExt;
    /// `O_NONBLOCK` of Linux on the machines that Rust is compiled on.
    const WITHOUT_WAITING: i32 = 0o4000;
    let mut options = File::options();
    options
        .read(true)
        .custom_flags(WITHOUT_WAITING)
        .open(file)
        .ok()
}

#[cfg(not(target_os = "linux"))]
fn open_without_waiting(_: PathBuf) -> Option<File> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_work_is_done_and_its_results_are_in_order() {
        assert_eq!(
            each(100, |number| 2 * number),
            (0..100).map(|number| 2 * number).collect::<Vec<_>>()
        );
        assert_eq!(each(0, |number| number), []);
    }

    #[test]
    fn the_jobserver_is_found_in_makes_flags() {
        let ends = |flags| server(flags).map(|ends| ends.map(|end| end.display().to_string()));
        let pipe = ["/proc/self/fd/3", "/proc/self/fd/4"].map(str::to_string);
        assert_eq!(
            ends(" -j4 --jobserver-fds=3,4 --jobserver-auth=3,4"),
            Some(pipe)
        );
        let named = ["/tmp/a", "/tmp/a"].map(str::to_string);
        assert_eq!(ends("-j --jobserver-auth=fifo:/tmp/a"), Some(named));
        assert_eq!(ends("-k"), None);
    }
}
