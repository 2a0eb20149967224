//! I1, I3, I10, I14: names join, every name is accounted for, none is taken apart, and no file is
//! read by habit.
//!
//! What is looked at is the compiled plan, each weight by the names of the rows that it joins.

use binnc::compiler::plan::Input;
use binnc::data::ColumnData;
use binnc::io::MemoryWorld;
use std::collections::BTreeMap;

use crate::small::{
    HEAD, PAIRS, codes, compiled, edges, edges_into, panel, parameters, reads, refused, variants, world,
};

const LEVELS: &str = "prior sets from gmt \"sets.gmt\" : gene -> pathway\n\
    layer gene : gene\nlayer pathway : pathway\nnode head : integrator\n\
    link snps -> gene via pairs\nlink gene -> pathway via sets\n\
    link pathway, gene.unmapped, pheno.age, pheno.family -> head\npredict pheno.yield from head\n";

/// The lines below the first `fixed`, moved on by `by` places, the last ones to the front.
fn turned(text: &str, fixed: usize, by: usize) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines[fixed..].rotate_right(by);
    lines.join("\n") + "\n"
}

fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(from, to)| (from.to_string(), to.to_string())).collect()
}

/// I1. In BINN a marker's gene was its column number divided by the markers a gene, and P-NET and
/// PINNet laid columns beside mask rows by position: another order of rows was another network.
#[test]
fn the_order_of_rows_and_columns_changes_no_edge() {
    let files = [
        ("pairs.tsv", "snp\tgene\ns1\tA\ns2\tA\ns3\tB\ns4\tB\ns4\tC\ns5\tD\n", 1),
        ("sets.gmt", "P\tx\tA\tB\nQ\tx\tB\tC\nR\tx\tA\n", 0),
        (
            "pheno.tsv",
            "IID\tyield\theight\tage\tfamily\tA\tB\nL1\t5\t180\t3\tred\t1\t2\n\
                       L2\t6\t175\t4\tgreen\t2\t1\nL3\t7\t190\t5\tblue\t3\t3\n",
            1,
        ),
    ];
    let other_columns = "family\tB\tA\tage\tyield\tIID\theight\nred\t2\t1\t3\t5\tL1\t180\n\
                         green\t1\t2\t4\t6\tL2\t175\nblue\t3\t3\t5\t7\tL3\t190\n";
    let bim = variants(5);
    let built = |by: usize, table: Option<&str>| {
        let turned_files = files.map(|(name, text, fixed)| (name, turned(text, fixed, by % 3)));
        let given: Vec<(&str, &str)> =
            turned_files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let mut world = world(&turned(&bim, 0, by), &given);
        if let Some(table) = table {
            world = world.with("data/pheno.tsv", table);
        }
        compiled(world, &format!("{HEAD}{PAIRS}{LEVELS}")).0
    };
    let first = built(0, None);
    let yields = |loaded: &binnc::cli::load::Loaded| -> BTreeMap<String, String> {
        let Some(ColumnData::Numeric(values)) = loaded.cohort.column(0, "yield") else { panic!("numbers") };
        let names = loaded.cohort.samples.iter().map(|sample| sample.individual.clone());
        names.zip(values.iter().map(ToString::to_string)).collect()
    };
    assert!(edges(&first).contains(&("snps/s4".to_string(), "gene/C".to_string())));
    assert_eq!(edges(&first).len(), 6 + 5 + (3 + 1 + 1 + 2) + 1, "genes, pathways, head, read-out");
    for by in 0..5 {
        for table in [None, Some(other_columns)] {
            let other = built(by, table);
            assert_eq!(edges(&other), edges(&first), "rows moved by {by}");
            assert_eq!(parameters(&other), parameters(&first));
            assert_eq!(yields(&other), yields(&first), "a measurement stays with its line");
            for (input, segment) in other.plan.inputs.iter().zip(&other.plan.segments) {
                let Input::Variant { set, index } = input else { continue };
                assert_eq!(other.variants[*set][*index].id, *segment.name, "the row is the variant's own");
            }
        }
    }
}

