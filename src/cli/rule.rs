//! `binnc rule CODE`: the page of a code.

use super::args::Rule;
use super::print::Console;
use super::{Diagnostics, Failed};
use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic};

pub(super) fn run(command: &Rule, console: &Console) -> Result<u8, Failed> {
    let Some(name) = &command.code else {
        for code in Code::ALL {
            console.result(&format!("{}  {}\n", code.name(), code.slug()));
        }
        return Ok(0);
    };
    let by_slug = || Code::ALL.iter().copied().find(|code| code.slug() == name);
    match Code::find(name).or_else(by_slug) {
        Some(code) => {
            console.result(code.page());
            Ok(0)
        }
        None => Err(Failed::from(Diagnostics::from(unknown(name)))),
    }
}

fn unknown(name: &str) -> Diagnostic {
    let mut finding = Diagnostic::new(Code::E0201, format!("no code is called `{name}`"));
    finding.help = did_you_mean(name, Code::ALL.iter().map(|code| code.name())).map(String::into_boxed_str);
    finding.help.get_or_insert_with(|| "`binnc rule` lists all codes".into());
    finding
}
