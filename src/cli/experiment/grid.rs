//! What is varied, and every combination of it.

use crate::cli::load::Setting;

/// A constant with the values that it takes in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Axis {
    pub(in crate::cli) name: String,
    pub(in crate::cli) values: Vec<String>,
}

impl Axis {
    /// Reads `NAME=V1,V2` or `NAME=1..10`; commas within brackets and quotes part nothing.
    ///
    /// # Errors
    /// What is wrong, in a few words.
    pub(in crate::cli) fn parse(text: &str) -> Result<Self, String> {
        let Setting { name, value } = Setting::parse(text)?;
        let values = match range(&value) {
            Some(values) => values,
            None => parted(&value),
        };
        if values.iter().any(String::is_empty) {
            return Err(format!("a value of `{name}` is empty"));
        }
        let mut sorted = values.clone();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted.len() < values.len() {
            return Err(format!("a value of `{name}` is given twice"));
        }
        Ok(Self { name, values })
    }
}

/// `1..10` as its whole numbers.
fn range(text: &str) -> Option<Vec<String>> {
    /// More are a slip of the finger.
    const MOST: u64 = 1_000;
    let (first, last) = text.split_once("..")?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last && last - first < MOST).then(|| (first..=last).map(|value| value.to_string()).collect())
}

fn parted(text: &str) -> Vec<String> {
    let (mut values, mut depth, mut quoted) = (vec![String::new()], 0, false);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            _ => {}
        }
        match values.last_mut() {
            Some(last) if letter != ',' || depth > 0 || quoted => last.push(letter),
            _ => values.push(String::new()),
        }
    }
    values.into_iter().map(|value| value.trim().to_string()).collect()
}

/// A name that two axes, or an axis and a fixed setting, have.
pub(super) fn named_twice(axes: &[Axis], fixed: &[Setting]) -> Option<String> {
    let names: Vec<&str> =
        axes.iter().map(|axis| axis.name.as_str()).chain(fixed.iter().map(|one| one.name.as_str())).collect();
    (1..names.len()).find(|at| names[..*at].contains(&names[*at])).map(|at| names[at].to_string())
}

/// Every combination, the last axis fastest.
pub(super) fn combinations(axes: &[Axis]) -> Vec<Vec<Setting>> {
    axes.iter().fold(vec![Vec::new()], |all, axis| {
        let longer = |settings: &Vec<Setting>, value: &String| {
            let mut longer = settings.clone();
            longer.push(Setting { name: axis.name.clone(), value: value.clone() });
            longer
        };
        all.iter().flat_map(|settings| axis.values.iter().map(move |value| longer(settings, value))).collect()
    })
}

/// `share=25%, seed=2`
pub(super) fn told(settings: &[Setting]) -> String {
    settings.iter().map(|one| format!("{}={}", one.name, one.value)).collect::<Vec<_>>().join(", ")
}

/// The same as a name that every file system takes.
pub(super) fn folder_name(settings: &[Setting]) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "=.,%-_".contains(c) { c } else { '_' };
    told(settings).replace(", ", "_").chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_parted_at_commas_outside_of_brackets() {
        let axis = Axis::parse("share = 0%, 25%").expect("two values");
        assert_eq!((axis.name.as_str(), axis.values), ("share", vec!["0%".into(), "25%".into()]));
        let axis = Axis::parse("net=fcn(8, 4),\"a,b\",[1, 2]").expect("three");
        assert_eq!(axis.values, ["fcn(8, 4)", "\"a,b\"", "[1, 2]"]);
        assert_eq!(Axis::parse("seed=3..5").expect("a range").values, ["3", "4", "5"]);
        for wrong in ["share", "=1", "share=", "share=1,,2", "share=1,1"] {
            assert!(Axis::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_combination_has_a_folder_of_its_own() {
        let axes = [Axis::parse("a=1,2").expect("an axis"), Axis::parse("b=x,y/z").expect("an axis")];
        let names: Vec<String> = combinations(&axes).iter().map(|one| folder_name(one)).collect();
        assert_eq!(names, ["a=1_b=x", "a=1_b=y_z", "a=2_b=x", "a=2_b=y_z"]);
        assert_eq!(named_twice(&axes, &[Setting { name: "b".into(), value: "1".into() }]), Some("b".into()));
        assert_eq!(named_twice(&axes, &[]), None);
    }
}
