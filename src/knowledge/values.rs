//! Weights and signs of pairs, as files write them.

/// A weight: a finite number.
///
/// # Errors
/// The text says what stands there instead.
pub(super) fn weight(column: &str, value: &str) -> Result<f32, String> {
    let number: f32 = value
        .trim()
        .parse()
        .map_err(|_| format!("`{value}` in column `{column}` is not a number, as a weight must be"))?;
    if number.is_finite() {
        Ok(number)
    } else {
        Err(format!("`{value}` in column `{column}` is no finite number, as a weight must be"))
    }
}

/// A sign: 1, −1, or 0 for unknown.
///
/// # Errors
/// The text says what stands there instead.
pub(super) fn sign(column: &str, value: &str) -> Result<i8, String> {
    match value.trim() {
        "+" | "1" | "+1" | "1.0" | "activation" | "activates" | "stimulation" => Ok(1),
        "-" | "\u{2212}" | "-1" | "\u{2212}1" | "-1.0" | "inhibition" | "inhibits" | "repression" => Ok(-1),
        "?" | "0" | "0.0" | "unknown" => Ok(0),
        _ => Err(format!("`{value}` in column `{column}` is no sign; signs are `+`, `-` and `?`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_finite_numbers() {
        assert_eq!((weight("b", "-0.5"), weight("b", " 1e-3 ")), (Ok(-0.5), Ok(1e-3)));
        for wrong in ["", "NA", "nan", "inf", "1e400", "0,5"] {
            assert!(weight("b", wrong).expect_err("is no weight").contains("column `b`"), "{wrong}");
        }
    }

    #[test]
    fn signs_are_written_in_several_ways() {
        for (written, expected) in [
            ("+", 1),
            ("1", 1),
            ("activation", 1),
            ("-", -1),
            ("−", -1),
            ("inhibition", -1),
            ("?", 0),
            ("0", 0),
        ] {
            assert_eq!(sign("s", written), Ok(expected), "{written}");
        }
        for wrong in ["", "NA", "2", "Activation", "+-"] {
            assert!(sign("s", wrong).is_err(), "{wrong}");
        }
    }
}
