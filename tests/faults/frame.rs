//! The frame of the tables: a row breaks a folder, asks, and says what the answer must hold.
//!
//! All rows of a group run before any is reported; what they answered is one snapshot.

use crate::folder::{Files, Folder};
use binnc::language::diagnostics::Diagnostics;
use binnc::language::diagnostics::render::{self, Style};
use binnc::language::source::Sources;
use std::collections::BTreeSet;
use std::process::{Command, Output};

/// Exit codes by which a program says that it, and not its input, is at fault.
const OWN_FAULT: [i32; 2] = [70, 101];

/// A fault and its answer.
pub struct Row {
    pub number: u8,
    fault: &'static str,
    harm: Box<dyn Fn(&Folder)>,
    asked: Asked,
    exit: i32,
    /// What must stand in the answer: the code, the place, the value.
    words: Vec<&'static str>,
    makes: Vec<&'static str>,
    /// The snapshot holds codes alone: the rest depends on the machine.
    is_terse: bool,
    /// Progress and results are shown too.
    is_loud: bool,
}

enum Asked {
    Line(&'static str),
    /// A command of its own, such as one with limits.
    Command(&'static str, Box<dyn Fn(&Folder) -> Command>),
    /// All by itself.
    Own(Box<dyn Fn(&Folder) -> Said>),
}

/// An exit code, what was said, and results.
pub struct Said {
    pub code: i32,
    pub err: String,
    pub out: String,
}

impl Said {
    /// Of a finding that a part of the library gave.
    pub fn of(found: &Diagnostics) -> Self {
        let err = render::text(found, &Sources::default(), Style::default());
        Self { code: found.exit_code().into(), err, out: String::new() }
    }
}

/// A row; the words must stand in what is said, in any order.
pub fn row(
    number: u8,
    fault: &'static str,
    harm: impl Fn(&Folder) + 'static,
    line: &'static str,
    exit: i32,
    words: &[&'static str],
) -> Row {
    Row {
        number,
        fault,
        harm: Box::new(harm),
        asked: Asked::Line(line),
        exit,
        words: words.to_vec(),
        makes: Vec::new(),
        is_terse: false,
        is_loud: false,
    }
}

/// A row that asks by itself.
pub fn own(
    number: u8,
    fault: &'static str,
    ask: impl Fn(&Folder) -> Said + 'static,
    exit: i32,
    words: &[&'static str],
) -> Row {
    Row { asked: Asked::Own(Box::new(ask)), ..row(number, fault, |_| {}, "", exit, words) }
}

impl Row {
    /// The folder is broken before it is looked at.
    pub fn broken(mut self, harm: impl Fn(&Folder) + 'static) -> Self {
        self.harm = Box::new(harm);
        self
    }

    /// What the command is to make, by the start of the name; anything else stays as it was.
    pub fn makes(mut self, names: &[&'static str]) -> Self {
        self.makes.extend(names);
        self
    }

    /// Shows progress and results too, such as how many variants matched.
    pub fn loud(mut self) -> Self {
        self.is_loud = true;
        self
    }

    /// Shows codes alone, where a message has figures of the machine.
    pub fn terse(mut self) -> Self {
        self.is_terse = true;
        self
    }

    /// The program is started in another way.
    pub fn started(mut self, how: &'static str, by: impl Fn(&Folder) -> Command + 'static) -> Self {
        self.asked = Asked::Command(how, Box::new(by));
        self
    }

    /// The part of the snapshot, and what is wrong with the answer.
    fn answer(&self) -> (String, Vec<String>) {
        let folder = Folder::sound();
        (self.harm)(&folder);
        let before = folder.files();
        let (line, Said { code, err, out }) = match &self.asked {
            Asked::Line(line) => {
                let quiet = if self.is_loud { "" } else { "--quiet " };
                (*line, spoken(folder.command(&format!("{quiet}{line}"))))
            }
            Asked::Command(line, by) => (*line, spoken(by(&folder))),
            Asked::Own(ask) => ("", ask(&folder)),
        };
        let after = folder.files();
        let log = notes(&before, &after);
        let all = without_chance(&format!("{err}{out}"), &folder) + &log;
        let wrong = self.wrong(code, &all, &before, &after);
        // Results of a sound run are numbers, which differ between kinds of machines.
        let said = if code == 0 && !self.is_loud { without_chance(&err, &folder) + &log } else { all };
        let said = if self.is_terse { headings(&said) } else { said };
        let line = if line.is_empty() { String::new() } else { format!("$ binnc {line}\n") };
        (format!("―― {} {}\n{line}exit {code}\n{said}", self.number, self.fault), wrong)
    }

    fn wrong(&self, code: i32, said: &str, before: &Files, after: &Files) -> Vec<String> {
        let mut wrong = Vec::new();
        if OWN_FAULT.contains(&code) || said.contains("panicked") {
            wrong.push("binnc failed".to_string());
        }
        if code != self.exit {
            wrong.push(format!("exit code {code}, not {}", self.exit));
        }
        let flat = unwrapped(said);
        let absent = self.words.iter().filter(|word| !said.contains(**word) && !flat.contains(**word));
        wrong.extend(absent.map(|word| format!("no {word:?}")));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let may = |name: &str| self.makes.iter().any(|start| name.starts_with(start));
        let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name) && !may(name));
        let changed: Vec<&String> = changed.collect();
        if let Some(first) = changed.first() {
            wrong.push(format!("{} files were made, changed or removed, such as `{first}`", changed.len()));
        }
        let unmade = self.makes.iter().filter(|start| !after.keys().any(|name| name.starts_with(**start)));
        wrong.extend(unmade.map(|start| format!("nothing was made at `{start}`")));
        wrong
    }
}

/// Runs all rows of a group, compares their answers with the snapshot, and names every failure.
pub fn check(group: &str, rows: Vec<Row>) {
    let (mut text, mut failed) = (String::new(), Vec::new());
    for row in rows {
        let (said, wrong) = row.answer();
        if !wrong.is_empty() {
            failed.push(format!("{}: {}\n{said}", row.number, wrong.join("; ")));
        }
        text += &said;
        text.push('\n');
    }
    assert!(failed.is_empty(), "{} rows failed\n\n{}", failed.len(), failed.join("\n"));
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(group, text));
}

/// Runs a command; a signal that ended it is a negative code.
pub fn spoken(mut command: Command) -> Said {
    told(&command.output().expect("the program starts"))
}

pub fn told(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program speaks UTF-8");
    Said { code: output.status.code().unwrap_or(-1), err: text(&output.stderr), out: text(&output.stdout) }
}

/// What was said, without times and the folder's own name.
fn without_chance(said: &str, folder: &Folder) -> String {
    let real = folder.root().canonicalize().expect("it is there");
    let said = said.replace(&real.display().to_string(), "FOLDER");
    let kept = said.lines().filter(|line| !line.contains(" samples/s ("));
    kept.map(|line| format!("{line}\n")).collect()
}

/// The lines that name a code.
fn headings(said: &str) -> String {
    let is_heading = |line: &&str| line.starts_with("Error: ") || line.starts_with("Warning: ");
    said.lines().filter(is_heading).map(|line| format!("{line}\n")).collect()
}

/// The words without line breaks.
fn unwrapped(said: &str) -> String {
    said.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

/// What new run folders note of the files that they read.
fn notes(before: &Files, after: &Files) -> String {
    let new = after.iter().filter(|(name, _)| name.ends_with("/run.log") && !before.contains_key(*name));
    let logs: Vec<String> = new.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    let noted = logs.iter().flat_map(|log| log.lines()).filter(|line| line.starts_with("note: "));
    noted.map(|line| format!("run.log: {line}\n")).collect()
}
