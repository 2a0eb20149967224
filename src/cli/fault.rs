//! A fault of binnc itself: what is told, and what is put into a file for a report.
//!
//! The file holds where the fault arose and on what kind of machine, and nothing of the data: no
//! value, no id, no path of the user's.

use crate::io::World;
use crate::kernel::vector::instruction_set;
use std::backtrace::Backtrace;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What messages of the standard library begin with: these hold numbers of its own and no data.
const OF_STD: [&str; 6] = [
    "index out of bounds",
    "range ",
    "attempt to ",
    "called `Option::unwrap()`",
    "slice index",
    "internal error: entered unreachable code",
];

/// The first fault of this process; those that follow are its consequences.
static FIRST: Mutex<Option<Fault>> = Mutex::new(None);

/// Where and how something went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    place: String,
    /// What the standard library says, if it was the one to speak.
    message: String,
    calls: Vec<String>,
}

/// Remembers the first fault instead of printing it.
pub fn remember_faults() {
    std::panic::set_hook(Box::new(|info| {
        let mut first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
        if first.is_none() {
            *first = Some(Fault::of(info));
        }
    }));
}

/// What a process that met a fault says last; the file for a report lies where temporary files do.
pub fn last_words(world: &dyn World, command: &str) -> String {
    let fault = FIRST.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let fault =
        fault.unwrap_or_else(|| Fault { place: String::new(), message: String::new(), calls: Vec::new() });
    let path = folder(world).join(format!("binnc-fault-{}.txt", std::process::id()));
    let kept = match world.write(&path, fault.told(command).as_bytes()) {
        Ok(()) => format!("`{}`, which holds neither data nor ids", path.display()),
        Err(_) => "the place named above".to_string(),
    };
    format!(
        "binnc met an internal error at {}, which is a fault in binnc and not in your data. Files written earlier \
         are intact, and a run that was under way goes on when its command is given again. Please report it \
         with the command and {kept}.\n",
        fault.place
    )
}

impl Fault {
    fn of(info: &PanicHookInfo<'_>) -> Self {
        let place = info.location().map_or_else(String::new, |place| {
            format!("{}:{}:{}", without_folders(place.file()), place.line(), place.column())
        });
        let said = info.payload_as_str().unwrap_or_default();
        let message = if OF_STD.iter().any(|start| said.starts_with(start)) { said } else { "" };
        Self { place, message: message.to_string(), calls: calls(&Backtrace::force_capture().to_string()) }
    }

    fn told(&self, command: &str) -> String {
        let Self { place, message, calls } = self;
        let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
        let mut text = format!("binnc {}\ncommand {command}\n", env!("CARGO_PKG_VERSION"));
        text += &format!("system {system}, {machine}, {}\nat {place}\n", instruction_set());
        if !message.is_empty() {
            text += &format!("message {message}\n");
        }
        calls.iter().for_each(|call| text += &format!("  {call}\n"));
        text
    }
}

/// A source file below `src` or of a crate; folders above are those of whoever built the program.
fn without_folders(file: &str) -> String {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    let first =
        parts.iter().rposition(|part| *part == "src").map_or(parts.len() - 1, |src| src.saturating_sub(1));
    let is_own = parts.first() == Some(&"src");
    if is_own { file.to_string() } else { parts[first..].join("/") }
}

/// The names of functions in a backtrace, without where they were built.
fn calls(backtrace: &str) -> Vec<String> {
    let lines = backtrace.lines().map(str::trim).filter(|line| !line.starts_with("at "));
    lines.map(str::to_string).collect()
}

fn folder(world: &dyn World) -> PathBuf {
    let named = ["TMPDIR", "TEMP"].iter().find_map(|name| world.variable(name));
    named.map_or_else(|| Path::new("/tmp").to_path_buf(), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::{calls, without_folders};

    #[test]
    fn files_are_named_without_the_folders_of_whoever_built_them() {
        assert_eq!(without_folders("src/data/bed.rs"), "src/data/bed.rs");
        assert_eq!(
            without_folders("/home/somebody/registry/csv-1.4.0/src/reader.rs"),
            "csv-1.4.0/src/reader.rs"
        );
        assert_eq!(without_folders("/rustc/abc/library/core/panicking.rs"), "panicking.rs");
    }

    #[test]
    fn calls_are_named_without_paths() {
        let trace =
            "   0: binnc::cli::run\n             at /home/somebody/binnc/src/cli/mod.rs:70:5\n   1: main\n";
        assert_eq!(calls(trace), ["0: binnc::cli::run", "1: main"]);
    }
}
