//! Everything that predicts: one network, or several stacked on effects of variants.

use super::{Model, Score};
use serde::{Deserialize, Serialize};

/// Models whose predictions add up, each by its share.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictor {
    /// One part at least; all read the same genotype sets and predict the same traits.
    pub parts: Vec<Part>,
}

/// A model that is a part of the prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is.
    pub role: Role,
    /// Its share in each trait.
    pub shares: Vec<f64>,
    /// The model itself.
    pub model: Model,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A network of the author's graph.
    Network,
    /// Effects of all variants, as GBLUP estimates them.
    Polygenic,
}

impl Predictor {
    /// One network that is the whole prediction.
    #[must_use]
    pub fn of(model: Model) -> Self {
        let traits = model.plan.heads.iter().map(|head| head.traits.len()).sum();
        Self { parts: vec![Part { role: Role::Network, shares: vec![1.0; traits], model }] }
    }

    /// The part that names, sets and traits are read from.
    #[must_use]
    pub fn first(&self) -> &Model {
        &self.parts[0].model
    }

    /// Parts that have a share in any trait.
    pub fn used(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.shares.iter().any(|share| *share != 0.0))
    }

    /// Whether the parts fit together.
    pub(super) fn is_sound(&self) -> bool {
        let Some(first) = self.parts.first() else { return false };
        let traits = |part: &Part| -> Vec<(usize, String)> {
            part.model.plan.heads.iter().flat_map(|head| head.traits.clone()).collect()
        };
        self.parts.iter().all(|part| {
            traits(part) == traits(first)
                && part.shares.len() == traits(first).len()
                && part.shares.iter().all(|share| share.is_finite())
                && part.model.header.genotypes == first.model.header.genotypes
        })
    }

    /// What parts say of each trait, put together: one entry a used part, in order.
    ///
    /// The SD is that over all members of all networks, by their share.
    #[must_use]
    pub fn together(&self, said: &[Vec<Score>]) -> Vec<Score> {
        if let ([only], [said]) = (self.parts.as_slice(), said)
            && only.role == Role::Network
        {
            return said.clone();
        }
        let traits = said.first().map_or(0, Vec::len);
        (0..traits).map(|at| self.of_trait(at, said)).collect()
    }

    fn of_trait(&self, at: usize, said: &[Vec<Score>]) -> Score {
        let rows = said[0][at].mean.len();
        let parts: Vec<(&Part, &Score)> = self.used().zip(said.iter().map(|scores| &scores[at])).collect();
        let networks: Vec<(&Part, &Score)> =
            parts.iter().copied().filter(|(part, _)| part.role == Role::Network).collect();
        let share: f64 = networks.iter().map(|(part, _)| part.shares[at]).sum();
        let mean = |row: usize| parts.iter().map(|(part, score)| part.shares[at] * score.mean[row]).sum();
        let sd = |row: usize| if networks.is_empty() { 0.0 } else { share * pooled_sd(&networks, row) };
        Score { mean: (0..rows).map(mean).collect(), sd: (0..rows).map(sd).collect() }
    }
}

/// SD over all members of networks of as many members each, from their means and SDs.
fn pooled_sd(networks: &[(&Part, &Score)], row: usize) -> f64 {
    let members = networks[0].0.model.members.len() as f64;
    let all = members * networks.len() as f64;
    let mean = networks.iter().map(|(_, score)| score.mean[row]).sum::<f64>() / networks.len() as f64;
    let squares = |score: &Score| {
        let within = if members > 1.0 { (members - 1.0) * score.sd[row].powi(2) } else { 0.0 };
        within + members * (score.mean[row] - mean).powi(2)
    };
    (networks.iter().map(|(_, score)| squares(score)).sum::<f64>() / (all - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(role: Role, share: f64, members: usize) -> Part {
        let mut model = Model {
            header: super::super::Header::default(),
            plan: crate::compiler::plan::Plan::default(),
            preprocessing: super::super::Preprocessing::default(),
            members: Vec::new(),
        };
        let none = crate::engine::network::Parameters::zeros(&model.plan);
        model.members = vec![none; members];
        Part { role, shares: vec![share], model }
    }

    #[test]
    fn parts_add_up_and_networks_spread() {
        let parts =
            vec![part(Role::Polygenic, 0.4, 1), part(Role::Network, 0.3, 2), part(Role::Network, 0.3, 2)];
        let predictor = Predictor { parts };
        // Members say 1 and 3, 2 and 6: mean 3, SD √(14/3).
        let half = 2.0_f64.sqrt();
        let said = [(10.0, f64::NAN), (2.0, half), (4.0, 2.0 * half)]
            .map(|(mean, sd)| vec![Score { mean: vec![mean], sd: vec![sd] }]);
        let together = predictor.together(&said);
        assert!((together[0].mean[0] - (4.0 + 0.6 + 1.2)).abs() < 1e-12);
        assert!((together[0].sd[0] - 0.6 * (14.0_f64 / 3.0).sqrt()).abs() < 1e-12);
    }
}
