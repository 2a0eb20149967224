//! From a prior's declaration to what its file says.

use std::path::Path;

use crate::io::World;
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::{Contigs, Format, Reading};

use super::contigs::Renaming;
use super::gather::{EXAMPLES, Places};
use super::types::{Incidence, Intervals, Knowledge};
use super::{edges, error, gff, gmt, ids, intervals, text};

/// A prior's file as read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What it says.
    pub knowledge: Knowledge,
    /// BLAKE3 of its bytes, followed by those of the contig table where there is one.
    pub digest: blake3::Hash,
    /// Warnings: `W0318`, `W0320`.
    pub found: Diagnostics,
}

/// Reads the file of a prior.
///
/// `shown_name` stands in messages; `contig_table` is the resolved path of [`Contigs::File`].
///
/// # Errors
/// `E0301` unreadable, `E0302` malformed, `E0303` column missing, `E0113` compressed, or a
/// prior whose reading needs no file (`Reading::Simulate`) or does not fit its format.
pub fn read(
    world: &dyn World,
    path: &Path,
    shown_name: &str,
    reading: &Reading,
    format: Format,
    contigs: &Contigs,
    contig_table: Option<&Path>,
) -> Result<Loaded, Diagnostics> {
    let mut digest = blake3::Hasher::new();
    let bytes = world.read(path).map_err(|why| error::unreadable(shown_name, &why))?;
    digest.update(&bytes);
    let table = match (contigs, contig_table) {
        (Contigs::File(name), Some(path)) => {
            Some((name.as_str(), world.read(path).map_err(|why| error::unreadable(name, &why))?))
        }
        _ => None,
    };
    if let Some((_, bytes)) = &table {
        digest.update(bytes);
    }
    let renaming = Renaming::new(contigs, table.as_ref().map(|(name, bytes)| (*name, bytes.as_slice())))?;
    let (knowledge, mut found) =
        parse(text::decode(&bytes, shown_name)?, shown_name, reading, format, &renaming)?;
    found.extend(suspicions(&knowledge, shown_name));
    Ok(Loaded { knowledge, digest: digest.finalize(), found })
}

fn parse(
    text: &str,
    file: &str,
    reading: &Reading,
    format: Format,
    renaming: &Renaming,
) -> Result<(Knowledge, Diagnostics), Diagnostics> {
    match (reading, format) {
        (Reading::Edges { source, target }, Format::Tsv | Format::Csv) => {
            let found = edges::read(text, format, file, source, target)?;
            Ok((Knowledge::Pairs(found), Diagnostics::default()))
        }
        (Reading::Intervals { id, chromosome, start, end, strand, base }, Format::Tsv | Format::Csv) => {
            let strand = strand.as_deref();
            let columns = intervals::Columns { id, chromosome, start, end, strand, base: *base };
            Ok(told(intervals::read(text, format, file, columns, renaming)?, file, true))
        }
        (Reading::Gff3 { feature, attribute }, Format::Gff3) => {
            // Several records of one ID are one feature; of any other attribute, a chance.
            let is_chance = attribute != "ID";
            Ok(told(gff::read(text, file, feature, attribute, renaming)?, file, is_chance))
        }
        (Reading::Gmt, Format::Gmt) => {
            let (found, warnings) = gmt::read(text, file)?;
            Ok((Knowledge::Pairs(found), warnings))
        }
        _ => Err(error::no_reader(file, format).into()),
    }
}

fn told(places: Places, file: &str, warn_of_merging: bool) -> (Knowledge, Diagnostics) {
    let (intervals, merged, examples) = places.finish();
    let mut found = Diagnostics::default();
    if warn_of_merging && merged > 0 {
        found.push(error::merged_intervals(file, merged, &examples));
    }
    (Knowledge::Intervals(intervals), found)
}

fn suspicions(knowledge: &Knowledge, file: &str) -> Diagnostics {
    let names = match knowledge {
        Knowledge::Pairs(pairs) => names_with_lines(pairs),
        Knowledge::Intervals(Intervals { names, lines, .. }) => {
            names.iter().map(String::as_str).zip(lines.iter().copied()).collect()
        }
    };
    let mangled: Vec<(&str, u32)> = names.into_iter().filter(|(name, _)| ids::looks_mangled(name)).collect();
    if mangled.is_empty() {
        return Diagnostics::default();
    }
    let examples: Vec<(String, u32)> =
        mangled.iter().take(EXAMPLES).map(|(name, line)| (name.to_string(), *line)).collect();
    error::mangled(file, mangled.len(), &examples).into()
}

