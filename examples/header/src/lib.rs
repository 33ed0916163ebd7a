//! A library for C programs: `include/counter.h` is written from the exports below whenever the crate is built.

use cgo::{c_preamble, export_c};

c_preamble! {
    #cgo header: ../include/counter.h
}

/// Counts in steps.
pub struct Counter {
    value: i64,
}

/// How a counter moves.
#[export_c]
#[repr(C)]
pub struct Step {
    /// By how much.
    pub by: i64,
    /// Into which direction.
    pub direction: Direction,
}

/// Up or down.
#[export_c]
#[repr(C)]
#[derive(Clone, Copy)]
pub enum Direction {
    /// Towards greater values.
    Up,
    /// Towards smaller values.
    Down,
}

/// A new counter; free it with counter_free.
#[export_c]
pub fn counter_new(start: i64) -> Box<Counter> {
    Box::new(Counter { value: start })
}

/// Moves the counter and returns its new value.
#[export_c]
pub fn counter_move(counter: &mut Counter, step: &Step) -> i64 {
    counter.value += match step.direction {
        Direction::Up => step.by,
        Direction::Down => -step.by,
    };
    counter.value
}

/// Frees a counter; null is nothing to free.
#[export_c]
pub fn counter_free(counter: Option<Box<Counter>>) {
    drop(counter);
}
