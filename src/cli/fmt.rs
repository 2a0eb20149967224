//! `binnc fmt FILE…`: the canonical layout of specs, and the way from one notation to the other.
//!
//! A file is written only if what was written reads back as what was read; one with errors is
//! reported and left alone. YAML keeps the layout that its author or program gave it.

use super::args::Fmt;
use super::print::{Console, cannot_write};
use crate::io::World;
use crate::language::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::language::source::{Source, Sources};
use crate::language::syntax::{self, Notation, ast, format};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Exit code 1 when `--check` finds files to format or with errors, else that of the first error.
pub(super) fn run(command: &Fmt, world: &dyn World, console: &Console) -> u8 {
    let mut worst = 0;
    let paths: Vec<PathBuf> = command.paths.iter().flat_map(|path| specs(path, world)).collect();
    if command.to.is_some() && paths.len() != 1 {
        let message = format!("`--to` converts one file at a time, and {} are given", paths.len());
        let help =
            "name one file, and send what is printed to another: `binnc fmt --to yaml a.binn > a.yaml`";
        console.report(&Diagnostic::new(Code::E0113, message).help(help).into(), &Sources::default());
        return 2;
    }
    for path in &paths {
        let code = one(command, path, world, console);
        let code = if command.check && code != 0 && code != Code::E0301.exit_code() { 1 } else { code };
        worst = if worst == 0 { code } else { worst };
    }
    if paths.is_empty() {
        console.say("no `.binn`, `.yaml` or `.yml` file is there");
    }
    worst
}

fn one(command: &Fmt, path: &Path, world: &dyn World, console: &Console) -> u8 {
    let mut sources = Sources::default();
    let failed = |found: Diagnostics, sources: &Sources| {
        console.report(&found, sources);
        found.exit_code()
    };
    let (name, text) = match text_of(path, world) {
        Ok(read) => read,
        Err(finding) => return failed(finding.into(), &sources),
    };
    let source = sources.add(name, text);
    let (file, found) = syntax::parse(source);
    let done = if found.has_errors() {
        Err(found)
    } else {
        let result = match (command.to, Notation::of(&source.name)) {
            (Some(to), _) => convert(&file, source, to, console),
            (None, Notation::Yaml) => {
                console.say(&format!("{}: reads well; YAML keeps its layout", source.name));
                Ok(0)
            }
            (None, Notation::Binn) => tidy(command, path, &file, source, world, console),
        };
        result.map_err(Diagnostics::from)
    };
    done.unwrap_or_else(|found| failed(found, &sources))
}

/// Writes the canonical layout over the file, or says that it would.
fn tidy(
    command: &Fmt,
    path: &Path,
    file: &ast::File,
    source: &Source,
    world: &dyn World,
    console: &Console,
) -> Result<u8, Diagnostic> {
    let text = format::binn(file, Some(source));
    if !reads_back(&text, Notation::Binn, file) {
        return Err(not_kept(&source.name));
    }
    let changed = text != source.text;
    if is_standard_input(path) {
        if !command.check {
            console.result(&text);
        }
    } else if command.check && changed {
        console.result(&first_difference(&source.name, &source.text, &text));
    } else if changed {
        world.write(path, text.as_bytes()).map_err(|why| cannot_write(path, &why))?;
        console.say(&format!("{}: formatted", source.name));
    }
    Ok(u8::from(command.check && changed))
}

/// Prints the spec in the notation asked for, and names every comment that it cannot hold.
fn convert(file: &ast::File, source: &Source, to: Notation, console: &Console) -> Result<u8, Diagnostic> {
    let text = match to {
        Notation::Binn => format::binn(file, Some(source)),
        Notation::Yaml => format::yaml(file, Some(source)),
    };
    if !reads_back(&text, to, file) {
        return Err(not_kept(&source.name));
    }
    console.result(&text);
    if to == Notation::Yaml || Notation::of(&source.name) == Notation::Yaml {
        for comment in format::comments(source) {
            let (line, _) = source.line_column(comment);
            let written = &source.text[source.range(comment)];
            console.say(&format!("{}:{line}: this comment is not carried over: {written}", source.name));
        }
    }
    Ok(0)
}

/// Whether a text gives the tree that it was made from.
fn reads_back(text: &str, notation: Notation, file: &ast::File) -> bool {
    let mut sources = Sources::default();
    let (again, found) = syntax::parse_as(notation, sources.add("formatted", text));
    let bare = |file: &ast::File| match notation {
        Notation::Binn => format::without_spans(file),
        Notation::Yaml => format::without_spans(&format::by_kind(file)),
    };
    !found.has_errors() && bare(&again) == bare(file)
}

fn not_kept(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0113, format!("`{name}` cannot be written so that it says the same"))
        .help("remove what is given twice, and read what `binnc check` says of the file; nothing was written")
}

/// Where a file would change first, as a difference of one line.
fn first_difference(name: &str, old: &str, new: &str) -> String {
    let (mut old, mut new) = (old.lines(), new.lines());
    let mut line = 0;
    loop {
        line += 1;
        match (old.next(), new.next()) {
            (Some(before), Some(after)) if before == after => {}
            (None, None) => return format!("{name}: would be formatted: line ends\n"),
            (before, after) => {
                let before = before.map(|text| format!("- {text}\n")).unwrap_or_default();
                let after = after.map(|text| format!("+ {text}\n")).unwrap_or_default();
                return format!("{name}: would be formatted, first in line {line}\n{before}{after}");
            }
        }
    }
}

/// The specs below a folder, or the file itself; what begins with a dot is left out.
fn specs(path: &Path, world: &dyn World) -> Vec<PathBuf> {
    let Ok(entries) = world.list(path) else { return vec![path.to_path_buf()] };
    let hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let mut found = Vec::new();
    for entry in entries.into_iter().filter(|entry| !hidden(entry)) {
        let spec =
            entry.extension().is_some_and(|ending| ending == "binn" || ending == "yaml" || ending == "yml");
        if world.list(&entry).is_ok() {
            found.extend(specs(&entry, world));
        } else if spec {
            found.push(entry);
        }
    }
    found
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// The text of a file or of standard input, with the name that says its notation.
fn text_of(path: &Path, world: &dyn World) -> Result<(String, String), Diagnostic> {
    let name = path.display().to_string();
    let read = if is_standard_input(path) {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        world.read(path)
    };
    let bytes = read.map_err(|why| super::load::error::spec_unreadable(&name, &why))?;
    let text = String::from_utf8(bytes)
        .map_err(|why| super::load::error::spec_not_utf8(&name, why.utf8_error().valid_up_to()))?;
    let yaml = text.lines().any(|line| line.trim_start_matches('\u{feff}').starts_with("binn:"));
    let name = match (is_standard_input(path), yaml) {
        (true, true) => "standard input.yaml".to_owned(),
        (true, false) => "standard input".to_owned(),
        (false, _) => name,
    };
    Ok((name, text))
}
