//! Wording of signs of trouble.

use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::study::report::Compared;

/// W1001: a linear model predicts a trait better.
pub fn below_linear(row: &Compared) -> Diagnostic {
    let Compared { trait_name, beside, folds, better, difference, .. } = row;
    let lower = -difference.unwrap_or(0.0);
    let message = format!(
        "the network predicts `{trait_name}` less well than {beside}: r is lower by {lower:.3}, above in {better} of {folds} folds"
    );
    Diagnostic::new(Code::W1001, message)
        .note("what the links leave out, or mix up, a linear model of all variants still reaches")
        .help(
            "look at coverage.tsv for names without a match; read the other variants by `link snps.unmapped -> NODE`; or stack \
             the network: `predict … { polygenic = gblup }`",
        )
}

/// W1002: GBLUP leaves the network out.
pub fn without_share(name: &str, none: usize, folds: usize) -> Diagnostic {
    let message =
        format!("the network adds nothing to GBLUP for `{name}`: its share is 0 in {none} of {folds} folds");
    Diagnostic::new(Code::W1002, message)
        .note("on inner folds its gain did not exceed its standard error, so GBLUP predicts alone there")
        .help("more samples or other links may change that; nothing is lost by it")
}

/// W1003: latents that do not follow what supervises them.
pub fn latents_apart(layer: &str, apart: &[(&str, f64)], all: usize) -> Diagnostic {
    let message = format!(
        "{} of {all} measured nodes of `{layer}` do not follow their measurement on tested samples: {}",
        apart.len(),
        valued(apart, "|r|")
    );
    Diagnostic::new(Code::W1003, message)
        .note("their variants do not tell the measurement, or `weight` is too small for it to be learnt")
        .help("give `supervise` a larger `weight` or a list of them, check the links of these nodes, or leave them unsupervised")
}

/// W1004: units that say the same of every sample.
pub fn dead_units(layer: &str, dead: &[(&str, f64)], all: usize) -> Diagnostic {
    let message = format!(
        "{} of {all} nodes of `{layer}` have more than half of their units dead: {}",
        dead.len(),
        valued(dead, "share")
    );
    Diagnostic::new(Code::W1004, message)
        .note("a dead unit has one value for all samples, so nothing passes through it and it learns no more")
        .help("take `gelu` or `tanh` for `relu`, a smaller `lr`, less `l1` or `l2`, or look whether these nodes' variants differ at all")
}

/// W1005: units at the ends of their range.
pub fn saturated_units(layer: &str, saturated: &[(&str, f64)], all: usize) -> Diagnostic {
    let message = format!(
        "{} of {all} nodes of `{layer}` have more than half of their units saturated: {}",
        saturated.len(),
        valued(saturated, "share")
    );
    Diagnostic::new(Code::W1005, message)
        .note("at the ends of `tanh` or `sigmoid` a unit is a switch, and its gradient next to 0")
        .help("take a smaller `lr` or more `l2`, `norm = batch` before the activation, or `gelu`")
}

/// W1006: training rows learnt by heart.
pub fn overfitted(fits: usize, all: usize, (loss, validation): (f64, f64)) -> Diagnostic {
    let message = format!(
        "{fits} of {all} fits know their training samples much better than others: loss {loss:.3} against {validation:.3} on validation samples"
    );
    Diagnostic::new(Code::W1006, message)
        .note("means of all fits, at the epochs that were kept; training.tsv has the curves")
        .help("raise `l2` or `dropout`, make networks smaller, or link fewer variants")
}

/// W1007: training that was cut off.
pub fn too_few_epochs(fits: usize, all: usize, epochs: usize) -> Diagnostic {
    let message =
        format!("{fits} of {all} fits were still getting better in the last of their {epochs} epochs");
    Diagnostic::new(Code::W1007, message)
        .note("early stopping never came: the number of epochs ended training")
        .help("raise `epochs`, or `lr` if the curves in training.tsv fall slowly")
}

/// W1008: training that found nothing.
pub fn nothing_learnt(fits: usize, all: usize) -> Diagnostic {
    let message = format!(
        "in {fits} of {all} fits validation samples were predicted best before or after the first epoch"
    );
    Diagnostic::new(Code::W1008, message)
        .note("what came after made it worse: steps are too large, or the inputs tell nothing of the trait")
        .help("try `lr` ten times smaller; if that changes nothing, look at what gblup reaches")
}

/// W1008: one prediction for all.
pub fn constant(name: &str, folds: usize, all: usize) -> Diagnostic {
    let message = format!("`{name}` is predicted as one value for all samples in {folds} of {all} folds");
    Diagnostic::new(Code::W1008, message)
        .note("such a fold counts as r = 0")
        .help("look in run.log whether links were learnt there (W0703), and in nodes.tsv for dead nodes")
}

/// W1009: seeds that lead elsewhere.
pub fn disagreeing(name: &str, between: f64, spread: f64) -> Diagnostic {
    let message = format!(
        "networks that differ in their seed alone lie {between:.3} apart for `{name}`, where predictions differ by {spread:.3} between samples"
    );
    Diagnostic::new(Code::W1009, message)
        .note("SDs, in units of the trait; one network of this kind is not to be trusted alone")
        .help("average more of them (`ensemble = 10`), or make them smaller, with more `l2`")
}

/// W1010: nodes with one input.
pub fn one_input(layer: &str, alone: &[&str], all: usize) -> Diagnostic {
    let message =
        format!("{} of {all} nodes of `{layer}` read a single input: {}", alone.len(), listed(alone, 5));
    Diagnostic::new(Code::W1010, message)
        .note("such a node is its input, bent: its importance cannot be told from that of what it reads")
        .help("widen the windows, or leave small sets out by `min_size = 2`")
}

/// W1012: importances that go with numbers of inputs.
pub fn follows_size(name: &str, layer: &str, rho: f64, nodes: usize) -> Diagnostic {
    let message = format!(
        "importance of the {nodes} nodes of `{layer}` for `{name}` follows how many inputs they have: Spearman {rho:.2}"
    );
    Diagnostic::new(Code::W1012, message)
        .note("a ranking by importance is then in good part one by size")
        .help("judge nodes by those of their size: `binnc run SPEC --nulls 20` gives each a p and a q")
}

/// W1011: a branch that adds next to nothing.
pub fn idle_branch(name: &str, idle: &[&(String, f64)], (most, largest): (&str, f64)) -> Diagnostic {
    let shown: Vec<(&str, f64)> = idle.iter().map(|(branch, spread)| (branch.as_str(), *spread)).collect();
    let message = format!(
        "`{name}` rests on `{most}` (SD {largest:.3}); next to nothing comes from {}",
        valued(&shown, "SD")
    );
    Diagnostic::new(Code::W1011, message)
        .note("SDs over tested samples of what each layer adds, in SDs of the trait")
        .help("the idle part explains nothing of this trait: read nothing into its nodes' importance")
}

/// The first names, each with its value.
fn valued(all: &[(&str, f64)], what: &str) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> =
        all.iter().take(SHOWN).map(|(name, value)| format!("`{name}` ({what} {value:.2})")).collect();
    match all.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}
