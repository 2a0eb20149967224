//! `binnc man`: manual pages made from the same arguments that are parsed.
//!
//! They hold no date, so that packages built twice are the same.

use super::args::{Arguments, Man};
use super::print::{Console, cannot_write};
use super::{Diagnostics, Failed};
use crate::io::World;
use clap::{Command, CommandFactory};
use std::io::{self, Write};

pub(super) fn run(command: &Man, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let mut whole = Arguments::command().disable_help_subcommand(true);
    whole.build();
    let Some(folder) = &command.out else {
        let page =
            page(&whole).map_err(|why| Diagnostics::from(cannot_write("standard output".as_ref(), &why)))?;
        console.result(&String::from_utf8_lossy(&page));
        return Ok(0);
    };
    world.create_folder(folder).map_err(|why| Diagnostics::from(cannot_write(folder, &why)))?;
    for part in std::iter::once(&whole).chain(whole.get_subcommands()) {
        let path = folder.join(format!("{}.1", name(part)));
        let written = page(part).and_then(|page| world.write(&path, &page));
        written.map_err(|why| Diagnostics::from(cannot_write(&path, &why)))?;
        console.result(&format!("{}\n", path.display()));
    }
    Ok(0)
}

/// Such as `binnc-check`.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = clap_mangen::Man::new(command.clone());
    let mut page = Vec::new();
    let title = name(command).to_uppercase();
    writeln!(page, ".TH \"{title}\" 1 \"\" \"binnc {}\" \"binnc\"", env!("CARGO_PKG_VERSION"))?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.get_subcommands().next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    page.extend(notes(&after).into_bytes());
    Ok(page)
}

/// Examples and exit codes as sections of their own, line by line as they stand in the help.
fn notes(help: &str) -> String {
    let mut text = String::new();
    let mut is_first = true;
    for paragraph in help.split("\n\n") {
        let (title, body) = match paragraph.split_once(':') {
            Some((word @ ("Example" | "Examples"), body)) => (Some(word.to_uppercase()), body),
            Some(("Exit codes", body)) => (Some("EXIT STATUS".to_owned()), body),
            _ if is_first => (Some("NOTES".to_owned()), paragraph),
            _ => (None, paragraph),
        };
        text += &title.map_or_else(|| ".PP\n".to_owned(), |title| format!(".SH {title}\n"));
        text += ".nf\n";
        for line in body.trim_matches('\n').lines() {
            text += &escaped(line.strip_prefix(' ').unwrap_or(line));
            text.push('\n');
        }
        text += ".fi\n";
        is_first = false;
    }
    text
}

/// A line that roff takes as it is.
fn escaped(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-");
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}
