//! Panels of half sibs with unlinked markers, as files.

use std::fmt::Write;

use binnc::io::MemoryWorld;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::setting;

/// A standard normal number (Box and Muller 1958).
pub fn normal(random: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (1.0 - random.random::<f64>(), random.random());
    (-2.0 * libm::log(u)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * v)
}

/// With mean 0 and SD 1.
pub fn standard(values: &[f64]) -> Vec<f64> {
    let (mean, sd) = setting::mean_sd(values);
    values.iter().map(|value| (value - mean) / sd).collect()
}

/// Copies of alleles `[markers][samples]`; so many samples in a row have one sire, and dams of their own.
pub fn half_sibs(random: &mut ChaCha8Rng, frequency: &[f64], samples: usize, family: usize) -> Vec<Vec<u8>> {
    let mut copies = vec![vec![0_u8; samples]; frequency.len()];
    for (copies, p) in copies.iter_mut().zip(frequency) {
        let mut sire = [false; 2];
        for (sample, copies) in copies.iter_mut().enumerate() {
            if sample % family == 0 {
                sire = [random.random_bool(*p), random.random_bool(*p)];
            }
            let from_sire = sire[usize::from(random.random_bool(0.5))];
            *copies = u8::from(from_sire) + u8::from(random.random_bool(*p));
        }
    }
    copies
}

/// `panel.bed` with its lists, the trait `y` in `pheno.tsv`, and `links.tsv` of markers to genes of so many markers.
pub fn files(copies: &[Vec<u8>], y: &[f64], of_gene: usize) -> MemoryWorld {
    let (mut pheno, mut fam) = (String::from("IID\ty\n"), String::new());
    for (sample, y) in y.iter().enumerate() {
        let _ = writeln!(pheno, "i{sample}\t{y}");
        let _ = writeln!(fam, "0 i{sample} 0 0 0 -9");
    }
    let (mut bim, mut links) = (String::new(), String::from("snp\tgene\n"));
    for marker in 0..copies.len() {
        let _ = writeln!(bim, "1 m{marker} 0 {} A G", 1000 * (marker + 1));
        let _ = writeln!(links, "m{marker}\tgene{}", marker / of_gene);
    }
    let mut bed = vec![0x6c, 0x1b, 0x01];
    for row in copies {
        bed.extend(row.chunks(4).map(|four| {
            four.iter()
                .enumerate()
                .fold(0_u8, |byte, (k, copies)| byte | ([3, 2, 0][usize::from(*copies)] << (2 * k)))
        }));
    }
    MemoryWorld::default()
        .with("panel.bed", bed)
        .with("panel.bim", bim)
        .with("panel.fam", fam)
        .with("pheno.tsv", pheno)
        .with("links.tsv", links)
}
