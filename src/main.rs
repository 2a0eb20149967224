//! Arguments in, exit code out.
//!
//! Signals only set a flag; a second one ends the process at once. SIGUSR1 asks for checkpoints, as batch
//! systems do before the time of a job is over, and ends nothing.

use binnc::cli::{Arguments, Interrupt, last_words, remember_faults, run};
use binnc::io::{Disk, World};
use binnc::kernel::allocation::Allocator;
use binnc::kernel::pages::keep_large_arrays_apart;
use clap::Parser;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

#[global_allocator]
static MEMORY: Allocator = Allocator;

const INTERNAL_ERROR: u8 = 70;

fn main() -> ExitCode {
    keep_large_arrays_apart();
    let arguments = Arguments::parse();
    let interrupt = Interrupt::default();
    listen(&interrupt);
    remember_faults();
    let code = catch_unwind(AssertUnwindSafe(|| {
        assert!(!is_tried(), "a fault that a test asked for, sample S_123");
        run(&arguments, &Disk, &interrupt)
    }));
    ExitCode::from(code.unwrap_or_else(|_| {
        let _ = std::io::stderr().write_all(last_words(&Disk, &arguments.name()).as_bytes());
        INTERNAL_ERROR
    }))
}

/// Whether a test of this build asks for a fault; release builds have none to give.
fn is_tried() -> bool {
    cfg!(debug_assertions) && Disk.variable("BINNC_TRY_A_FAULT").is_some()
}

/// The first signal asks a run to stop, the second ends it.
fn listen(interrupt: &Interrupt) {
    #[cfg(unix)]
    warn(flag::register(signal_hook::consts::SIGUSR1, interrupt.checkpoint()));
    for (signal, code) in [(SIGINT, 130), (SIGTERM, 143)] {
        let second = flag::register_conditional_shutdown(signal, code, interrupt.flag());
        let number = usize::try_from(signal).unwrap_or_default();
        warn(
            second
                .and_then(|_| flag::register_usize(signal, interrupt.cell(), number))
                .and_then(|_| flag::register(signal, interrupt.flag())),
        );
    }
}

/// A signal that cannot be listened to ends the process, as it does without a listener.
fn warn<T>(told: std::io::Result<T>) {
    if let Err(why) = told {
        let _ = writeln!(std::io::stderr(), "note: a signal will end binnc at once: {why}");
    }
}
