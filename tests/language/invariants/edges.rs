//! I2, I5, I13: an edge is there once, an absent edge is nowhere, and a shuffled control is as
//! connected as what it stands beside.
//!
//! Counts are those of the compiled plan, against the lists that the files hold.

use std::collections::{BTreeMap, BTreeSet};

use binnc::cli::load::Loaded;
use binnc::engine::network::Parameters;

use crate::small::{HEAD, PAIRS, codes, compiled, edges, edges_into, refused, variants, world};

/// A path file of 100 markers in 10 genes in one pathway, as GenNet's example has it.
fn paths() -> String {
    let row = |at: usize| format!("{at},s{},{},G{},0,P\n", at + 1, at / 10, at / 10);
    let header = "layer0_node,layer0_name,layer1_node,layer1_name,layer2_node,layer2_name\n";
    (0..100).map(row).fold(header.to_string(), |all, row| all + &row)
}

/// I2. GenNet made a weight of every row of its path file: its example has 100 rows for 10 genes in a
/// pathway, so that a gene with ten markers had ten weights into it, and its step was ten times as long.
#[test]
fn a_pair_on_many_rows_is_one_edge_and_the_others_are_counted() {
    let spec = format!(
        "{HEAD}prior genes from topology \"paths.csv\" : snp -> gene\n\
         prior pathways from topology \"paths.csv\" : gene -> pathway {{ from = 1  to = 2 }}\n\
         layer gene : gene\nlayer pathway : pathway\n\
         link snps -> gene via genes\nlink gene -> pathway via pathways\npredict pheno.yield from pathway\n"
    );
    let (loaded, found) = compiled(world(&variants(100), &[("paths.csv", &paths())]), &spec);
    let into = edges_into(&loaded, "pathway");
    let wanted: Vec<_> = (0..10).map(|gene| (format!("G{gene}"), "P".to_string())).collect();
    assert_eq!(into, wanted, "ten edges, each once");
    assert_eq!(loaded.summary.layers[1].parameters, 10 + 1, "ten weights and a bias");
    assert_eq!(loaded.summary.layers[0].parameters, 100 + 10);
    let told: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!((codes(&found), told), (vec!["W0403"], vec!["prior `pathways` repeats 90 pairs"]));
}

/// I2. GSNN made two edges of a pair that two tables named, PathExpSurv's mask held 2 where a name
/// was repeated, and a self-loop beside the identity gave Varmole's mask a 2.
#[test]
fn a_pair_that_two_priors_name_is_one_edge() {
    let files = [("pairs.tsv", "snp\tgene\ns1\tA\ns2\tA\ns2\tB\n"), ("more.edges", "s2\tB\ns2\tA\ns3\tB\n")];
    let spec = format!(
        "{HEAD}{PAIRS}prior more from edges \"more.edges\" : snp -> gene\nlayer gene : gene\n\
         link snps -> gene via pairs\nlink snps -> gene via more\npredict pheno.yield from gene\n"
    );
    let (loaded, found) = compiled(world(&variants(3), &files), &spec);
    let wanted = [("s1", "A"), ("s2", "A"), ("s2", "B"), ("s3", "B")];
    assert_eq!(edges_into(&loaded, "gene"), wanted.map(|(from, to)| (from.to_string(), to.to_string())));
    assert_eq!(codes(&found), ["W0403"]);
    let to_itself = format!("{HEAD}node a : gene\nlink snps -> a\nlink a -> a\npredict pheno.yield from a\n");
    assert_eq!(codes(&refused(world(&variants(3), &[]), &to_itself)), ["E0402"]);
}

/// I2. LEMBAS summed edges given twice, so that a sign of + and one of − became neither.
#[test]
fn a_pair_with_two_signs_is_refused() {
    let pairs = "snp\tgene\tsign\ns1\tA\t+\ns2\tA\t-\ns1\tA\t-\n";
    let spec = format!(
        "{HEAD}prior signed from tsv \"signed.tsv\" : snp -> gene {{\n\
           source = \"snp\"  target = \"gene\"  sign = \"sign\"  samples = none\n}}\nlayer gene : gene\n\
         link snps -> gene via signed {{ sign = hard }}\npredict pheno.yield from gene\n"
    );
    let found = refused(world(&variants(2), &[("signed.tsv", pairs)]), &spec);
    assert_eq!(codes(&found), ["E0404"], "{found:?}");
    let text = format!("{found:?}");
    assert!(text.contains("`s1`") && text.contains("`A`"), "{text}");
}

