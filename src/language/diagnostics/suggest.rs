//! Nearest names for "did you mean".
//!
//! Edit distance decides; ties go to the order in which candidates were given.

/// Up to three candidates close enough to `word` to be what the author meant, nearest first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = (word.chars().count() / 3).max(1) + 1;
    let mut scored: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    scored.sort_by_key(|(distance, _)| *distance);
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// The text of a help line for [`nearest`], if anything is near.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = nearest(word, candidates);
    let (last, rest) = near.split_last()?;
    if rest.is_empty() {
        return Some(format!("did you mean `{last}`?"));
    }
    let rest: Vec<String> = rest.iter().map(|name| format!("`{name}`")).collect();
    Some(format!("did you mean {} or `{last}`?", rest.join(", ")))
}

fn distance(word: &str, candidate: &str) -> usize {
    if word.eq_ignore_ascii_case(candidate) {
        return 0;
    }
    strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase())
}