// Each name of either side once, with the first line that holds it, by line.
fn names_with_lines(pairs: &Incidence) -> Vec<(&str, u32)> {
    let mut source_lines = vec![u32::MAX; pairs.sources.len()];
    for (&member, &line) in pairs.members.iter().zip(&pairs.lines) {
        source_lines[member as usize] = source_lines[member as usize].min(line);
    }
    let target_lines = (0..pairs.targets.len()).filter_map(|t| {
        let line = pairs.lines[pairs.offsets[t]..pairs.offsets[t + 1]].iter().min()?;
        Some((pairs.targets[t].as_str(), *line))
    });
    let mut names: Vec<(&str, u32)> = pairs.sources.iter().map(String::as_str).zip(source_lines).collect();
    names.extend(target_lines);
    names.sort_by_key(|&(_, line)| line);
    names
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::io::{Disk, MemoryWorld};
    use crate::knowledge::window::overlaps;

    fn edges() -> Reading {
        Reading::Edges { source: "gene".into(), target: "set".into() }
    }

    fn genes(id: &str, strand: Option<&str>) -> Reading {
        let [chromosome, start, end] = ["chr", "start", "end"].map(str::to_owned);
        Reading::Intervals {
            id: id.into(),
            chromosome,
            start,
            end,
            strand: strand.map(str::to_owned),
            base: 1,
        }
    }

    #[test]
    fn mangled_ids_are_told_with_lines() {
        let world =
            MemoryWorld::default().with("p", &b"gene\tset\nTP53\tS\n1-Mar\tS\n1-Mar\tT\n2\t1E+05\n"[..]);
        let same = Contigs::Same;
        let found = read(&world, Path::new("p"), "p.tsv", &edges(), Format::Tsv, &same, None).expect("reads");
        let all: Vec<_> = found.found.iter().collect();
        assert_eq!((all.len(), all[0].code.name()), (1, "W0320"));
        assert!(all[0].message.contains("2 ids"), "{}", all[0].message);
        let told: Vec<String> = all[0].places.iter().map(crate::language::diagnostics::Place::told).collect();
        assert_eq!(
            told,
            ["p.tsv:3: `1-Mar` may have been another name", "p.tsv:5: `1E+05` may have been another name"]
        );
    }

    #[test]
    fn what_cannot_be_read_has_its_code() {
        let world = MemoryWorld::default().with("gz", &b"\x1f\x8b\x08"[..]).with("gmt", &b"S\td\tA\n"[..]);
        let code = |path: &str, reading: &Reading, format| {
            let found = read(&world, Path::new(path), path, reading, format, &Contigs::Same, None);
            found.expect_err("cannot be read").iter().map(|d| d.code.name()).collect::<Vec<_>>()
        };
        assert_eq!(code("none", &Reading::Gmt, Format::Gmt), ["E0301"]);
        assert_eq!(code("gz", &Reading::Gmt, Format::Gmt), ["E0113"]);
        assert_eq!(code("gmt", &edges(), Format::Tsv), ["E0303", "E0303"]);
        assert_eq!(code("gmt", &edges(), Format::Gmt), ["E0113"]);
    }

    #[test]
    fn the_contig_table_is_read_and_digested() {
        let world = MemoryWorld::default()
            .with("g", &b"gene\tchr\tstart\tend\nA\tNC_1\t1\t2\n"[..])
            .with("names", &b"NC_1\tchrI\n"[..]);
        let table = Contigs::File("names.tsv".into());
        let with = |contigs: &Contigs, path: Option<&str>| {
            let reading = genes("gene", None);
            read(&world, Path::new("g"), "g.tsv", &reading, Format::Tsv, contigs, path.map(Path::new))
        };
        let found = with(&table, Some("names")).expect("reads");
        let Knowledge::Intervals(intervals) = &found.knowledge else { panic!("intervals were asked for") };
        assert_eq!(intervals.contigs, ["chrI"]);
        assert_ne!(found.digest, with(&Contigs::Same, None).expect("reads").digest);
        assert_eq!(with(&table, Some("gone")).expect_err("is missing").exit_code(), 3);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_reader_panic(text in "[gene\tsetchrID=;%,#>\\-+.\"0-9 \r\n\u{feff}é]{0,200}") {
            let headed = format!("gene\tset\tchr\tstart\tend\n{text}");
            let gff = Reading::Gff3 { feature: "gene".into(), attribute: "ID".into() };
            let renaming = Renaming::new(&Contigs::Roman, None).expect("needs no table");
            for (text, reading, format) in [
                (&headed, &edges(), Format::Tsv),
                (&headed.replace('\t', ","), &edges(), Format::Csv),
                (&headed, &genes("gene", Some("set")), Format::Tsv),
                (&text, &gff, Format::Gff3),
                (&format!("1\t.\tgene\t1\t2\t.\t+\t.\t{text}"), &gff, Format::Gff3),
                (&text, &Reading::Gmt, Format::Gmt),
            ] {
                match parse(text, "f", reading, format, &renaming) {
                    Ok((Knowledge::Pairs(pairs), _)) => {
                        proptest::prop_assert_eq!(pairs.offsets.len(), pairs.targets.len() + 1);
                        proptest::prop_assert_eq!(pairs.members.len(), pairs.lines.len());
                    }
                    Ok((Knowledge::Intervals(found), _)) => {
                        let rows = found.starts.iter().zip(&found.ends);
                        proptest::prop_assert!(rows.into_iter().all(|(start, end)| 1 <= *start && start <= end));
                    }
                    Err(found) => proptest::prop_assert!(found.has_errors()),
                }
            }
        }
    }

    /// The folder of real data, or `None` with a word about the skipped test.
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    fn real_data(test: &str) -> Option<PathBuf> {
        let folder = std::env::var_os("BINNC_TEST_DATA").map(PathBuf::from);
        if folder.is_none() {
            eprintln!("{test}: skipped, BINNC_TEST_DATA is not set");
        }
        folder
    }

    fn read_real(folder: &Path, name: &str, reading: &Reading, format: Format) -> Loaded {
        read(&Disk, &folder.join(name), name, reading, format, &Contigs::Same, None).expect("reads")
    }

    fn intervals_of(loaded: Loaded) -> Intervals {
        match loaded.knowledge {
            Knowledge::Intervals(intervals) => intervals,
            Knowledge::Pairs(_) => panic!("intervals were asked for"),
        }
    }

    #[test]
    fn real_gff_files_are_read() {
        let Some(data) = real_data("real_gff_files_are_read") else { return };
        let gff = Reading::Gff3 { feature: "gene".into(), attribute: "ID".into() };
        let found = intervals_of(read_real(&data, "formats/gff/TestRefGen.gff", &gff, Format::Gff3));
        assert_eq!(found.names.len(), 10);
        assert_eq!(
            (&*found.names[3], &*found.contigs[3], found.starts[3], found.ends[3]),
            ("Gene4", "4", 4, 400)
        );
        let found = intervals_of(read_real(&data, "formats/htslib/gff_file.gff", &gff, Format::Gff3));
        assert_eq!(found.names, ["OTTHUMG00000137358"]);
        assert_eq!((found.starts[0], found.ends[0], found.lines[0]), (2_934_816, 2_964_270, 10));
        assert_eq!(found.strands, [crate::knowledge::Strand::Reverse]);
    }

    #[test]
    fn real_tables_and_sets_are_read() {
        let Some(data) = real_data("real_tables_and_sets_are_read") else { return };
        let found = intervals_of(read_real(&data, "yeast/expr_genes.tsv", &genes("gene", None), Format::Tsv));
        assert_eq!(found.turned, 3102);
        assert!(found.starts.iter().zip(&found.ends).all(|(start, end)| start <= end));
        let found =
            intervals_of(read_real(&data, "yeast/genes.tsv", &genes("gene", Some("strand")), Format::Tsv));
        assert_eq!(found.names.len(), 7126);
        for (name, sets) in [("maize/go_process.gmt", 280), ("yeast/goslim_process.gmt", 130)] {
            match read_real(&data, name, &Reading::Gmt, Format::Gmt).knowledge {
                Knowledge::Pairs(found) => assert_eq!(found.targets.len(), sets, "{name}"),
                Knowledge::Intervals(_) => panic!("pairs were asked for"),
            }
        }
        for name in ["enrichr.KEGG_2016", "genes", "geneset.gsva", "h.all.v7.0.symbols", "ribosome", "temp"] {
            read_real(&data, &format!("formats/gmt/{name}.gmt"), &Reading::Gmt, Format::Gmt);
        }
    }

    #[test]
    fn a_genome_of_windows_takes_no_time() {
        let Some(data) = real_data("a_genome_of_windows_takes_no_time") else { return };
        let genes = intervals_of(read_real(&data, "maize/genes.tsv", &genes("gene", None), Format::Tsv));
        let bim =
            String::from_utf8(Disk.read(&data.join("maize/geno.bim")).expect("is there")).expect("is text");
        let variants: Vec<(&str, u64, u32)> = bim
            .lines()
            .zip(0..)
            .map(|(line, v)| {
                let fields: Vec<&str> = line.split_whitespace().collect();
                (fields[0], fields[3].parse().expect("is a position"), v)
            })
            .collect();
        assert_eq!((genes.names.len(), variants.len()), (27_382, 41_722));
        let begun = std::time::Instant::now();
        let all = overlaps(&genes, &variants, 250_000, 250_000, false);
        let nearest = overlaps(&genes, &variants, 250_000, 250_000, true);
        assert!(begun.elapsed().as_secs_f64() < 1.0, "took {:?}", begun.elapsed());
        assert!(nearest.variants.len() < all.variants.len());
        for gene in (0..genes.names.len()).step_by(1001) {
            let low = genes.starts[gene].saturating_sub(250_000);
            let high = genes.ends[gene] + 250_000;
            let slow = variants.iter().filter(|v| v.0 == genes.contigs[gene] && (low..=high).contains(&v.1));
            assert_eq!(all.of(gene), slow.map(|v| v.2).collect::<Vec<_>>());
        }
    }
}
