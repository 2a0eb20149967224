//! Sizes of memory as people write them: `800MB`, `4GB`, `1.5GiB`.

/// Units and their bytes.
const UNITS: [(&str, f64); 9] = [
    ("B", 1.0),
    ("kB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("TB", 1e12),
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("TiB", 1_099_511_627_776.0),
];

/// Bytes of a size, at least 1; units in any case of letters.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || "give a number and a unit, such as `800MB`, `4GB` or `1.5GiB`".to_string();
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
    let (number, unit) = (&text[..end], text[end..].trim());
    let unit = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
    let (_, factor) = unit.ok_or_else(|| {
        format!("{}; units are B, kB, MB, GB, TB (powers of 1000) and KiB, MiB, GiB, TiB (of 1024)", wrong())
    })?;
    let bytes = number.parse::<f64>().map_err(|_| wrong())? * factor;
    if (1.0..1e18).contains(&bytes) { Ok(bytes as u64) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_read_with_their_units() {
        for (text, wanted) in [
            ("800MB", 800_000_000),
            ("4GB", 4_000_000_000),
            ("4 gb", 4_000_000_000),
            ("1.5GiB", 1_610_612_736),
            ("512KiB", 524_288),
            ("1000B", 1000),
            ("2TB", 2_000_000_000_000),
        ] {
            assert_eq!(bytes(text), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "4", "4G", "GB", "-1GB", "0MB", "1.2.3GB", "4 parsec", "1e3MB", "9999999999TB"] {
            assert!(bytes(text).is_err(), "{text}");
        }
        assert!(bytes("4G").expect_err("no unit").contains("GiB"));
    }
}
