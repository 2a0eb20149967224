//! Completions and manual pages: made from the arguments, so every command is in them.

use crate::support::Bench;

/// The commands that `--help` lists.
fn commands(bench: &Bench) -> Vec<String> {
    let help = bench.run("--help").expect(0).out;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = listed
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<String> =
        lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert!(names.len() > 8 && names.contains(&"check".to_owned()), "{names:?}");
    names
}

#[test]
fn every_shell_completes_every_command() {
    let bench = Bench::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = bench.run(&format!("completions {shell}")).expect(0).out;
        for command in commands(&bench) {
            assert!(script.contains(&command), "{shell} does not complete {command}");
        }
        assert!(script.contains("data-root"), "{shell} completes no option");
    }
    bench.run("completions tcsh").refuses(2, &["bash"]);
}

#[test]
fn every_command_has_a_page() {
    let bench = Bench::empty();
    let written = bench.run("man --out pages").expect(0).out;
    for command in commands(&bench).iter().filter(|command| *command != "help") {
        let name = format!("pages/binnc-{command}.1");
        assert!(written.contains(&name), "{written}");
        let page = bench.text(&name);
        assert!(
            page.contains(".TH") && page.contains(".SH SYNOPSIS") && page.contains(".SH EXAMPLE"),
            "{page}"
        );
    }
    assert_eq!(bench.run("man").expect(0).out, bench.text("pages/binnc.1"));
}