/// I1. In GenNet, NeST and DTox the number of a gene decided which column it read, and no name was
/// held against it: a list without one gene moved all genes behind it.
#[test]
fn numbers_in_a_topology_join_nothing() {
    let spec = format!(
        "{HEAD}prior paths from topology \"paths.csv\" : snp -> gene\n\
         layer gene : gene\nlink snps -> gene via paths\npredict pheno.yield from gene\n"
    );
    let header = "layer0_node,layer0_name,layer1_node,layer1_name\n";
    let built =
        |rows: &str| compiled(world(&variants(4), &[("paths.csv", &format!("{header}{rows}"))]), &spec).0;
    let wanted = pairs(&[("s1", "A"), ("s2", "A"), ("s3", "B"), ("s4", "C")]);
    for rows in [
        "0,s1,0,A\n1,s2,0,A\n2,s3,1,B\n3,s4,2,C\n",
        "3,s1,2,A\n2,s2,2,A\n1,s3,0,B\n0,s4,1,C\n",
        "70,s4,0,C\n11,s2,2,A\n12,s3,1,B\n5,s1,2,A\n",
    ] {
        assert_eq!(edges_into(&built(rows), "gene"), wanted, "{rows}");
    }
    let shifted = format!("{header}0,s1,0,A\n1,s2,1,A\n2,s3,1,B\n3,s4,2,C\n");
    let found = refused(world(&variants(4), &[("paths.csv", &shifted)]), &spec);
    assert_eq!(codes(&found), ["E0302"]);
    let said = format!("{found:?}");
    assert!(said.contains("`A` has the index 1 here and 0 in line 2"), "{said}");
}

/// I3. GenNet kept a marker's first gene, P-NET's and VNNSurv's joins a symbol's first column, and
/// BINN drew a module for a gene that had none.
#[test]
fn what_belongs_to_two_feeds_both_and_what_belongs_nowhere_feeds_nothing() {
    let files = [
        ("pairs.tsv", "snp\tgene\ns1\tA\ns1\tB\ns2\tB\ns3\tC\nabsent\tA\nlost\tZ\n"),
        ("sets.gmt", "P\tx\tA\tB\tX\nQ\tx\tB\nW\tx\tX\tY\n"),
    ];
    let spec = format!("{HEAD}{PAIRS}{LEVELS}");
    let (loaded, found) = compiled(world(&variants(4), &files), &spec);
    assert_eq!(edges_into(&loaded, "gene"), pairs(&[("s1", "A"), ("s1", "B"), ("s2", "B"), ("s3", "C")]));
    assert_eq!(edges_into(&loaded, "pathway"), pairs(&[("A", "P"), ("B", "P"), ("B", "Q")]));
    let mut read = reads(&loaded, "head", "head");
    read.sort();
    assert_eq!(read, ["C", "P", "Q", "age", "family"], "`C`, in no set, is read where the author put it");

    // Each join is counted on both sides, with names.
    let counted = loaded.coverage();
    let join = |what: &str| counted.iter().find(|join| join.join.contains(what)).expect("it is counted");
    let genes = join("-> gene via pairs");
    assert_eq!((genes.left_matched, genes.left_only), (3, 2));
    assert_eq!((genes.right_matched, genes.right_only), (3, 1));
    assert_eq!(
        (&genes.left_examples[..], &genes.right_examples[..]),
        (&["absent".to_string(), "lost".to_string()][..], &["Z".to_string()][..])
    );
    let sets = join("-> pathway via sets");
    assert_eq!((sets.left_matched, sets.left_only), (2, 2));
    assert_eq!((sets.right_matched, sets.right_only), (2, 1));
    assert_eq!(join("snps with pheno").left_matched, 3);
    let unmatched: Vec<&str> = found
        .iter()
        .filter(|found| found.code.name() == "W0307")
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(unmatched.len(), 2, "{found:?}");
    assert!(unmatched[0].starts_with("2 of 5 identifiers of prior `pairs`"), "{unmatched:?}");
    assert!(unmatched[1].starts_with("2 of 4 identifiers of prior `sets`"), "{unmatched:?}");
}

/// Names that were cut, matched or looked up by pattern somewhere.
const ODD: [&str; 17] = [
    "TP53",
    "TP53_mut",
    "TP53_amp",
    "TP53.1",
    ".*",
    "T.53",
    "TP5*",
    "[AB]",
    "^A$",
    "A,B",
    "A|B",
    "A B",
    "RBFOX1(dist=346)",
    "NONE",
    "cov_age",
    "index",
    "GO:0008150",
];

