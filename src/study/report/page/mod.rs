//! One page about a finished run: a file that opens anywhere, fetches nothing, and holds its own data.
//!
//! Everything comes from the tables of the run folder. Names are text wherever they stand: the template
//! escapes them, the data are JSON without `<`, and the script writes text alone. The page says which
//! scripts and styles may run, by their digests.

mod content;
mod lines;
mod summary;
mod variants;

pub use variants::Place;

use crate::study::report::{Compared, Explained, Measure, Node, Predicted, Step};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use content::Content;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const TEMPLATE: &str = include_str!("assets/page.html");
const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = include_str!("assets/page.js");
/// Parts of ECharts, made by `assets/build.mjs`.
const LIBRARY: &str = include_str!("assets/charts.min.js");
const NOTICE: &str = include_str!("assets/NOTICE");

/// What a run left behind.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The spec's `model`, and its `##` text.
    pub model: String,
    /// What the spec says it is for.
    pub doc: String,
    /// Version of binnc that ran it.
    pub written_by: String,
    /// The command that runs it again.
    pub command: String,
    /// Digests, seed, files: name and value.
    pub facts: Vec<(String, String)>,
    /// Units of columns, and their types.
    pub units: BTreeMap<String, String>,
    /// `continuous`, `binary`, `count` and so on, by column.
    pub kinds: BTreeMap<String, String>,
    /// Names of the genotype sets.
    pub sets: BTreeSet<String>,
    /// The measure by which the spec judges.
    pub metric: String,
    /// `metrics.tsv`.
    pub metrics: Vec<Measure>,
    /// `differences.tsv`.
    pub differences: Vec<Compared>,
    /// `training.tsv`.
    pub training: Vec<Step>,
    /// `nodes.tsv`.
    pub nodes: Vec<Node>,
    /// `predictions.tsv`.
    pub predictions: Vec<Predicted>,
    /// `importance.tsv`.
    pub importance: Vec<Explained>,
    /// Tables of `binnc explain`.
    pub explained: Vec<Explained>,
    /// Where the model's variants stand, by genotype set and id.
    pub places: BTreeMap<(String, String), Place>,
    /// `coverage.tsv`: its header and its rows.
    pub coverage: (Vec<String>, Vec<Vec<String>>),
    /// What `binnc diagnose` says.
    pub signs: Vec<Sign>,
    /// Whether ids of individuals may stand in the page.
    pub with_ids: bool,
}

/// A sign of trouble.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sign {
    /// Its code.
    pub code: String,
    /// What was seen.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

#[derive(Serialize)]
struct Section {
    id: &'static str,
    title: &'static str,
    about: &'static str,
}

const CHARTS: [Section; 7] = [
    Section {
        id: "accuracy",
        title: "Accuracy by fold",
        about: "Every point is a fold: how well a method predicts individuals that it has not seen. The bar is the mean.",
    },
    Section {
        id: "curve",
        title: "Accuracy by number of training individuals",
        about: "Whether more individuals would help: a curve that still climbs says yes.",
    },
    Section {
        id: "predicted",
        title: "Observed against predicted",
        about: "Individuals on the test rows of their folds, without fixed effects.",
    },
    Section {
        id: "importance",
        title: "What the predictions rest on",
        about: "How far the mean prediction moves when a node is held away from its mean; layers with the name of \
                another method have its scores. They say what the networks use, not what acts in the organism.",
    },
    Section {
        id: "variants",
        title: "Variants along the genome",
        about: "The part of predictions that each variant carries. Neighbours share their signal.",
    },
    Section {
        id: "latents",
        title: "Nodes beside their measurements",
        about: "Nodes that a measured column supervises.",
    },
    Section {
        id: "training",
        title: "Training",
        about: "The loss by epoch. Validation above training that climbs again is learning by heart.",
    },
];

