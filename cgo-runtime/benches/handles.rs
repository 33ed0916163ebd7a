//! Measures handles beside other tables: `cargo bench -p cgo-runtime --bench handles` prints nanoseconds and ratios.
//!
//! Every table keeps an `Arc<usize>`, and reading adds the number up: the peers clone the `Arc` out of their lock or
//! guard only where they have to. All tables take turns, and each figure is the median of the rounds in which the threads
//! ran at the same time: on a busy machine they often do not, and then show nothing of what they cost each other.

#![allow(clippy::unwrap_used)] // No lock is poisoned here.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::thread;
use std::time::Instant;

use cgo_runtime::Handle;

const ROUNDS: usize = 1001;
/// Steps of each thread in a round: short against a time slice, so that threads which start together run together.
const STEPS: usize = 20_000;
/// As many values as a program might have open beside the one that is measured.
const OTHERS: usize = 100;

/// What all tables can do.
trait Table: Sync {
    type Key: Copy + Send + Sync;
    fn insert(&self, value: usize) -> Self::Key;
    fn read(&self, key: Self::Key) -> usize;
    fn remove(&self, key: Self::Key);
}

struct Handles;

impl Table for Handles {
    type Key = Handle<usize>;
    fn insert(&self, value: usize) -> Self::Key {
        Handle::new(value)
    }
    fn read(&self, key: Self::Key) -> usize {
        key.with(|value| *value).unwrap_or(0)
    }
    fn remove(&self, key: Self::Key) {
        let _ = key.delete();
    }
}

#[derive(Default)]
struct MutexSlab(Mutex<slab::Slab<Arc<usize>>>);

impl Table for MutexSlab {
    type Key = usize;
    fn insert(&self, value: usize) -> usize {
        self.0.lock().unwrap().insert(Arc::new(value))
    }
    fn read(&self, key: usize) -> usize {
        // The lock must not be held while a callback runs, so the value is taken out.
        let value = self.0.lock().unwrap().get(key).cloned();
        value.map_or(0, |value| *value)
    }
    fn remove(&self, key: usize) {
        let value = self.0.lock().unwrap().try_remove(key);
        drop(value);
    }
}

#[derive(Default)]
struct LockedSlotMap(RwLock<slotmap::SlotMap<slotmap::DefaultKey, Arc<usize>>>);

impl Table for LockedSlotMap {
    type Key = slotmap::DefaultKey;
    fn insert(&self, value: usize) -> Self::Key {
        self.0.write().unwrap().insert(Arc::new(value))
    }
    fn read(&self, key: Self::Key) -> usize {
        let value = self.0.read().unwrap().get(key).cloned();
        value.map_or(0, |value| *value)
    }
    fn remove(&self, key: Self::Key) {
        let value = self.0.write().unwrap().remove(key);
        drop(value);
    }
}

#[derive(Default)]
struct ShardedSlab(sharded_slab::Slab<Arc<usize>>);

impl Table for ShardedSlab {
    type Key = usize;
    fn insert(&self, value: usize) -> usize {
        self.0.insert(Arc::new(value)).unwrap_or(0)
    }
    fn read(&self, key: usize) -> usize {
        self.0.get(key).map_or(0, |value| **value)
    }
    fn remove(&self, key: usize) {
        self.0.remove(key);
    }
}

/// What is done.
#[derive(Clone, Copy)]
enum Work {
    Get { threads: usize, same: bool },
    Cycle { threads: usize },
}