/// I10. DrugCell and NeST looked a term's mask up by the text before the first `_`, MOViDA by two
/// parts, KPNN took a node's name for a regular expression, MULGONET a layer by how its name begins,
/// GenNet a column with `cov_` for a covariate and cleaned gene names by a pattern that matched none.
#[test]
fn names_are_never_split_or_matched_as_patterns() {
    let rows = ODD.iter().zip(1..).map(|(name, at)| format!("s{at}\t{name}\n"));
    let rows = format!("snp\tgene\n{}", rows.collect::<String>());
    let sets: String = ODD.iter().map(|name| format!("set {name}\tx\t{name}\n")).collect();
    let files = [("pairs.tsv", rows.as_str()), ("sets.gmt", sets.as_str())];
    let (loaded, _) = compiled(world(&variants(ODD.len()), &files), &format!("{HEAD}{PAIRS}{LEVELS}"));
    for (name, at) in ODD.iter().zip(1..) {
        assert_eq!(reads(&loaded, "gene", name), [format!("s{at}")], "{name}");
        assert_eq!(reads(&loaded, "pathway", &format!("set {name}")), [*name]);
    }
    assert_eq!(loaded.summary.nodes, 2 * ODD.len() + 1);

    // Nor by a filter: one name is one node, and another name is all but that one.
    for name in ODD {
        let spec = format!(
            "{HEAD}{PAIRS}layer gene : gene\nnode one, rest : integrator\nlink snps -> gene via pairs\n\
             link gene where id == \"{name}\" -> one\nlink gene where id != `{name}` -> rest\n\
             predict pheno.yield from one, rest\n"
        );
        let (loaded, _) = compiled(world(&variants(ODD.len()), &files), &spec);
        assert_eq!(reads(&loaded, "one", "one"), [name]);
        let others: Vec<&str> = ODD.into_iter().filter(|other| *other != name).collect();
        assert_eq!(reads(&loaded, "one", "rest"), others);
    }
}

/// I14. P-NET took a file's first row for a header whether or not it was one, VNNSurv read gene sets
/// one column late, PiDeeL split names at commas: an edge, or a gene of each set, was gone.
#[test]
fn the_first_row_and_the_first_member_are_data() {
    let files = [
        ("first.edges", "s1\tA\ns2\tB\n"),
        ("sets.gmt", "low\tabout it\tA\tB\nother\t\tB\n"),
        ("terms.txt", "high\tlow\nhigh\tother\n"),
    ];
    let spec = format!(
        "{HEAD}prior first from edges \"first.edges\" : snp -> gene\n\
         prior sets from gmt \"sets.gmt\" : gene -> pathway\n\
         prior terms from reactome \"terms.txt\" : pathway -> pathway\n\
         layer gene : gene\nlayer pathway : pathway\nlayer top : pathway\n\
         link snps -> gene via first\nlink gene -> pathway via sets\nlink pathway -> top via terms\n\
         predict pheno.yield from top\n"
    );
    let (loaded, found) = compiled(world(&variants(2), &files), &spec);
    assert!(!found.has_errors(), "{found:?}");
    assert_eq!(edges_into(&loaded, "gene"), pairs(&[("s1", "A"), ("s2", "B")]));
    assert_eq!(edges_into(&loaded, "pathway"), pairs(&[("A", "low"), ("B", "low"), ("B", "other")]));
    let top = edges_into(&loaded, "top");
    assert_eq!(top.len(), 2, "{top:?}");
    assert_eq!(top.iter().map(|(from, _)| from.as_str()).collect::<Vec<_>>(), ["low", "other"]);
}

/// I14. VNNSurv held the number of its inputs as a constant beside the list of genes, Varmole the
/// number of its samples, DCell's probes the number of units of a term.
#[test]
fn no_size_is_known_beforehand() {
    let spec = format!(
        "{HEAD}{PAIRS}layer gene : gene\nlink snps -> gene via pairs\npredict pheno.yield from gene\n"
    );
    for (count, lines, genes) in [(1, 1, 1), (2, 5, 2), (117, 30, 7), (1000, 3, 40)] {
        let rows: String = (0..count).map(|at| format!("s{}\tG{}\n", at + 1, at % genes)).collect();
        let rows = format!("snp\tgene\n{rows}");
        let world = with_lines(&variants(count), lines, &rows);
        let (loaded, _) = compiled(world, &spec);
        assert_eq!(loaded.cohort.samples.len(), lines);
        assert_eq!(loaded.summary.variants, count);
        assert_eq!(parameters(&loaded), count + genes + genes + 1, "slopes, biases, the read-out");
    }
}

/// A world with so many lines.
fn with_lines(bim: &str, lines: usize, rows: &str) -> MemoryWorld {
    let fam: String = (1..=lines).map(|at| format!("F\tL{at}\t0\t0\t0\t-9\n")).collect();
    let table: String = (1..=lines).map(|at| format!("L{at}\t{at}\t1\t1\tred\t1\t1\n")).collect();
    let bed: Vec<u8> = [0x6c, 0x1b, 0x01]
        .into_iter()
        .chain(bim.lines().flat_map(|_| std::iter::repeat_n(0, lines.div_ceil(4))))
        .collect();
    panel(MemoryWorld::default(), "panel", bim)
        .with("data/panel.fam", fam)
        .with("data/panel.bed", bed)
        .with("data/pheno.tsv", format!("IID\tyield\theight\tage\tfamily\tA\tB\n{table}"))
        .with("data/pairs.tsv", rows)
}