/// What the template is filled with.
#[derive(Serialize)]
struct View<'a> {
    page: Words<'a>,
    sections: Vec<(&'a str, &'a str)>,
    charts: Vec<&'a Section>,
    tables: Vec<Section>,
    data: String,
    policy: String,
    style: &'a str,
    script: &'a str,
    library: &'a str,
    notice: &'a str,
}

#[derive(Serialize)]
struct Words<'a> {
    model: &'a str,
    doc: &'a str,
    written_by: &'a str,
    command: &'a str,
    summary: Vec<String>,
    signs: &'a [Sign],
    facts: &'a [(String, String)],
    privacy: &'a str,
}

/// The page as HTML.
///
/// # Errors
/// As the template says; one made of [`Run`] has none.
pub fn page(run: &Run) -> Result<String, String> {
    let content = Content::of(run);
    let charts: Vec<&Section> = CHARTS.iter().filter(|chart| content.has(chart.id)).collect();
    let tables: Vec<Section> = content.tables().collect();
    let mut sections = vec![("summary", "In short")];
    sections.extend(charts.iter().copied().chain(&tables).map(|one| (one.id, one.title)));
    sections.push(("again", "How to get this again"));
    let view = View {
        page: Words {
            model: &run.model,
            doc: &run.doc,
            written_by: &run.written_by,
            command: &run.command,
            summary: summary::sentences(run),
            signs: &run.signs,
            facts: &run.facts,
            privacy: if run.with_ids {
                "It holds ids of individuals."
            } else {
                "It holds no id of an individual."
            },
        },
        data: serde_json::to_string(&content).map_err(|why| why.to_string())?.replace('<', "\\u003c"),
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
        library: LIBRARY,
        notice: NOTICE,
        sections,
        charts,
        tables,
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.render_str(TEMPLATE, Serde(&view)).map_err(|why| format!("{why:#}"))
}

/// What the page may do: run these scripts and styles, and nothing else.
fn policy() -> String {
    let digest = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; script-src {} {}; style-src {}; img-src data: blob:; base-uri 'none'; form-action 'none'",
        digest(LIBRARY),
        digest(SCRIPT),
        digest(STYLE)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `assets/build.mjs` made of the packages that `assets/package-lock.json` pins.
    const LIBRARY_DIGEST: &str = "3a386708ec13c4ab18e7d67cd1e117f82f87868acb65d234c1a55d2683f4c05f";

    #[test]
    fn the_library_is_the_one_that_was_built() {
        let digest = Sha256::digest(LIBRARY.as_bytes());
        let shown: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(shown, LIBRARY_DIGEST);
        for name in ["Apache ECharts 6.1.0", "BSD 3-Clause", "TERMS AND CONDITIONS"] {
            assert!(NOTICE.contains(name), "{name}");
        }
    }

    #[test]
    fn names_that_look_like_markup_are_text() {
        let bad = "</script><img src=x onerror=alert(1)>{{ 7 }}".to_string();
        let long = "N".repeat(10_000);
        let measure = |name: &str| Measure {
            trait_name: name.to_string(),
            method: "binn".to_string(),
            repeat: 1,
            fold: 1,
            n_train: 9,
            metric: "pearson".to_string(),
            value: Some(0.5),
        };
        let run = Run {
            model: bad.clone(),
            doc: bad.clone(),
            metric: "pearson".to_string(),
            metrics: vec![measure(&bad), measure(&long)],
            facts: vec![(bad.clone(), bad.clone())],
            coverage: (vec!["join".to_string()], vec![vec![bad.clone()], vec![long.clone()]]),
            signs: vec![Sign { code: "W1001".into(), message: bad.clone(), help: Some(bad.clone()) }],
            ..Run::default()
        };
        let page = page(&run).expect("a page");
        assert!(!page.contains("<img"), "markup of a name");
        assert_eq!(page.matches("</script>").count(), 3, "data, library and script alone");
        assert!(page.contains("{{ 7 }}"), "no template is read in a name");
        assert!(page.contains(&long));
    }
}
