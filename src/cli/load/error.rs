//! Wording of what loading itself can find wrong.

pub mod imports;

use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::language::source::Span;

/// E0301: the spec itself cannot be read.
pub fn spec_unreadable(name: &str, why: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("cannot open the spec `{name}`: {why}"))
        .help("give the path of a `.binn` file, such as `specs/shoot_branching.binn`")
}

/// E0301: a folder without a spec.
pub fn no_spec_below(folder: &str) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("no spec stands below the folder `{folder}`"))
        .help("name a folder that holds `.binn` files, or YAML files that start with `binn:`")
}

/// E0111: a spec beyond the limit.
pub fn spec_too_large(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0111, format!("`{name}` is larger than 16 MB"))
        .help("a spec is short: move long lists of edges to a file and read them by a `prior`")
}

/// E0201: a constant that the spec does not define.
pub fn no_such_constant(name: &str, known: &[String]) -> Diagnostic {
    let found =
        Diagnostic::new(Code::E0201, format!("`--set` names `{name}`, and the spec has no such constant"));
    match known {
        [] => found
            .help(format!("write `let {name} = …` into the spec, and use `{name}` where the value stands")),
        known => found.help(format!("its constants are {}", listed(known, 12))),
    }
}

/// E0113: a plan where a spec is wanted.
pub fn plan(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0113, format!("`{name}` is a plan; running one is not in this version of binnc"))
        .help("give the spec that the plan was compiled from: the same spec and sources give the same plan")
}

/// E0101: a spec that is not UTF-8.
pub fn spec_not_utf8(name: &str, byte: usize) -> Diagnostic {
    Diagnostic::new(Code::E0101, format!("`{name}` is not UTF-8 text: see byte {byte}"))
        .help(format!("if it is Latin-1, convert it: `iconv -f LATIN1 -t UTF-8 {name}`"))
}

/// E0101: a spec that an editor saved as UTF-16.
pub fn spec_utf16(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0101, format!("`{name}` is UTF-16 text, and UTF-8 is expected"))
        .help(format!("save it as UTF-8, or convert it: `iconv -f UTF-16 -t UTF-8 {name} > NEW`"))
}

/// E0903: no variant is left to link. `filtered` of `all` did not pass `keep`.
pub fn no_variant_left(set: &str, filtered: usize, all: usize, span: Span) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(Code::E0903, format!("no variant of `{set}` is left"))
        .at(span, "nothing left")
        .note(format!("variants in the file: {all}; refused by `keep`: {filtered}"));
    if filtered < all {
        let by_default = all - filtered;
        diagnostic = diagnostic
            .note(format!("left out by default, on sex chromosomes, mitochondria or contig 0: {by_default}"));
    }
    diagnostic.help("loosen `keep`, or name the chromosomes wanted: `keep = chrom in [...]`")
}

/// Why variants have nothing to say.
#[derive(Debug, Default)]
pub struct Uninformative {
    /// Refused by `keep = missing <= …`.
    pub missing: usize,
    /// Refused by `keep = maf >= …`.
    pub rare: usize,
    /// Alike in all samples, or without a call.
    pub constant: usize,
}

/// E0903: no variant tells two samples apart.
pub fn no_variant_informative(samples: usize, why: &Uninformative, span: Span) -> Diagnostic {
    let Uninformative { missing, rare, constant } = why;
    Diagnostic::new(Code::E0903, format!("no variant can tell the {samples} samples apart"))
        .at(span, "nothing to learn from")
        .note(format!("refused for missing calls: {missing}, as too rare: {rare}; alike in all: {constant}"))
        .help("loosen `keep`, or check that the `.bed` holds the calls of these samples")
}

/// E0305: variants that two genotype sets share. Each example is id, set, id, set.
pub fn shared_variants(count: usize, examples: &[[String; 2]], sets: [&str; 2], span: Span) -> Diagnostic {
    let variants =
        if count == 1 { "one variant stands".to_string() } else { format!("{count} variants stand") };
    let mut diagnostic = Diagnostic::new(
        Code::E0305,
        format!("{variants} in both `{}` and `{}` (same place and alleles)", sets[0], sets[1]),
    )
    .at(span, "the second set");
    for [first, second] in examples {
        diagnostic = diagnostic.note(format!("`{first}` of `{}` is `{second}` of `{}`", sets[0], sets[1]));
    }
    diagnostic.help("leave them out of one set, for example by `plink2 --exclude` with their ids")
}

/// E0303: a column that the generator does not make.
pub fn no_simulated_column<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    span: Span,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let help = did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("it makes {}", listed(&known, 8)));
    Diagnostic::new(Code::E0303, format!("the generator makes no column `{name}`"))
        .at(span, "not made")
        .help(help)
}

/// E0303: a generated column declared as something else than it is.
pub fn simulated_is_continuous(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0303, format!("the generator's column `{name}` is continuous"))
        .at(span, "declared as another type")
        .help(format!("write `column {name} : continuous`"))
}

/// E0701: a prior that has seen samples which a fold predicts.
pub fn estimated_on_test_samples(prior: &str, count: usize, examples: &[&str], span: Span) -> Diagnostic {
    let (samples, are) = if count == 1 { ("one sample", "is") } else { ("samples", "are") };
    let samples = if count == 1 { samples.to_string() } else { format!("{count} {samples}") };
    Diagnostic::new(
        Code::E0701,
        format!("prior `{prior}` was estimated on {samples} that {are} predicted by a fold of `evaluate`"),
    )
    .at(span, "estimated on these")
    .note(format!("among them: {}", listed(examples, 3)))
    .help("estimate it on other samples, or leave these out of the folds: `evaluate folds(TABLE.COLUMN)`")
}

/// W0702: a prior with numbers that could come from the samples that are predicted.
pub fn estimated_on_whom(prior: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::W0702,
        format!("prior `{prior}` has {what}, and nothing says on which samples they were estimated"),
    )
    .at(span, "estimated on whom?")
    .help("add `samples = \"FILE\"` with one id a line, or `samples = none` if on none of yours")
}

/// W0709: a covariate whose levels are those of the folds.
pub fn covariate_of_folds(column: &str, span: Span, evaluate: Span) -> Diagnostic {
    Diagnostic::new(Code::W0709, format!("each level of `{column}` lies within one fold"))
        .at(span, "read as a covariate")
        .at(evaluate, "folds are made here")
        .help("test rows have levels that training has not seen: leave it out, or stratify folds by it")
}

/// W0710: a covariate from which the trait can be read.
pub fn covariate_is_trait(column: &str, name: &str, r: f64, span: Span, predicted: Span) -> Diagnostic {
    Diagnostic::new(
        Code::W0710,
        format!("the covariate `{column}` is the trait `{name}` again: their correlation is {r:.4}"),
    )
    .at(span, "read as a covariate")
    .at(predicted, "predicted")
    .help("leave it out: whoever has to predict the trait does not know it yet")
}

/// E0305: variants that cannot be told apart by id.
pub fn ids_repeated(ids: &[&str], span: Span) -> Diagnostic {
    let shown = listed(ids, 3);
    let message = match ids.len() {
        1 => format!("the id {shown} stands for several variants"),
        count => format!("{count} ids stand for several variants each: {shown}"),
    };
    Diagnostic::new(Code::E0305, message)
        .at(span, "of these genotypes")
        .note("links that are learnt, and a model that is stacked on GBLUP, find variants by their ids")
        .help("give every variant an id of its own, for example `plink2 --set-all-var-ids '@:#:$r:$a'`")
}
