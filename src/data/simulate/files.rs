//! A simulated population as the files that a user would have: PLINK 1, a table, links.

use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

use crate::data::PackedGenotypes;
use crate::io::World;

use super::Simulated;

/// Writes `geno.bed`, `geno.bim`, `geno.fam`, `pheno.tsv` and `links.tsv` into `folder`, which
/// is made when it is missing, and returns their paths.
///
/// # Errors
/// As the operating system says; files named before the failing one are then complete.
pub fn write_files(world: &dyn World, folder: &Path, simulated: &Simulated) -> io::Result<Vec<PathBuf>> {
    world.create_folder(folder)?;
    let files = [
        ("geno.bed", bed_bytes(&simulated.genotypes.calls)),
        ("geno.bim", bim(simulated).into_bytes()),
        ("geno.fam", fam(simulated).into_bytes()),
        ("pheno.tsv", pheno(simulated).into_bytes()),
        ("links.tsv", links(simulated).into_bytes()),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| {
            let path = folder.join(name);
            world.write(&path, &bytes)?;
            Ok(path)
        })
        .collect()
}

/// A variant-major .bed file.
fn bed_bytes(calls: &PackedGenotypes) -> Vec<u8> {
    const MAGIC: [u8; 3] = [0x6c, 0x1b, 0x01];
    [&MAGIC, calls.bytes()].concat()
}

fn bim(simulated: &Simulated) -> String {
    simulated.genotypes.variants.iter().fold(String::new(), |mut text, v| {
        let position = v.position.unwrap_or(0);
        let _ = writeln!(text, "{}\t{}\t0\t{position}\t{}\t{}", v.chromosome, v.id, v.allele1, v.allele2);
        text
    })
}

fn fam(simulated: &Simulated) -> String {
    simulated.genotypes.samples.iter().fold(String::new(), |mut text, sample| {
        let _ = writeln!(text, "{}\t{}\t0\t0\t0\t-9", sample.family, sample.individual);
        text
    })
}

fn pheno(simulated: &Simulated) -> String {
    let mut text = String::from("IID");
    for column in simulated.traits.keys() {
        text.push('\t');
        text.push_str(column);
    }
    text.push('\n');
    for (row, sample) in simulated.genotypes.samples.iter().enumerate() {
        text.push_str(&sample.individual);
        for values in simulated.traits.values() {
            let _ = match values[row] {
                value if value.is_nan() => write!(text, "\tNA"),
                value => write!(text, "\t{value}"),
            };
        }
        text.push('\n');
    }
    text
}

fn links(simulated: &Simulated) -> String {
    simulated.links.iter().fold(String::from("snp\tmetabolite\n"), |mut text, (snp, entity)| {
        let _ = writeln!(text, "{snp}\t{}", entity.name());
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::simulate::{shoot_branching, tests::options};
    use crate::io::Disk;

    #[test]
    fn files_say_what_was_simulated() {
        let simulated = shoot_branching(&options()).expect("simulates");
        let folder = tempfile::tempdir().expect("a folder");
        let paths = write_files(&Disk, &folder.path().join("new"), &simulated).expect("writes");
        let bytes: Vec<Vec<u8>> = paths.iter().map(|path| Disk.read(path).expect("is there")).collect();
        assert_eq!(bytes[0][..3], [0x6c, 0x1b, 0x01]);
        assert_eq!(bytes[0][3..], *simulated.genotypes.calls.bytes());
        let texts: Vec<String> = bytes[1..].iter().map(|b| String::from_utf8_lossy(b).into_owned()).collect();
        assert!(
            texts[0].lines().count() == 1000 && texts[0].starts_with("1\tm1_1\t0\t452"),
            "{}",
            &texts[0][..40]
        );
        assert_eq!(texts[1].lines().next(), Some("0\tf2_1\t0\t0\t0\t-9"));
        let second: Vec<&str> = texts[2].lines().nth(1).expect("a row").split('\t').collect();
        assert!(texts[2].starts_with("IID\toutgrowth\tauxin\t") && second[0] == "f2_1");
        assert_eq!(second[1].parse::<f64>().expect("a number"), simulated.traits["outgrowth"][0]);
        assert!(texts[3].starts_with("snp\tmetabolite\nm1_25\t") && texts[3].lines().count() == 41);
    }
}
