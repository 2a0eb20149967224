//! The design matrix of unpenalised effects.
//!
//! Columns: the intercept, numeric covariates standardised with mean and SD (divisor n) of
//! the training rows, categorical ones one-hot without their first level in sorted order,
//! then principal components. A missing number becomes the training mean. A missing category
//! is a level of its own, after the others; where no training row misses it, it takes the
//! mean of each training column instead. The coding is kept, so that later rows are coded
//! alike.

use ndarray::Array2;

use super::components::Components;
use super::error;
use crate::language::diagnostics::Diagnostic;

/// A covariate of all cohort rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariate {
    /// The author's name for it.
    pub name: String,
    /// Its values `[rows]`.
    pub values: CovariateValues,
}

/// Values of a covariate.
#[derive(Clone, Debug, PartialEq)]
pub enum CovariateValues {
    /// Numbers; NaN is missing.
    Numeric(Vec<f64>),
    /// Levels; `None` is missing.
    Categorical(Vec<Option<String>>),
}

/// How the columns of one covariate are made, learnt on training rows.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Coding {
    /// The covariate.
    pub name: String,
    /// Its rule.
    pub rule: Rule,
}

/// A rule of coding.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// (x − mean)/sd.
    Standardise {
        /// Training mean.
        mean: f64,
        /// Training SD, divisor n.
        sd: f64,
    },
    /// One column for each level but the first.
    OneHot {
        /// Levels seen in training, sorted.
        levels: Vec<String>,
        /// Share of training rows of each level, then of missing ones.
        shares: Vec<f64>,
    },
}

/// Unpenalised columns of all cohort rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// `[rows × columns]`.
    pub columns: Array2<f64>,
    /// What each column is, the intercept first.
    pub names: Vec<String>,
}

/// A covariate with missing values, for the record of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The covariate.
    pub name: String,
    /// Rows where it is missing.
    pub rows: usize,
}

/// Learns the coding of each covariate on the training rows.
///
/// # Errors
/// E0903 naming a covariate without an observed value, or with one value only.
pub fn learn(covariates: &[Covariate], train: &[u32]) -> Result<Vec<Coding>, Diagnostic> {
    let learn_one = |covariate: &Covariate| {
        let rule = match &covariate.values {
            CovariateValues::Numeric(values) => standardise(&covariate.name, values, train)?,
            CovariateValues::Categorical(values) => one_hot(&covariate.name, values, train)?,
        };
        Ok(Coding { name: covariate.name.clone(), rule })
    };
    covariates.iter().map(learn_one).collect()
}

/// Codes all rows: intercept, covariates in order, components. Also says where values were
/// missing.
///
/// `rows` is the number of cohort rows; `covariates` are those that `codings` was learnt on,
/// in the same order.
///
/// # Errors
/// E0903 naming a level that no training row has.
pub fn encode(
    codings: &[Coding],
    covariates: &[Covariate],
    components: Option<&Components>,
    rows: usize,
) -> Result<(Design, Vec<Filled>), Diagnostic> {
    let (mut columns, mut names, mut filled) =
        (vec![vec![1.0; rows]], vec!["intercept".to_owned()], Vec::new());
    for (coding, covariate) in codings.iter().zip(covariates) {
        let missing = match (&coding.rule, &covariate.values) {
            (Rule::Standardise { mean, sd }, CovariateValues::Numeric(values)) => {
                columns.push(values.iter().map(|v| if v.is_nan() { 0.0 } else { (v - mean) / sd }).collect());
                names.push(coding.name.clone());
                values.iter().filter(|v| v.is_nan()).count()
            }
            (Rule::OneHot { levels, shares }, CovariateValues::Categorical(values)) => {
                let coded = one_hot_columns(&coding.name, levels, shares, values)?;
                columns.extend(coded);
                names.extend(levels.iter().skip(1).map(|level| format!("{}={level}", coding.name)));
                names.extend(has_missing(levels, shares).then(|| format!("{} missing", coding.name)));
                values.iter().filter(|v| v.is_none()).count()
            }
            _ => return Err(error::covariate_changed_type(&coding.name)),
        };
        filled.extend((missing > 0).then(|| Filled { name: coding.name.clone(), rows: missing }));
    }
    for component in components.iter().flat_map(|c| c.scores.columns()) {
        names.push(format!("pc{}", names.iter().filter(|name| name.starts_with("pc")).count() + 1));
        columns.push(component.to_vec());
    }
    let columns = Array2::from_shape_fn((rows, columns.len()), |(row, c)| columns[c][row]);
    Ok((Design { columns, names }, filled))
}

