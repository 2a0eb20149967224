//! Wording: PLINK sets, their .bed, and what is asked of calls.

use super::{Found, counted};
use crate::data::sniff::Foreign;
use crate::language::diagnostics::{Code, Diagnostic, listed};

/// Members of a PLINK set that are not there.
pub fn members_missing(prefix: &str, missing: &[String], other: Option<&str>) -> Diagnostic {
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} missing", listed(missing, 3));
    let set = format!("a PLINK set is three files: `{prefix}.bed`, `{prefix}.bim` and `{prefix}.fam`");
    let found = Diagnostic::new(Code::E0301, message).note(set);
    let Some(other) = other else {
        return found.help("put the files together under one name, or correct the path");
    };
    let option = match other {
        "pgen" => format!("--pfile {prefix}"),
        "bgen" => format!("--bgen {prefix}.bgen ref-first"),
        "ped" => format!("--pedmap {prefix}"),
        "bcf" => format!("--bcf {prefix}.bcf"),
        _ => format!("--vcf {prefix}.{other}"),
    };
    found
        .help(format!("`{prefix}.{other}` is there; convert it: `plink2 {option} --make-bed --out {prefix}`"))
}

/// A .bed of 0, 1 or 2 bytes.
pub fn shorter_than_header(name: &str, size: u64, expected: u64) -> Diagnostic {
    let size = counted(size as usize, "byte");
    let message = format!("`{name}` has {size}; {expected} are needed (3 + variants × ⌈samples/4⌉)");
    Diagnostic::new(Code::E0302, message)
        .note(format!("{name}@0: the three bytes `6c 1b 01` of a .bed are expected"))
        .help("copy or make the file again: the program that wrote it did not finish")
}

/// A .bed that does not start as one.
pub fn wrong_magic(name: &str, start: &[u8], kind: Option<Foreign>) -> Diagnostic {
    let shown: Vec<String> = start.iter().map(|byte| format!("{byte:02x}")).collect();
    let shown = shown.join(" ");
    let message = match kind {
        Some(kind) => format!("`{name}` is not a PLINK .bed: it looks like {}", kind.name),
        None => format!("`{name}` is not a PLINK .bed"),
    };
    let found =
        Diagnostic::new(Code::E0302, message).note(format!("{name}@0: found `{shown}`, expected `6c 1b 01`"));
    match kind {
        Some(kind) => found.help(kind.remedy.replace("FILE", name)),
        None => found.help("name the prefix of a set made with `plink2 --make-bed`"),
    }
}

/// A .bed that lists calls sample by sample.
pub fn sample_major(name: &str) -> Diagnostic {
    let message = format!("{name}@2: mode byte `00`: the calls are stored sample by sample, an old form");
    let prefix = name.strip_suffix(".bed").unwrap_or(name);
    Diagnostic::new(Code::E0302, message)
        .help(format!("rewrite it: `plink2 --bfile {prefix} --make-bed --out {prefix}_new`"))
}

/// A .bed whose third byte says neither 0 nor 1.
pub fn unknown_mode(name: &str, mode: u8) -> Diagnostic {
    let message = format!("{name}@2: mode byte `{mode:02x}`; a PLINK 1 .bed has `01` here");
    let prefix = name.strip_suffix(".bed").unwrap_or(name);
    Diagnostic::new(Code::E0302, message).help(format!(
        "modes from `02` on are PLINK 2 .pgen: `plink2 --pgen {name} --psam {prefix}.psam --pvar {prefix}.pvar --make-bed --out NEW`"
    ))
}

/// Lists so long that the size of their .bed cannot be reckoned.
pub fn size_overflow(name: &str, samples: u64, variants: u64) -> Diagnostic {
    let message = format!("{samples} samples × {variants} variants need a `{name}` beyond any file size");
    Diagnostic::new(Code::E0302, message).help("check the .bim and .fam: they cannot be a PLINK set's")
}

/// A .bed that ends inside a variant.
pub fn torn(name: &str, size: u64, expected: u64, variant: usize, id: &str) -> Diagnostic {
    let short = counted((expected - size) as usize, "byte");
    let message = format!("`{name}` is {short} short: {size} of {expected}");
    Diagnostic::new(Code::E0302, message)
        .note(format!("{name}@{size}: the calls end inside variant {variant} (`{id}`)"))
        .help("copy or make the file again: it was cut off")
}