/// 400 markers in 40 genes, each of the genes in some of 8 sets.
fn sparse() -> [(&'static str, String); 2] {
    let genes = (0..400).map(|at| format!("s{}\tG{}\n", at + 1, (at * 7) % 40)).collect::<String>();
    let both = (0..400).step_by(9).map(|at| format!("s{}\tG{}\n", at + 1, (at * 7 + 11) % 40));
    let is_in = |gene: usize, set: usize| gene.is_multiple_of(set + 2) || gene % 8 == set;
    let member = |set: usize| (0..40).filter(move |gene| is_in(*gene, set)).map(|gene| format!("\tG{gene}"));
    let sets = (0..8).map(|set| format!("S{set}\tx{}\n", member(set).collect::<String>())).collect();
    [("pairs.tsv", format!("snp\tgene\n{genes}{}", both.collect::<String>())), ("sets.gmt", sets)]
}

fn sparse_spec(field: &str) -> String {
    format!(
        "{HEAD}{PAIRS}prior sets from gmt \"sets.gmt\" : gene -> pathway\n\
         layer gene : gene\nlayer pathway : pathway\nlink snps -> gene via pairs {{ {field} }}\n\
         link gene -> pathway via sets {{ {field} }}\npredict pheno.yield from pathway\n"
    )
}

fn sparse_network(field: &str) -> Loaded {
    let files = sparse();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    compiled(world(&variants(400), &files), &sparse_spec(field)).0
}

/// I5. Elsewhere a matrix was stored and a mask laid on it: in the training function alone (DrugCell,
/// NeST), after the step (MOViDA), between steps (LEMBAS, PathExpSurv). What was absent had a weight,
/// a moment and a share of the penalty, and the network that was called was not the one masked.
#[test]
fn an_absent_edge_has_no_weight_no_gradient_and_no_moment() {
    let loaded = sparse_network("");
    let [(_, pairs), (_, sets)] = sparse();
    let listed = pairs.lines().skip(1).collect::<BTreeSet<_>>().len()
        + sets.lines().map(|line| line.split('\t').count() - 2).sum::<usize>();
    let read_out = 8;
    assert_eq!(loaded.summary.edges, listed);
    assert_eq!(loaded.plan.weights, listed + read_out, "a weight an edge, and nothing beside");
    assert!(loaded.plan.weights * 20 < 400 * 40 + 40 * 8, "a dense network has twenty times as many");
    // Gradients and moments are vectors of this length; there is no other place for a weight.
    assert_eq!(Parameters::<f32>::zeros(&loaded.plan).weights.len(), listed + read_out);
    assert_eq!(edges(&loaded).len(), listed + read_out);
    let mut owners = vec![0; loaded.plan.weights];
    for block in &loaded.plan.blocks {
        assert_eq!(block.map_weights(), block.inputs * block.outputs);
        owners[block.first_weight..][..block.map_weights()].iter_mut().for_each(|owners| *owners += 1);
    }
    assert!(owners.iter().all(|owners| *owners == 1), "every slot belongs to one edge");
}

fn degrees(edges: &[(String, String)]) -> [BTreeMap<&str, usize>; 2] {
    let mut degrees = [BTreeMap::new(), BTreeMap::new()];
    for (from, to) in edges {
        *degrees[0].entry(from.as_str()).or_default() += 1;
        *degrees[1].entry(to.as_str()).or_default() += 1;
    }
    degrees
}

/// I13. GSNN's random graphs kept the number of edges and no degree, PiDeeL's never drew the last
/// pathway and had another number of edges each time, unseeded; VNNSurv's random mode read a table
/// that nothing wrote. Here the control is one field of the same link, in the same compiler.
#[test]
fn a_shuffled_control_keeps_every_degree_and_says_what_changed() {
    let real = sparse_network("");
    let control = sparse_network("randomize = permute(3)");
    for layer in ["gene", "pathway"] {
        let (real, control) = (edges_into(&real, layer), edges_into(&control, layer));
        assert_eq!(degrees(&real), degrees(&control), "each name has as many partners");
        let distinct: BTreeSet<_> = control.iter().collect();
        assert_eq!(distinct.len(), control.len(), "no pair twice");
        let kept = real.iter().filter(|edge| distinct.contains(edge)).count();
        assert!(kept * 2 < real.len(), "{kept} of {} edges are the same", real.len());
        let partners = |edges: &[(String, String)], of: &str| -> BTreeSet<String> {
            edges.iter().filter(|(_, to)| to == of).map(|(from, _)| from.clone()).collect()
        };
        let last = if layer == "gene" { "G39" } else { "S7" };
        assert_ne!(partners(&real, last), partners(&control, last), "the last one is shuffled too");
    }
    assert_eq!(control.summary.parameters, real.summary.parameters);
    let again = sparse_network("randomize = permute(3)");
    assert_eq!(again.plan, control.plan, "the same seed, the same control");
    assert_ne!(edges(&sparse_network("randomize = permute(4)")), edges(&control));

    // The statistic that is printed is the one that the plan shows.
    for layer in ["gene", "pathway"] {
        let (before, after) = (edges_into(&real, layer), edges_into(&control, layer));
        let changed = before.iter().filter(|edge| !after.contains(edge)).count();
        let said = format!("randomized: {changed} of {} pairs changed", before.len());
        let coverage = control.coverage();
        assert!(coverage.iter().any(|join| join.join.ends_with(&said)), "{said} in {coverage:?}");
    }
}