impl Design {
    /// The intercept alone.
    #[must_use]
    pub fn intercept(rows: usize) -> Self {
        Self { columns: Array2::ones((rows, 1)), names: vec!["intercept".to_owned()] }
    }

    /// X b `[rows]`.
    #[must_use]
    pub fn times(&self, effects: &[f64]) -> Vec<f64> {
        self.columns.rows().into_iter().map(|row| row.iter().zip(effects).map(|(x, b)| x * b).sum()).collect()
    }

    /// Whether the columns are independent on the given rows.
    ///
    /// # Errors
    /// E0903 naming the first column that is constant, or that those before it determine.
    pub fn check_rank(&self, rows: &[u32]) -> Result<(), Diagnostic> {
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for (column, name) in self.columns.columns().into_iter().zip(&self.names) {
            let original: Vec<f64> = rows.iter().map(|&row| column[row as usize]).collect();
            if !basis.is_empty() && original.windows(2).all(|pair| pair[0] == pair[1]) {
                return Err(error::constant_covariate(name, rows.len()));
            }
            match beyond(&basis, original) {
                Some(unit) => basis.push(unit),
                None => {
                    return Err(error::collinear_covariate(
                        name,
                        &self.names[1.min(basis.len())..basis.len()],
                    ));
                }
            }
        }
        Ok(())
    }

    /// Orthonormal columns `[columns][rows]` of what the design spans on some rows: a column that those
    /// before it determine is left out.
    #[must_use]
    pub fn basis(&self, rows: &[u32]) -> Vec<Vec<f64>> {
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for column in self.columns.columns() {
            let original = rows.iter().map(|&row| column[row as usize]).collect();
            basis.extend(beyond(&basis, original));
        }
        basis
    }
}

/// What a basis leaves of a column, with length 1; `None` where it leaves nothing.
fn beyond(basis: &[Vec<f64>], original: Vec<f64>) -> Option<Vec<f64>> {
    const NEGLIGIBLE: f64 = 1e-8;
    let norm = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
    let mut rest = original.clone();
    remove(basis, &mut rest);
    let left = norm(&rest);
    (left > NEGLIGIBLE * norm(&original)).then(|| rest.iter().map(|r| r / left).collect())
}

/// Takes what a basis explains out of a column.
pub(in crate::study) fn remove(basis: &[Vec<f64>], column: &mut [f64]) {
    // Twice: one pass of Gram–Schmidt loses digits where columns are nearly parallel.
    for unit in basis.iter().chain(basis) {
        let share: f64 = unit.iter().zip(&*column).map(|(u, r)| u * r).sum();
        column.iter_mut().zip(unit).for_each(|(r, u)| *r -= share * u);
    }
}

fn standardise(name: &str, values: &[f64], train: &[u32]) -> Result<Rule, Diagnostic> {
    match scale(values, train) {
        None => Err(error::unobserved_covariate(name, train.len())),
        Some((_, 0.0)) => Err(error::constant_covariate(name, train.len())),
        Some((mean, sd)) => Ok(Rule::Standardise { mean, sd }),
    }
}

/// Mean and SD (divisor n) of the values that some rows have, if any; SD 0 where no more than rounding
/// differs, or where they are not finite.
pub(in crate::study) fn scale(values: &[f64], rows: &[u32]) -> Option<(f64, f64)> {
    let observed: Vec<f64> = rows.iter().map(|&row| values[row as usize]).filter(|v| !v.is_nan()).collect();
    if observed.is_empty() {
        return None;
    }
    let mean = observed.iter().sum::<f64>() / observed.len() as f64;
    let sd = (observed.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / observed.len() as f64).sqrt();
    let differs = sd > 1e-12 * mean.abs() && sd.is_finite();
    Some((mean, if differs { sd } else { 0.0 }))
}