/// A .bed with bytes after its last variant.
pub fn trailing_bytes(name: &str, size: u64, expected: u64) -> Diagnostic {
    let more = counted((size - expected) as usize, "trailing byte");
    let message = format!("`{name}` has {more}: {size}, expected {expected}");
    Diagnostic::new(Code::E0302, message)
        .note(format!("{name}@{expected}: the calls of the last variant end here"))
        .help("copy or make the file again, and check that .bim and .fam are of the same set")
}

/// A .bed whose size is that of a set with other lists.
pub fn size_of_other_lists(
    name: &str,
    (samples, variants): (u64, u64),
    (size, expected): (u64, u64),
    implied_samples: Option<(u64, u64)>,
    implied_variants: Option<u64>,
) -> Diagnostic {
    let message = format!(
        "the .bim and .fam do not belong to `{name}`: {samples} samples × {variants} variants need {expected} bytes, it has {size}"
    );
    let mut found = Diagnostic::new(Code::E0319, message);
    if let Some(m) = implied_variants {
        found = found
            .note(format!("with {samples} samples the size implies {m} variants; the .bim has {variants}"));
    }
    if let Some((least, most)) = implied_samples {
        found = found.note(format!(
            "with {variants} variants the size implies {least} to {most} samples; the .fam has {samples}"
        ));
    }
    found.help("take all three files from the same set; if they are, the .bed was cut off or the list edited")
}

/// Calls beyond the last sample of the .fam.
pub fn padding_in_use(name: &str, broken: usize, variants: usize, samples: usize) -> Diagnostic {
    let message = format!(
        "{broken} of {variants} variants have data beyond sample {samples}: the .fam does not belong to `{name}`"
    );
    Diagnostic::new(Code::E0319, message)
        .note("a line missing from the .fam gives every later sample the calls of another one")
        .help("take the .fam that was written with the .bed")
}

/// A last sample that reads the padding.
pub fn surplus_sample(name: &str, samples: usize, variants: usize) -> Diagnostic {
    let message = format!(
        "sample {samples}, the last of the .fam, reads code `00` at all {variants} variants: the .fam does not belong to `{name}`"
    );
    Diagnostic::new(Code::E0319, message)
        .note("`00` everywhere is what unused space in the .bed looks like: the .fam has a line too many")
        .help("take the .fam that was written with the .bed; if the last sample really has two copies of allele 1 everywhere, let another one be last (`plink2 --indiv-sort`)")
}

/// Contigs left out of links and of the relationship matrix.
pub fn contigs_left_out(
    name: &str,
    total: usize,
    counts: &[(String, usize, &str)],
    keep: &str,
) -> Diagnostic {
    let message = format!(
        "{} of `{name}` left out: sex chromosomes, mitochondria and unplaced contigs do not count copies as autosomes do",
        counted(total, "variant")
    );
    let mut found = Diagnostic::new(Code::W0321, message);
    for (contig, count, reason) in counts {
        found = found.note(format!("contig `{contig}` ({reason}): {}", counted(*count, "variant")));
    }
    found.help(format!("to keep them, name every contig wanted: `keep = chrom in [{keep}, …]`"))
}

/// Heterozygous calls under `encoding = haploid`.
pub fn heterozygous_haploid(name: &str, calls: u64, variants: usize, found: Found) -> Diagnostic {
    let message = format!(
        "{calls} heterozygous calls in {} of `{name}`, which is read with `encoding = haploid`",
        counted(variants, "variant")
    );
    found.on(Diagnostic::new(Code::E0317, message)).help(
        "set these calls to missing in the file, or write `encoding = additive` if the samples are diploid",
    )
}

/// Missing calls under `missing = error`.
pub fn missing_refused(name: &str, calls: u64, variants: usize, found: Found) -> Diagnostic {
    let message = format!(
        "{calls} calls in {} of `{name}` are missing, and `missing = error` refuses them",
        counted(variants, "variant")
    );
    found
        .on(Diagnostic::new(Code::E0302, message))
        .help("impute the calls beforehand, or write `missing = mean` or `missing = mode`")
}

/// Ids of variants that stand twice and are asked for.
pub fn duplicate_variant(name: &str, found: Found) -> Diagnostic {
    let message = format!(
        "{} of `{name}` stand more than once and are referred to",
        counted(found.total, "variant id")
    );
    found
        .on(Diagnostic::new(Code::E0305, message))
        .help("give each variant its own id: `plink2 --set-all-var-ids @:#:$r:$a`")
}
