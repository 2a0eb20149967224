//! Threads that stay together for many short pieces of work.
//!
//! A piece is as long as a pass over a batch, tens of microseconds, so members wait for the next
//! one by spinning, and give way to others after a while. `run` comes back when every member is
//! done, so a piece may borrow what its caller owns.

#![expect(unsafe_code, reason = "a borrowed piece of work is handed to threads that outlive it")]

use std::cell::UnsafeCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Looks at the clock of work before a waiting member gives way.
const SPINS: u32 = 20_000;

type Piece<'a> = &'a (dyn Fn(usize) + Sync);

/// Members of a team, the caller among them.
pub struct Team {
    members: usize,
    piece: UnsafeCell<Option<Piece<'static>>>,
    /// How many pieces were given out.
    given: AtomicUsize,
    /// Members that are still at the last one.
    busy: AtomicUsize,
    is_over: AtomicBool,
    has_failed: AtomicBool,
}

// SAFETY: `piece` is written by the caller alone, while no member is busy, and read by members
// only after they saw `given` grow, which the caller does after writing.
unsafe impl Sync for Team {}

/// Calls `body` with a team of so many threads, the caller's own included.
pub fn with_team<R>(members: usize, body: impl FnOnce(&Team) -> R) -> R {
    let team = Team {
        members: members.max(1),
        piece: UnsafeCell::new(None),
        given: AtomicUsize::new(0),
        busy: AtomicUsize::new(0),
        is_over: AtomicBool::new(false),
        has_failed: AtomicBool::new(false),
    };
    thread::scope(|scope| {
        let team = &team;
        for member in 1..team.members {
            scope.spawn(move || team.work(member));
        }
        let result = catch_unwind(AssertUnwindSafe(|| body(team)));
        team.is_over.store(true, Ordering::Release);
        result.unwrap_or_else(|panic| resume_unwind(panic))
    })
}

impl Team {
    /// How many members it has.
    #[must_use]
    pub fn members(&self) -> usize {
        self.members
    }

    /// Has every member do `piece` with its own number, from 0, and waits for all.
    ///
    /// # Panics
    /// When a member panics.
    pub fn run(&self, piece: Piece<'_>) {
        if self.members == 1 {
            return piece(0);
        }
        // SAFETY: the lifetime is only longer in name: members stop using the piece before `busy`
        // is 0, and this function waits for that on every path. No member reads while it is
        // written, since none is busy.
        unsafe {
            *self.piece.get() = Some(std::mem::transmute::<Piece<'_>, Piece<'static>>(piece));
        }
        self.busy.store(self.members - 1, Ordering::Relaxed);
        self.given.fetch_add(1, Ordering::Release);
        let own = catch_unwind(AssertUnwindSafe(|| piece(0)));
        wait(|| self.busy.load(Ordering::Acquire) == 0);
        if let Err(panic) = own {
            resume_unwind(panic);
        }
        assert!(!self.has_failed.load(Ordering::Relaxed), "a member of the team panicked");
    }

    fn work(&self, member: usize) {
        let mut done = 0;
        loop {
            let is_over = || self.is_over.load(Ordering::Acquire);
            wait(|| self.given.load(Ordering::Acquire) != done || is_over());
            if self.given.load(Ordering::Acquire) == done {
                return;
            }
            done += 1;
            // SAFETY: the piece was written before `given` grew, and stays until `busy` is 0.
            let piece = unsafe { (*self.piece.get()).expect("a piece was given") };
            if catch_unwind(AssertUnwindSafe(|| piece(member))).is_err() {
                self.has_failed.store(true, Ordering::Relaxed);
            }
            self.busy.fetch_sub(1, Ordering::Release);
        }
    }
}

fn wait(is_done: impl Fn() -> bool) {
    let mut spins = 0;
    while !is_done() {
        if spins < SPINS {
            spins += 1;
            std::hint::spin_loop();
        } else {
            thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn every_member_does_every_piece_once() {
        for members in 1..5 {
            let counts: Vec<Mutex<usize>> = (0..members).map(|_| Mutex::new(0)).collect();
            let sum = with_team(members, |team| {
                for piece in 0..1000 {
                    team.run(&|member| *counts[member].lock().expect("no poison") += piece);
                }
                team.members()
            });
            assert_eq!(sum, members);
            for count in counts {
                assert_eq!(count.into_inner().expect("no poison"), 999 * 1000 / 2);
            }
        }
    }

    #[test]
    fn a_panic_of_any_member_reaches_the_caller() {
        for failing in 0..3 {
            let result = catch_unwind(|| {
                with_team(3, |team| team.run(&|member| assert!(member != failing, "on purpose")));
            });
            assert!(result.is_err(), "member {failing}");
        }
    }
}