fn one_hot(name: &str, values: &[Option<String>], train: &[u32]) -> Result<Rule, Diagnostic> {
    let mut count = std::collections::BTreeMap::new();
    let mut missing = 0usize;
    for &row in train {
        match &values[row as usize] {
            Some(level) => *count.entry(level.clone()).or_insert(0usize) += 1,
            None => missing += 1,
        }
    }
    if count.is_empty() {
        return Err(error::unobserved_covariate(name, train.len()));
    }
    if count.len() + usize::from(missing > 0) < 2 {
        return Err(error::constant_covariate(name, train.len()));
    }
    let shares = count.values().copied().chain([missing]).map(|n| n as f64 / train.len() as f64).collect();
    Ok(Rule::OneHot { levels: count.into_keys().collect(), shares })
}

fn has_missing(levels: &[String], shares: &[f64]) -> bool {
    shares[levels.len()] > 0.0
}

fn one_hot_columns(
    name: &str,
    levels: &[String],
    shares: &[f64],
    values: &[Option<String>],
) -> Result<Vec<Vec<f64>>, Diagnostic> {
    let width = levels.len() - 1 + usize::from(has_missing(levels, shares));
    let mut columns = vec![vec![0.0; values.len()]; width];
    let mut unseen = std::collections::BTreeMap::new();
    for (row, value) in values.iter().enumerate() {
        match value {
            Some(level) => match levels.binary_search(level) {
                Ok(0) => {}
                Ok(at) => columns[at - 1][row] = 1.0,
                Err(_) => *unseen.entry(level.as_str()).or_insert(0usize) += 1,
            },
            None if has_missing(levels, shares) => columns[width - 1][row] = 1.0,
            None => columns.iter_mut().zip(&shares[1..]).for_each(|(column, share)| column[row] = *share),
        }
    }
    if unseen.is_empty() { Ok(columns) } else { Err(error::unseen_levels(name, &unseen)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(name: &str, values: &[f64]) -> Covariate {
        Covariate { name: name.into(), values: CovariateValues::Numeric(values.to_vec()) }
    }

    fn levels(name: &str, values: &[&str]) -> Covariate {
        let level = |v: &&str| (!v.is_empty()).then(|| (*v).to_owned());
        let values = CovariateValues::Categorical(values.iter().map(level).collect());
        Covariate { name: name.into(), values }
    }

    #[test]
    fn codes_by_training_rows() {
        let covariates = [numeric("age", &[1.0, 3.0, f64::NAN, 9.0]), levels("site", &["b", "a", "", "a"])];
        let train = [0, 1, 2];
        let codings = learn(&covariates, &train).expect("both vary");
        let (design, filled) = encode(&codings, &covariates, None, 4).expect("levels seen");
        assert_eq!(design.names, ["intercept", "age", "site=b", "site missing"]);
        let wanted =
            [[1.0, -1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 1.0], [1.0, 7.0, 0.0, 0.0]];
        assert_eq!(design.columns, ndarray::arr2(&wanted));
        let one = |name: &str| Filled { name: name.into(), rows: 1 };
        assert_eq!(filled, [one("age"), one("site")]);
        assert_eq!(design.times(&[1.0, 2.0, 3.0, 4.0]), [2.0, 3.0, 5.0, 15.0]);
    }

    #[test]
    fn a_level_missing_outside_training_takes_the_training_mean() {
        let covariates = [levels("site", &["b", "a", "b", "b", ""])];
        let codings = learn(&covariates, &[0, 1, 2, 3]).expect("varies");
        let (design, _) = encode(&codings, &covariates, None, 5).expect("levels seen");
        assert_eq!(design.columns[[4, 1]], 0.75);
    }

    #[test]
    fn trouble_is_named() {
        let message = |covariates: &[Covariate], train: &[u32]| {
            let rows = 4;
            let found = learn(covariates, train)
                .and_then(|codings| encode(&codings, covariates, None, rows))
                .and_then(|(design, _)| design.check_rank(train))
                .expect_err("degenerate");
            assert_eq!(found.code.name(), "E0903");
            found.message
        };
        let all = [0, 1, 2, 3];
        assert!(message(&[numeric("age", &[2.0; 4])], &all).contains("`age`"));
        assert!(message(&[numeric("age", &[f64::NAN; 4])], &all).contains("`age`"));
        assert!(message(&[levels("site", &["a", "a", "a", "b"])], &all[..3]).contains("`site`"));
        assert!(message(&[levels("site", &["a", "c", "a", "b"])], &all[..3]).contains("`b`"));
        let twice = [numeric("age", &[1.0, 2.0, 3.0, 7.0]), numeric("months", &[12.0, 24.0, 36.0, 84.0])];
        assert!(message(&twice, &all).contains("`months`"));
    }
}
