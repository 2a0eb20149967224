//! Arguments and help.

use super::load::Setting;
use crate::language::diagnostics::render::MessageFormat;
use crate::language::syntax::Notation;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

mod deriving;
mod diagnosing;
mod experimenting;
mod explaining;
mod genotyped;
mod keeping;
mod pinning;
mod predicting;
mod reporting;
mod running;
mod simulating;
mod size;
pub(super) use deriving::{Eqtl, Measurements, Prior, PriorFrom, Select, SelectRule};
pub(super) use diagnosing::Diagnose;
pub(super) use experimenting::Experiment;
pub(super) use explaining::{Explain, Measure, Method};
pub(super) use genotyped::Genotyped;
pub(super) use keeping::{Completions, Diff, DiffFormat, Lock, Man, New};
pub(super) use pinning::Pinning;
pub(super) use predicting::{Predict, Shard};
pub(super) use reporting::Report;
pub(super) use running::{Run, Running};
pub(super) use simulating::{Effects, Generator, Simulate, Variant};

/// Compiles a biology-informed neural network from a short spec, and trains and runs it.
#[derive(Debug, Parser)]
#[command(name = "binnc", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Examples:
  binnc run specs/shoot_branching.binn        train and evaluate the built-in benchmark
  binnc check my_panel.binn                   say everything that is wrong with a spec
  binnc info my_panel.binn                    show every default that a spec leaves out
  binnc new first                             write a small project that runs at once
  binnc rule E0401                            explain a code

Exit codes: 0 done; 1 `check` has findings, or `diff` differences; 2 usage, or a run folder in use;
3 a file cannot be read; 5 cannot be written; 6 is malformed; 7 inputs contradict each other;
8 error in the spec; 9 numeric failure; 10 too large; 13 data with nothing to learn from; 70 fault
in binnc; 130 and 143 interrupted.

Start with `binnc new`, or with docs/language.md and a copy of a file in specs/.")]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
    /// How findings are printed: text, short or json on standard error; github (workflow commands)
    /// or sarif (one document, `check` alone) on standard output.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", value_parser = message_format)]
    pub(super) message_format: MessageFormat,
    /// When to colour; auto: on a terminal.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: When,
    /// Print findings and results, nothing else.
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
}

