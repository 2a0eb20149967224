//! Arguments of `explain`.

use super::Genotyped;
use crate::study::explain::DEVIATIONS;
use clap::{Args, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Steps from the reference to an individual.
const STEPS: usize = 50;
/// Background individuals of Shapley values.
const BACKGROUND: usize = 100;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc explain runs/maize --bfile data/geno
  binnc explain runs/maize --bfile data/geno --top 20 --out importance.tsv
  binnc explain runs/maize --bfile data/geno --top 100 --gmt first_100.gmt
  binnc explain runs/maize --bfile data/geno --method integrated-gradients --layer snps
  binnc explain runs/maize --bfile data/geno --method shapley --layer pathway
  binnc explain runs/maize/model.safetensors --bfile candidates --layer pathway --values pathways.tsv

Of a run folder every network of every fold is looked at, on the samples that its fold tests, and
scores are averaged; a network without the node gives it 0. Nodes are ranked within their layer.

  clamp                 each node at its mean plus and minus so many SDs over the samples: how
                        far the mean prediction moves (Algorithm 1 of Kontolati et al. 2025)
  knock-out             each node at its mean: how far single predictions move
  gradient-input        difference from a reference individual times the slope there
  integrated-gradients  the same with the mean slope on the way from the reference
  deeplift              the same with secants in the place of slopes
  shapley               the mean gain of a node over all orders in which those of a layer may join

The reference has every variant at its mean. The middle three score variants as well, under the name
of their genotype set. Scores are in units of the trait, of probabilities, or for the middle three
of log-odds and log-rates.

A score says what the network uses, not what acts in the organism: genes that lie near each other
share their variants, and a layer above another carries what comes from below.")]
pub(in crate::cli) struct Explain {
    /// A run folder, such as runs/maize, or a model file.
    pub(in crate::cli) run: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) genotyped: Genotyped,
    /// Write the table of all nodes to this file; the first of each layer are shown either way.
    #[arg(long, value_name = "F")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Write the value of each node for each individual to this file, a row a network and individual. Values
    /// are on a network's own scale; give `--layer` where there are many nodes.
    #[arg(long, value_name = "F")]
    pub(in crate::cli) values: Option<PathBuf>,
    /// Write the first nodes of each layer and trait to this file, a line of a .gmt each.
    #[arg(long, value_name = "F")]
    pub(in crate::cli) gmt: Option<PathBuf>,
    /// How importance is measured.
    #[arg(long, value_name = "M", value_enum, default_value = "clamp")]
    pub(in crate::cli) method: Method,
    /// Look at this layer or genotype set alone [default: all; `shapley` needs one].
    #[arg(long, value_name = "L")]
    pub(in crate::cli) layer: Option<String>,
    /// Clamped: SDs to either side [default: 2].
    #[arg(long, value_name = "A", value_parser = deviations)]
    pub(in crate::cli) deviations: Option<f64>,
    /// Integrated gradients: steps from the reference to an individual [default: 50].
    #[arg(long, value_name = "N")]
    pub(in crate::cli) steps: Option<NonZeroUsize>,
    /// Shapley values: background individuals, of those that the network was trained on [default: 100].
    #[arg(long, value_name = "N")]
    pub(in crate::cli) background: Option<NonZeroUsize>,
    /// Shapley values: seed of what is drawn [default: 1].
    #[arg(long, value_name = "N")]
    pub(in crate::cli) seed: Option<u64>,
    /// Nodes of each layer that are shown, and written by --gmt.
    #[arg(long, value_name = "N", default_value = "10")]
    pub(in crate::cli) top: NonZeroUsize,
}

/// How importance is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Method {
    Clamp,
    KnockOut,
    GradientInput,
    IntegratedGradients,
    #[value(name = "deeplift")]
    DeepLift,
    Shapley,
}

/// A method with what it is set by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::cli) enum Measure {
    Clamp { deviations: f64 },
    KnockOut,
    GradientInput,
    IntegratedGradients { steps: usize },
    DeepLift,
    Shapley { background: usize, seed: u64 },
}

impl Measure {
    /// SDs to either side, where nodes are clamped.
    pub(in crate::cli) fn deviations(self) -> Option<f64> {
        match self {
            Self::Clamp { deviations } => Some(deviations),
            _ => None,
        }
    }
}

impl Explain {
    /// What is measured.
    ///
    /// # Errors
    /// A sentence, where an option belongs to another method, or `shapley` has no layer.
    pub(in crate::cli) fn measure(&self) -> Result<Measure, String> {
        let given = [
            ("--deviations", self.deviations.is_some(), Method::Clamp, "clamp"),
            ("--steps", self.steps.is_some(), Method::IntegratedGradients, "integrated-gradients"),
            ("--background", self.background.is_some(), Method::Shapley, "shapley"),
            ("--seed", self.seed.is_some(), Method::Shapley, "shapley"),
        ];
        if let Some((option, _, _, name)) =
            given.iter().find(|(_, given, of, _)| *given && *of != self.method)
        {
            return Err(format!("`{option}` belongs to `--method {name}`: leave it out"));
        }
        Ok(match self.method {
            Method::Clamp => Measure::Clamp { deviations: self.deviations.unwrap_or(DEVIATIONS) },
            Method::KnockOut => Measure::KnockOut,
            Method::GradientInput => Measure::GradientInput,
            Method::IntegratedGradients => {
                Measure::IntegratedGradients { steps: self.steps.map_or(STEPS, NonZeroUsize::get) }
            }
            Method::DeepLift => Measure::DeepLift,
            Method::Shapley if self.layer.is_none() => {
                return Err(
                    "`--method shapley` needs the layer whose nodes are the players: `--layer gene`".into()
                );
            }
            Method::Shapley => Measure::Shapley {
                background: self.background.map_or(BACKGROUND, NonZeroUsize::get),
                seed: self.seed.unwrap_or(1),
            },
        })
    }

    /// The method as it is asked for, and as tables name it.
    pub(in crate::cli) fn method_name(&self) -> String {
        self.method.to_possible_value().map_or(String::new(), |value| value.get_name().to_string())
    }
}

fn deviations(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value.is_finite() => Ok(value),
        _ => Err("give a number above 0, such as 2".to_string()),
    }
}
