//! One command a file; the only place that prints.
//!
//! A command returns an [`Outcome`]; `main` turns it into an exit code.

mod args;
mod check;
mod compile;
mod completions;
mod diagnose;
mod diff;
mod emit;
mod error;
mod experiment;
mod explain;
mod fault;
mod figures;
mod fmt;
mod genotyped;
mod info;
pub mod load;
mod lock;
mod machine;
mod man;
mod new;
mod outline;
mod predict;
mod print;
mod prior;
mod progress;
mod report;
mod review;
mod rule;
mod run;
mod run_folder;
mod schema;
mod simulate;
mod walk;

pub use args::Arguments;
pub use fault::{last_words, remember_faults};
pub use progress::Interrupt;

use crate::io::World;
use crate::language::diagnostics::Diagnostics;
use crate::language::diagnostics::render::MessageFormat;
use crate::language::source::Sources;
use args::Command;
use print::Console;

/// The exit code of E0905; that of the command is 128 + the signal.
const INTERRUPTED: u8 = 130;

/// Runs one command and gives the exit code.
pub fn run(arguments: &Arguments, world: &dyn World, interrupt: &Interrupt) -> u8 {
    let console = Console::new(arguments);
    if arguments.message_format == MessageFormat::Sarif && !matches!(arguments.command, Command::Check(_)) {
        return console.wrong_use("`--message-format sarif` is for `check`: use text, short, json or github");
    }
    let result = match &arguments.command {
        Command::Check(command) => Ok(check::run(command, world, &console)),
        Command::Compile(command) => compile::run(command, world, &console),
        Command::Run(command) => run::run(command, world, &console, interrupt),
        Command::Experiment(command) => experiment::run(command, world, &console, interrupt),
        Command::Predict(command) => predict::run(command, world, &console, interrupt),
        Command::Explain(command) => explain::run(command, world, &console, interrupt),
        Command::Report(command) => report::run(command, world, &console),
        Command::Diagnose(command) => diagnose::run(command, world, &console),
        Command::Prior(command) => prior::run(command, world, &console, interrupt),
        Command::Info(command) => info::run(command, world, &console),
        Command::Simulate(command) => simulate::run(command, world, &console),
        Command::Rule(command) => rule::run(command, &console),
        Command::Fmt(command) => Ok(fmt::run(command, world, &console)),
        Command::Schema(_) => Ok(schema::run(&console)),
        Command::Lock(command) => Ok(lock::run(command, world, &console)),
        Command::New(command) => new::run(command, world, &console),
        Command::Diff(command) => diff::run(command, world, &console),
        Command::Completions(command) => Ok(completions::run(command, &console)),
        Command::Man(command) => man::run(command, world, &console),
    };
    let result = match (result, console.unwritten()) {
        (Ok(_), Some(unwritten)) => Err(unwritten.into()),
        (result, _) => result,
    };
    match result {
        Ok(code) => code,
        Err(failed) => {
            let found = load::lines::look_up(world, failed.found);
            console.report(&found, &failed.sources);
            match (found.exit_code(), interrupt.signal()) {
                (INTERRUPTED, Some(signal)) => 128 + signal,
                (code, _) => code,
            }
        }
    }
}

/// Findings that end a command, with the texts they point at.
#[derive(Debug, Default)]
struct Failed {
    found: Diagnostics,
    sources: Sources,
}

impl<T: Into<Diagnostics>> From<T> for Failed {
    fn from(found: T) -> Self {
        Self { found: found.into(), ..Self::default() }
    }
}