impl Arguments {
    /// The command, such as `check`.
    #[must_use]
    pub fn name(&self) -> String {
        let shown = format!("{:?}", self.command);
        shown.split('(').next().unwrap_or_default().to_lowercase()
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say everything that is wrong with specs; reads no genotype call.
    Check(Check),
    /// Show what a spec compiles to and what it costs; reads no genotype call.
    Compile(Compile),
    /// Train a spec fold by fold beside the baselines, fit the final model, write the run folder.
    Run(Run),
    /// Run a spec once for each value of its constants, and show a table of all.
    Experiment(Experiment),
    /// Predict traits from genotypes with a trained model.
    Predict(Predict),
    /// Rank the nodes of trained networks by how far predictions move with them.
    Explain(Explain),
    /// Write one page about a finished run, with charts and tables, that opens in any browser.
    Report(Report),
    /// Name what looks wrong in a finished run, with what it means and what to do.
    Diagnose(Diagnose),
    /// Derive links from genotypes and measurements, as a table that a spec can read.
    Prior(Prior),
    /// Show what a spec reads and asks for, with every default, or what a model file holds.
    Info(Info),
    /// Write a small project that runs, or a first spec for your own files.
    New(New),
    /// Lay specs out the one way, or convert one between `.binn` and YAML.
    Fmt(Fmt),
    /// Print the JSON Schema of specs in YAML, for editors.
    Schema(SchemaArguments),
    /// Write or verify the lock: which files a spec was reviewed with.
    Lock(Lock),
    /// Show what a change of a spec or of its files does to the graph.
    Diff(Diff),
    /// Write a simulated data set as PLINK files and tables.
    Simulate(Simulate),
    /// Explain a code such as E0401, or list all codes.
    Rule(Rule),
    /// Print a script that completes commands and options in your shell.
    Completions(Completions),
    /// Print the manual page, or write one page a command.
    Man(Man),
}

/// Where a spec and its data are.
#[derive(Clone, Debug, Args)]
pub(super) struct Input {
    /// The spec, a `.binn` file.
    pub(super) spec: PathBuf,
    /// Folder that the paths in the spec start from [default: the spec's own folder].
    #[arg(long, value_name = "DIR")]
    pub(super) data_root: Option<PathBuf>,
    /// Folder that imports may not leave [default: the nearest one above the spec with `.git`].
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
    /// Fail where a seed is left to its default.
    #[arg(long)]
    pub(super) reproducible: bool,
    /// Give a constant of the spec (`let NAME = …`) another value; recorded in run.json.
    #[arg(long, value_name = "NAME=VALUE", value_parser = Setting::parse)]
    pub(super) set: Vec<Setting>,
}

/// Where parsed priors are kept.
#[derive(Clone, Debug, Args)]
pub(super) struct Caching {
    /// Keep parsed priors, and reviews of specs, of 1 MB and more here [default: .binnc/cache in the folder
    /// of data].
    #[arg(long, value_name = "DIR")]
    pub(super) cache: Option<PathBuf>,
    /// Read and compile everything anew, and keep nothing.
    #[arg(long, conflicts_with = "cache")]
    pub(super) no_cache: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc check specs/                              every spec below a folder
  binnc check maize.binn --data-root ~/data
  binnc check maize.binn --no-data                in CI, without any data
  binnc check maize.binn --deny warnings --message-format short
  binnc check specs/ --locked --message-format sarif > binnc.sarif

A folder is searched for .binn files and for YAML files that start with `binn:`; hidden folders,
runs/, target/ and caches are passed over. What is not there is not checked, and a note says so.

Exit codes: 0 clean, 1 findings, 2 usage, 3 a spec cannot be opened.")]
pub(super) struct Check {
    /// Specs, or folders of specs.
    #[arg(required = true, value_name = "PATH")]
    pub(super) specs: Vec<PathBuf>,
    /// Folder that the paths in the specs start from [default: each spec's own folder].
    #[arg(long, value_name = "DIR")]
    pub(super) data_root: Option<PathBuf>,
    /// Folder that imports may not leave [default: the nearest one above the spec with `.git`].
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
    /// Open no data: check what the text alone can show.
    #[arg(long)]
    pub(super) no_data: bool,
    /// Fail unless the spec and its files are those of the lock beside the spec.
    #[arg(long)]
    pub(super) locked: bool,
    /// Pass over YAML files that do not start with `binn:`, which are no specs.
    #[arg(long)]
    pub(super) specs_only: bool,
    #[command(flatten)]
    pub(super) caching: Caching,
    /// Fail on warnings as on errors.
    #[arg(long, value_name = "WHAT")]
    pub(super) deny: Option<Deny>,
    /// Warn also of links that skip a level and of priors without origin or licence.
    #[arg(long)]
    pub(super) pedantic: bool,
    /// Fail where a seed is left to its default.
    #[arg(long)]
    pub(super) reproducible: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc fmt my_panel.binn                     rewrite it, comments kept
  binnc fmt specs --check                     in CI: fail if a file is not laid out so
  binnc fmt my_panel.binn --to yaml > my_panel.yaml
  binnc fmt my_panel.yaml --to binn > my_panel.binn

A `.yaml` file is read and reported on, and keeps its layout. A file with errors is left as it is.
Exit codes: 0 done; with --check, 1 for a file to format or with errors.")]
pub(super) struct Fmt {
    /// Specs, folders of specs, or - for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(super) paths: Vec<PathBuf>,
    /// Write nothing: say which files would change, and where first.
    #[arg(long, conflicts_with = "to")]
    pub(super) check: bool,
    /// Print one spec in the other notation instead: yaml or binn.
    #[arg(long, value_name = "NOTATION", value_parser = notation)]
    pub(super) to: Option<Notation>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  binnc schema > binn-1.schema.json

An editor that knows YAML completes and explains keys when the first line of a spec names the file:
  # yaml-language-server: $schema=binn-1.schema.json")]
pub(super) struct SchemaArguments {}

fn notation(word: &str) -> Result<Notation, String> {
    match word {
        "binn" => Ok(Notation::Binn),
        "yaml" => Ok(Notation::Yaml),
        _ => Err("it is `binn` or `yaml`".to_string()),
    }
}

/// What `--deny` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Deny {
    Warnings,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc compile maize.binn --data-root ~/data
  binnc compile maize.binn -o maize.plan.json
  binnc compile maize.binn --timing
  binnc compile maize.binn --emit mermaid > graph.mmd
  binnc compile maize.binn --emit dot | dot -Tsvg > graph.svg")]
pub(super) struct Compile {
    #[command(flatten)]
    pub(super) input: Input,
    /// Fail unless the spec and its files are those of the lock beside the spec.
    #[arg(long)]
    pub(super) locked: bool,
    #[command(flatten)]
    pub(super) caching: Caching,
    /// Write the plan here, as JSON.
    #[arg(long, short, value_name = "PLAN")]
    pub(super) output: Option<PathBuf>,
    /// Print a stage of the compiler instead of the summary.
    #[arg(long, value_name = "STAGE")]
    pub(super) emit: Option<Emit>,
    /// Time the kernels for up to a second, and say how long a step of training is expected to take here.
    #[arg(long, conflicts_with = "emit")]
    pub(super) timing: bool,
}

/// What `--emit` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Emit {
    /// The syntax tree.
    Ast,
    /// The spec with every default filled.
    Spec,
    /// Nodes and edges by name.
    Graph,
    /// The plan as JSON.
    Plan,
    /// What a step of the engine visits, as a table: spans of nodes that read variants, then levels.
    Layout,
    /// The layers as a Graphviz picture.
    Dot,
    /// The layers as a Mermaid picture.
    Mermaid,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc info specs/shoot_branching.binn
  binnc info panel.binn --data-root ~/data --json
  binnc info runs/shoot_branching/model.safetensors

Of a spec it shows the files that it reads with their sizes, what each layer reads, and every setting
with its default. Where the data are there it counts nodes, edges and parameters as well; no genotype
call is read.")]
pub(super) struct Info {
    /// A spec or a model file.
    pub(super) file: PathBuf,
    /// As JSON; docs/info.md describes it.
    #[arg(long)]
    pub(super) json: bool,
    /// Folder that the spec's paths start from [default: the spec's own folder].
    #[arg(long, value_name = "DIR")]
    pub(super) data_root: Option<PathBuf>,
    /// Open no data: show what the text alone says.
    #[arg(long)]
    pub(super) no_data: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc rule E0401
  binnc rule topology-cycle      the same, by its short name
  binnc rule                     list all codes")]
pub(super) struct Rule {
    /// The code or its short name.
    pub(super) code: Option<String>,
}

fn message_format(word: &str) -> Result<MessageFormat, String> {
    let unknown = || format!("no format is called `{word}`; use text, short, json, sarif or github");
    MessageFormat::find(word).ok_or_else(unknown)
}