impl Work {
    const ALL: [(&'static str, Work); 5] = [
        (
            "get, 1 thread",
            Work::Get {
                threads: 1,
                same: false,
            },
        ),
        (
            "get, 2 threads, own handles",
            Work::Get {
                threads: 2,
                same: false,
            },
        ),
        (
            "get, 2 threads, one handle",
            Work::Get {
                threads: 2,
                same: true,
            },
        ),
        ("new/get/delete, 1 thread", Work::Cycle { threads: 1 }),
        ("new/get/delete, 2 threads", Work::Cycle { threads: 2 }),
    ];

    /// Nanoseconds for one step, over all threads together: from the start of the first to the end of the last.
    /// `None` if the threads did not run at the same time, for want of a free processor.
    fn time<T: Table>(self, table: &T) -> Option<f64> {
        let others: Vec<T::Key> = (0..OTHERS).map(|value| table.insert(value)).collect();
        let (threads, same) = match self {
            Work::Get { threads, same } => (threads, same),
            Work::Cycle { threads } => (threads, false),
        };
        let keys: Vec<T::Key> = (0..threads).map(|value| table.insert(value)).collect();
        let arrived = AtomicUsize::new(0);
        let spans: Vec<(Instant, Instant)> = thread::scope(|scope| {
            let running: Vec<_> = (0..threads)
                .map(|thread| {
                    let key = keys[if same { 0 } else { thread }];
                    let arrived = &arrived;
                    scope.spawn(move || {
                        // Not a barrier that sleeps: both are on a processor when they start.
                        arrived.fetch_add(1, Ordering::AcqRel);
                        while arrived.load(Ordering::Acquire) < threads {
                            std::hint::spin_loop();
                        }
                        let begin = Instant::now();
                        for step in 0..STEPS {
                            match self {
                                Work::Get { .. } => {
                                    black_box(table.read(black_box(key)));
                                }
                                Work::Cycle { .. } => {
                                    let key = table.insert(step);
                                    black_box(table.read(black_box(key)));
                                    table.remove(key);
                                }
                            }
                        }
                        (begin, Instant::now())
                    })
                })
                .collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        keys.into_iter()
            .chain(others)
            .for_each(|key| table.remove(key));
        let (all, together) = whole_and_common(&spans)?;
        (together > 0.8 * all).then(|| all * 1e9 / (STEPS * threads) as f64)
    }
}

/// How long the threads took from the first start to the last end, and how long all of them ran.
fn whole_and_common(spans: &[(Instant, Instant)]) -> Option<(f64, f64)> {
    let (begins, ends) = (
        spans.iter().map(|span| span.0),
        spans.iter().map(|span| span.1),
    );
    let all = ends.clone().max()? - begins.clone().min()?;
    let together = ends.min()?.saturating_duration_since(begins.max()?);
    Some((all.as_secs_f64(), together.as_secs_f64()))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("the handles' benchmark measures only under `cargo bench`");
        return;
    }
    let names = ["Handle", "Mutex<slab>", "RwLock<slotmap>", "sharded-slab"];
    println!(
        "nanoseconds a step, all threads together; medians of the rounds in which the threads ran at once\n"
    );
    print!("{:<30}", "");
    names.iter().for_each(|name| print!("{name:>17}"));
    println!("{:>10}", "rounds");
    let mut medians = Vec::new();
    for (name, work) in Work::ALL {
        let mut times = vec![Vec::new(); names.len()];
        let (slab, slotmap, sharded) = (
            MutexSlab::default(),
            LockedSlotMap::default(),
            ShardedSlab::default(),
        );
        for _ in 0..ROUNDS {
            times[0].extend(work.time(&Handles));
            times[1].extend(work.time(&slab));
            times[2].extend(work.time(&slotmap));
            times[3].extend(work.time(&sharded));
        }
        print!("{name:<30}");
        let fewest = times.iter().map(Vec::len).min().unwrap_or(0);
        let row: Vec<f64> = times.into_iter().map(median).collect();
        row.iter().for_each(|time| print!("{time:>17.1}"));
        println!("{fewest:>10}");
        medians.push(row);
    }
    println!();
    goal("get on one thread, ns", medians[0][0], 10.0);
    goal(
        "get on two threads, own handles, against one thread",
        medians[1][0] / medians[0][0],
        1.0,
    );
    goal(
        "get on two threads, one handle, against one thread",
        medians[2][0] / medians[0][0],
        1.0,
    );
    goal(
        "cycle on one thread against Mutex<slab>",
        medians[3][0] / medians[3][1],
        1.0,
    );
    goal(
        "cycle on two threads against Mutex<slab>",
        medians[4][0] / medians[4][1],
        1.0 / 3.0,
    );
}

fn goal(what: &str, figure: f64, most: f64) {
    let verdict = if figure <= most { "met" } else { "MISSED" };
    println!("{what}: {figure:.2}, goal at most {most:.2}: {verdict}");
}
