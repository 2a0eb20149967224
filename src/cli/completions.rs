//! `binnc completions SHELL`: a script made from the same arguments that are parsed.

use super::args::{Arguments, Completions};
use super::print::Console;
use clap::CommandFactory;

pub(super) fn run(command: &Completions, console: &Console) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), "binnc", &mut script);
    console.result(&String::from_utf8_lossy(&script));
    0
}
