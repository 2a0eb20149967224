//! Arguments in, exit code out.
//!
//! Signals only set a flag; a second one ends the process at once.

use binnc::cli::{Arguments, Interrupt, run};
use binnc::io::Disk;
use binnc::kernel::pages::keep_large_arrays_apart;
use clap::Parser;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

const INTERNAL_ERROR: u8 = 70;

fn main() -> ExitCode {
    keep_large_arrays_apart();
    let arguments = Arguments::parse();
    let interrupt = Interrupt::default();
    listen(&interrupt);
    let code = catch_unwind(AssertUnwindSafe(|| run(&arguments, &Disk, &interrupt)));
    ExitCode::from(code.unwrap_or_else(|_| {
        complain();
        INTERNAL_ERROR
    }))
}

/// The first signal asks a run to stop, the second ends it.
fn listen(interrupt: &Interrupt) {
    for (signal, code) in [(SIGINT, 130), (SIGTERM, 143)] {
        let second = flag::register_conditional_shutdown(signal, code, interrupt.flag());
        let number = usize::try_from(signal).unwrap_or_default();
        let told = second
            .and_then(|_| flag::register_usize(signal, interrupt.cell(), number))
            .and_then(|_| flag::register(signal, interrupt.flag()));
        if told.is_err() {
            complain();
        }
    }
}

fn complain() {
    const LAST_WORDS: &[u8] =
        b"binnc met an internal error, which is a fault in binnc and not in your data. Files \
        written earlier are intact. Please report it with the command and the message above.\n";
    let _ = std::io::stderr().write_all(LAST_WORDS);
}
