//! No text makes a reader panic, and whatever is read holds together.

use crate::knowledge::Knowledge;
use crate::knowledge::contigs::Renaming;
use crate::knowledge::read::parse;
use crate::language::spec::{Contigs, Format, GeneNames, Reading};

use super::{edges, genes, how};

/// Each reader with a beginning that takes it past its first checks.
fn readers() -> Vec<(Reading, Format, &'static str)> {
    let (feature, relations) = ("gene".to_owned(), vec!["is_a".to_owned(), "part_of".to_owned()]);
    let gff = Reading::Gff3 { feature: feature.clone(), attribute: "ID".into() };
    let gtf = Reading::Gtf { feature, attribute: "gene_id".into() };
    let gaf = Reading::Gaf { names: GeneNames::Symbol, evidence: Vec::new() };
    let topology = Reading::Topology { from: "layer0".into(), to: "layer1".into() };
    vec![
        (edges(), Format::Tsv, "gene\tset\n"),
        (edges(), Format::Csv, "gene,set\n"),
        (genes("gene", Some("set")), Format::Tsv, "gene\tset\tchr\tstart\tend\n"),
        (gff.clone(), Format::Gff3, ""),
        (gff, Format::Gff3, "1\t.\tgene\t1\t2\t.\t+\t.\t"),
        (gtf.clone(), Format::Gtf, ""),
        (gtf, Format::Gtf, "1\t.\tgene\t1\t2\t.\t+\t.\t"),
        (Reading::Bed, Format::Bed, "1\t0\t9\t"),
        (Reading::Gmt, Format::Gmt, ""),
        (Reading::Obo { relations: relations.clone() }, Format::Obo, "[Term]\nid: a\nis_a: "),
        (Reading::Obo { relations }, Format::Obo, ""),
        (gaf.clone(), Format::Gaf, "!\n"),
        (gaf, Format::Gaf, "d\ti\ts\t\tt\tr\te\tf\ta\tn\ty\tg\tx\t0\tb"),
        (Reading::Reactome, Format::Reactome, "a\tb\n"),
        (Reading::EdgeList, Format::Edges, "a\tb\t1\n"),
        (topology, Format::Topology, "layer0_node,layer0_name,layer1_node,layer1_name\n0,a,0,b\n"),
    ]
}

proptest::proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in "[gene\tsetchrID=;%,#>!:\\[\\]\\-+.\"0-9 \r\n\u{feff}é]{0,200}") {
        let renaming = Renaming::new(&Contigs::Roman, None).expect("needs no table");
        for (reading, format, start) in &readers() {
            let mut how = how(reading, *format);
            how.weight = reading.takes_weights().then_some("3");
            for text in [format!("{start}{text}"), text.clone()] {
                match parse(&text, "f", how, &renaming).map(|said| said.knowledge) {
                    Ok(Knowledge::Pairs(pairs)) => {
                        proptest::prop_assert_eq!(pairs.offsets.len(), pairs.targets.len() + 1);
                        proptest::prop_assert_eq!(pairs.members.len(), pairs.lines.len());
                        proptest::prop_assert_eq!(pairs.offsets.last(), Some(&pairs.members.len()));
                        let weights = pairs.weights.len();
                        proptest::prop_assert!(weights == 0 || weights == pairs.members.len());
                        for target in 0..pairs.targets.len() {
                            let mut members = pairs.members_of(target).to_vec();
                            members.sort_unstable();
                            proptest::prop_assert!(members.windows(2).all(|pair| pair[0] < pair[1]));
                        }
                    }
                    Ok(Knowledge::Intervals(found)) => {
                        let rows = found.starts.iter().zip(&found.ends);
                        proptest::prop_assert!(rows.into_iter().all(|(start, end)| 1 <= *start && start <= end));
                    }
                    Err(found) => proptest::prop_assert!(found.has_errors()),
                }
            }
        }
    }
}
