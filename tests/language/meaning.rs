//! What a spec means: edges, rows and parameters, against numbers worked out by hand.
//!
//! Every test compiles a small spec against files in memory; no genotype is ever read.

use binnc::compiler::plan::{Input, Role, plan_digest};
use binnc::language::spec::digest::SpecDigests;

use crate::small::{HEAD, PAIRS, compiled, input_names, panel, parameters, reads, variants, world};

#[test]
fn private_networks_have_their_own_weights() {
    let pairs = "snp\tgene\ns1\tA\ns2\tA\ns3\tA\ns3\tB\ns4\tB\n";
    let spec = format!(
        "{HEAD}{PAIRS}layer gene : gene {{ network = fcn(16, 8, activation = gelu) }}\n\
         node head : integrator {{ network = fcn(32, 16) }}\n\
         link snps -> gene via pairs\nlink gene -> head\npredict pheno.yield from head\n"
    );
    let (loaded, found) = compiled(world(&variants(5), &[("pairs.tsv", pairs)]), &spec);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(reads(&loaded, "gene", "A"), ["s1", "s2", "s3"]);
    assert_eq!(reads(&loaded, "gene", "B"), ["s3", "s4"]);
    let gene = |variants: usize| (variants * 16 + 16) + (16 * 8 + 8) + (8 + 1);
    let head = (2 * 32 + 32) + (32 * 16 + 16);
    let readout = 16 + 1;
    assert_eq!((gene(3), gene(2), head), (209, 193, 624));
    assert_eq!(parameters(&loaded), 209 + 193 + 624 + readout);
    assert_eq!(loaded.summary.layers[0].parameters, 209 + 193);
    assert_eq!(loaded.summary.layers[1].parameters, 624, "no last map: `predict` alone reads it");
    assert_eq!(input_names(&loaded), ["s1", "s2", "s3", "s4"], "s5 is linked to nothing");
}

#[test]
fn the_published_maize_model_in_small() {
    let pairs: String = (0..60)
        .map(|at| format!("s{}\tG{}\n", at + 1, at / 20 + 1))
        .fold("snp\tgene\n".into(), |all, l| all + &l);
    let spec = format!(
        "{HEAD}{PAIRS}layer gene : gene {{ network = fcn(128, activation = sigmoid) }}\n\
         node integrator : integrator {{ network = fcn(128, activation = relu) }}\n\
         link snps -> gene via pairs\nlink gene -> integrator\npredict pheno.yield from integrator\n"
    );
    let (loaded, _) = compiled(world(&variants(60), &[("pairs.tsv", &pairs)]), &spec);
    let gene = 20 * 128 + 128 + 128 + 1;
    let integrator = 3 * 128 + 128 + 128 + 1;
    assert_eq!((gene, integrator), (2817, 641));
    assert_eq!(parameters(&loaded), 3 * gene + integrator);
    assert_eq!(loaded.summary.edges, 60 + 3);
    let rows = 60 + 3 * (128 + 1) + 128 + 1;
    assert_eq!(loaded.plan.rows, rows);
}

#[test]
fn the_last_map_is_there_for_readers_other_than_predict() {
    let spec = |more: &str| {
        format!(
            "{HEAD}node A, B : gene {{ network = fcn(4) }}\nlink snps -> A, B\nlink A -> B\n\
             predict pheno.yield from A, B\n{more}"
        )
    };
    let (loaded, _) = compiled(world(&variants(5), &[]), &spec(""));
    let a = (5 * 4 + 4) + (4 + 1);
    let b = 6 * 4 + 4;
    assert_eq!(parameters(&loaded), a + b + (1 + 4 + 1), "A gives its unit, B its hidden layer");
    let (loaded, _) = compiled(world(&variants(5), &[]), &spec("supervise B by pheno.B\n"));
    let b = b + (4 + 1);
    assert_eq!(parameters(&loaded), a + b + (1 + 1 + 1) + (1 + 1), "and the measurement its own read-out");
    assert_eq!(loaded.plan.supervisions[0].latents[0].node, "B");
}

#[test]
fn a_linear_node_read_by_predict_is_the_read_out() {
    let spec = format!(
        "{HEAD}{PAIRS}layer gene : gene\nnode residual : polygenic {{ network = linear }}\n\
         link snps -> gene via pairs\nlink snps.unmapped -> residual\n\
         predict pheno.yield, pheno.height from gene, residual\n"
    );
    let pairs = "snp\tgene\ns1\tA\ns3\tB\n";
    let (loaded, found) = compiled(world(&variants(5), &[("pairs.tsv", pairs)]), &spec);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(reads(&loaded, "residual", "residual"), ["s2", "s4", "s5"]);
    let genes = 2 * (1 + 1);
    let readouts = 2 * (2 + 3) + 2;
    assert_eq!(parameters(&loaded), genes + readouts);
    assert_eq!(loaded.plan.blocks.len(), 3);
}

#[test]
fn levels_may_be_skipped() {
    let files = [("pairs.tsv", "snp\tgene\ns1\tA\ns2\tB\ns3\tC\n"), ("sets.gmt", "P\tx\tA\nQ\tx\tA\tB\n")];
    let spec = format!(
        "{HEAD}{PAIRS}prior sets from gmt \"sets.gmt\" : gene -> pathway\n\
         layer gene : gene\nlayer pathway : pathway\nnode head : integrator\n\
         link pathway, gene.unmapped -> head\nlink gene -> pathway via sets\nlink snps -> gene via pairs\n\
         predict pheno.yield from head\n"
    );
    let (loaded, _) = compiled(world(&variants(3), &files), &spec);
    let mut read = reads(&loaded, "head", "head");
    read.sort();
    assert_eq!(read, ["C", "P", "Q"]);
    assert_eq!(reads(&loaded, "pathway", "Q"), ["A", "B"]);
}

#[test]
fn two_links_from_unmapped_read_the_same() {
    let spec = format!(
        "{HEAD}{PAIRS}layer gene : gene\nnode one, two : integrator\n\
         link snps.unmapped -> one\nlink snps.unmapped -> two\nlink snps -> gene via pairs\n\
         predict pheno.yield from gene, one, two\n"
    );
    let (loaded, _) = compiled(world(&variants(3), &[("pairs.tsv", "snp\tgene\ns1\tA\n")]), &spec);
    assert_eq!(reads(&loaded, "one", "one"), ["s2", "s3"]);
    assert_eq!(reads(&loaded, "one", "two"), ["s2", "s3"]);
}

#[test]
fn a_layer_fed_by_unmapped_is_complete_before_it_is_read() {
    let files =
        [("pairs.tsv", "snp\tgene\ns1\tA\ns2\tB\n"), ("sets.gmt", "P\tx\tA\n"), ("rest.gmt", "M\tx\tB\n")];
    let spec = format!(
        "{HEAD}{PAIRS}prior sets from gmt \"sets.gmt\" : gene -> pathway\n\
         prior rest from gmt \"rest.gmt\" : gene -> module\n\
         layer module : module\nlayer gene : gene\nlayer pathway : pathway\nnode head : integrator\n\
         link module, pathway -> head\nlink gene.unmapped -> module via rest\n\
         link gene where id == A -> pathway via sets\nlink snps -> gene via pairs\n\
         predict pheno.yield from head\n"
    );
    let (loaded, found) = compiled(world(&variants(2), &files), &spec);
    assert!(found.is_empty(), "{found:?}");
    let mut read = reads(&loaded, "head", "head");
    read.sort();
    assert_eq!(read, ["M", "P"]);
}

#[test]
fn covariates_are_one_row_or_one_a_level_but_the_first() {
    let spec = format!(
        "{HEAD}node head : integrator {{ width = 2 }}\nlink snps, pheno.age, pheno.family -> head\n\
         predict pheno.yield from head\n"
    );
    let (loaded, _) = compiled(world(&variants(2), &[]), &spec);
    assert_eq!(input_names(&loaded), ["s1", "s2", "age", "family=green", "family=red"]);
    let level = |level: &str| Input::Column { table: 0, column: "family".into(), level: Some(level.into()) };
    assert_eq!(loaded.plan.inputs[3..], [level("green"), level("red")]);
    assert_eq!(parameters(&loaded), (5 * 2 + 2) + (2 + 1));
}

#[test]
fn all_to_all_links_wait_for_the_nodes_of_a_layer() {
    let spec = format!(
        "{HEAD}{PAIRS}layer gene : gene\nlink pheno.age -> gene\nlink snps -> gene via pairs\n\
         predict pheno.yield from gene\n"
    );
    let (loaded, _) = compiled(world(&variants(2), &[("pairs.tsv", "snp\tgene\ns1\tA\ns2\tB\n")]), &spec);
    assert_eq!(reads(&loaded, "gene", "A"), ["s1", "age"]);
    assert_eq!(reads(&loaded, "gene", "B"), ["s2", "age"]);
}

#[test]
fn nodes_and_columns_pair_by_name() {
    let spec = format!(
        "{HEAD}node B, A : gene\nlink snps -> A, B\npredict pheno.yield from A, B\n\
         supervise B, A by pheno.A, pheno.B {{ weight = 0.5 }}\n"
    );
    let (loaded, found) = compiled(world(&variants(2), &[]), &spec);
    assert!(found.is_empty(), "{found:?}");
    let supervision = &loaded.plan.supervisions[0];
    let pairs: Vec<_> = supervision.latents.iter().map(|l| (l.node.as_str(), l.column.as_str())).collect();
    assert_eq!(pairs, [("B", "B"), ("A", "A")]);
    assert_eq!(supervision.weight, 0.5);
    for latent in &supervision.latents {
        let row = loaded.plan.segments.iter().find(|s| s.role == Role::Latent && *s.name == *latent.node);
        assert_eq!(row.map(|s| s.first_row), Some(latent.latent_row));
    }
}

#[test]
fn wide_nodes_have_a_block_an_edge() {
    let files = [("pairs.tsv", "snp\tgene\ns1\tA\ns2\tA\ns3\tB\n"), ("sets.gmt", "P\tx\tA\tB\nQ\tx\tB\n")];
    let spec = format!(
        "{HEAD}{PAIRS}prior sets from gmt \"sets.gmt\" : gene -> pathway\n\
         layer gene : gene {{ width = 3 }}\nlayer pathway : pathway {{ width = 2 }}\n\
         link snps -> gene via pairs\nlink gene -> pathway via sets\npredict pheno.yield from pathway\n"
    );
    let (loaded, _) = compiled(world(&variants(3), &files), &spec);
    let genes = (2 * 3 + 3) + (3 + 3);
    let pathways = (6 * 2 + 2) + (3 * 2 + 2);
    assert_eq!(parameters(&loaded), genes + pathways + (4 + 1));
}

const GENES: &str = "gene\tchr\tstart\tend\tstrand\nF\t1\t100000\t110000\t+\nR\t1\t100000\t110000\t-\n\
                     O\t1\t109000\t120000\t+\n";
const INTERVALS: &str = "prior genes from tsv \"genes.tsv\" : region -> gene {\n\
    id = \"gene\"  chrom = \"chr\"  start = \"start\"  end = \"end\"  strand = \"strand\" }\n";

#[test]
fn windows_know_upstream_from_downstream() {
    let bim = "1 far 89999\n1 left 90000\n1 near 99000\n1 inside 105000\n1 shared 109500\n1 right 110500\n\
               1 edge 111000\n1 beyond 121001\n2 other 105000\n";
    let spec = format!(
        "{HEAD}{INTERVALS}layer gene : gene\n\
         link snps -> gene via window(genes, upstream = 10kb, downstream = 1kb)\npredict pheno.yield from gene\n"
    );
    let (loaded, _) = compiled(world(bim, &[("genes.tsv", GENES)]), &spec);
    assert_eq!(reads(&loaded, "gene", "F"), ["left", "near", "inside", "shared", "right", "edge"]);
    assert_eq!(
        reads(&loaded, "gene", "R"),
        ["near", "inside", "shared", "right", "edge"],
        "from 99 to 120 kb"
    );
    assert_eq!(
        reads(&loaded, "gene", "O"),
        ["near", "inside", "shared", "right", "edge"],
        "from 99 to 121 kb"
    );
    assert_eq!(loaded.summary.variants, 6, "a shared variant is one input");
}

#[test]
fn sizes_count_matched_members_alone() {
    let files = [
        ("pairs.tsv", "snp\tgene\ns1\tA\ns2\tB\ns3\tC\n"),
        ("sets.gmt", "one\tx\tA\tX\tY\ntwo\tx\tA\tB\nthree\tx\tA\tB\tC\n"),
    ];
    let spec = format!(
        "{HEAD}{PAIRS}prior sets from gmt \"sets.gmt\" : gene -> pathway\n\
         layer gene : gene\nlayer pathway : pathway\nlink snps -> gene via pairs\n\
         link gene -> pathway via sets {{ min_size = 2  max_size = 2  unmatched = ignore }}\n\
         predict pheno.yield from pathway\n"
    );
    let (loaded, found) = compiled(world(&variants(3), &files), &spec);
    assert_eq!(reads(&loaded, "pathway", "two"), ["A", "B"]);
    assert_eq!(loaded.summary.layers[1].nodes, 1);
    let codes: Vec<&str> = found.iter().map(|found| found.code.name()).collect();
    assert_eq!(codes, ["W0409", "W0406"]);
}

#[test]
fn filters_choose_variants_and_nodes() {
    let bim = "1 a 1000\n1 b 2000\n2 c 1000\n2 d 5000\n3 e 1000\n";
    let spec = format!(
        "{HEAD}node low, rest, head : integrator\n\
         link snps where chrom in [1, 2] and pos < 2kb -> low\nlink snps where id != e -> rest\n\
         link low, rest -> head\npredict pheno.yield from head\n"
    );
    let (loaded, _) = compiled(world(bim, &[]), &spec);
    assert_eq!(reads(&loaded, "low", "low"), ["a", "c"]);
    assert_eq!(reads(&loaded, "low", "rest"), ["a", "b", "c", "d"]);
}

#[test]
fn two_sets_stand_side_by_side() {
    let spec = format!(
        "{HEAD}genotypes chip from plink \"chip.bed\"\n{PAIRS}layer gene : gene\n\
         link snps, chip -> gene via pairs\npredict pheno.yield from gene\n"
    );
    let world = world(&variants(2), &[("pairs.tsv", "snp\tgene\ns1\tA\nc1\tA\ns2\tB\n")]);
    let (loaded, found) = compiled(panel(world, "chip", "2 c1 10\n2 c2 20\n"), &spec);
    assert!(found.is_empty(), "a name of either set is matched: {found:?}");
    assert_eq!(reads(&loaded, "gene", "A"), ["s1", "c1"]);
    assert_eq!(loaded.plan.inputs[2], Input::Variant { set: 1, index: 0 });
}

#[test]
fn sex_chromosomes_stay_out_unless_named() {
    let bim = "1 a 10\nX x 10\nY y 10\nMT m 10\n0 u 0\n";
    let rest = "node head : integrator\nlink snps -> head\npredict pheno.yield from head\n";
    let (loaded, found) = compiled(world(bim, &[]), &format!("{HEAD}{rest}"));
    assert_eq!(input_names(&loaded), ["a"]);
    assert_eq!(found.iter().map(|found| found.code.name()).collect::<Vec<_>>(), ["W0321"]);
    let kept = HEAD.replace("\"panel.bed\"", "\"panel.bed\" { keep = chrom in [1, X, MT, \"0\"] }");
    let (loaded, found) = compiled(world(bim, &[]), &format!("{kept}{rest}"));
    assert_eq!(input_names(&loaded), ["a", "x", "m", "u"]);
    assert!(found.is_empty(), "{found:?}");
}

const SMALL: &str = "layer gene : gene { network = fcn(4) }\nnode head : integrator\n\
    link snps -> gene via pairs\nlink gene -> head\npredict pheno.yield from head\n\
    train { epochs = 5 }\n";
const SMALL_PAIRS: &str = "snp\tgene\ns1\tA\ns2\tA\ns3\tB\n";

fn digests(pairs: &str, rest: &str) -> (SpecDigests, String, String) {
    let (loaded, _) = compiled(world(&variants(4), &[("pairs.tsv", pairs)]), &format!("{HEAD}{PAIRS}{rest}"));
    (SpecDigests::of(&loaded.spec), loaded.plan.graph_digest.clone(), plan_digest(&loaded.plan))
}

#[test]
fn layout_of_the_text_changes_no_digest() {
    let plain = digests(SMALL_PAIRS, SMALL);
    let spaced =
        SMALL.replace('\n', "  # a comment\n\n").replace(" -> ", "\n    ->   ").replace("{ ", "{\n\t");
    assert_eq!(plain, digests(SMALL_PAIRS, &spaced));
    assert!(SMALL.contains("epochs = 5"));
    let allowing = SMALL.replace("epochs = 5", "epochs = 5  allow = [W0307, \"sets-with-same-members\"]");
    assert_eq!(plain, digests(SMALL_PAIRS, &allowing), "what is allowed is no part of what is computed");
}

#[test]
fn each_concern_has_its_digest() {
    let (spec, graph, plan) = digests(SMALL_PAIRS, SMALL);
    let (longer, same_graph, same_plan) = digests(SMALL_PAIRS, &SMALL.replace("epochs = 5", "epochs = 6"));
    assert_eq!((&graph, &plan), (&same_graph, &same_plan));
    assert_eq!(SpecDigests { procedure: spec.procedure.clone(), ..longer.clone() }, spec);
    assert_ne!(longer.procedure, spec.procedure);

    let (wider, same_graph, other_plan) = digests(SMALL_PAIRS, &SMALL.replace("fcn(4)", "fcn(5)"));
    assert_eq!(graph, same_graph, "who reads whom is the same");
    assert_ne!(plan, other_plan);
    assert_eq!(SpecDigests { architecture: spec.architecture.clone(), ..wider.clone() }, spec);
    assert_ne!(wider.architecture, spec.architecture);

    let (same_spec, other_graph, _) = digests(&SMALL_PAIRS.replace("s3\tB", "s4\tB"), SMALL);
    assert_eq!(same_spec, spec);
    assert_ne!(graph, other_graph);
}

#[test]
fn order_of_items_changes_no_edge() {
    let (_, graph, _) = digests(SMALL_PAIRS, SMALL);
    let lines: Vec<&str> = SMALL.lines().collect();
    let turned = [lines[5], lines[4], lines[3], lines[2], lines[0], lines[1]].join("\n");
    assert_eq!(digests(SMALL_PAIRS, &turned).1, graph);
}

#[test]
fn nodes_of_one_name_in_two_layers_are_told_apart() {
    let spec = |from: &str| {
        format!(
            "{HEAD}{PAIRS}layer gene : gene\nlayer copy : gene\nnode head : integrator\n\
             link snps -> gene via pairs\nlink snps -> copy via pairs\n\
             link {from} -> head\npredict pheno.yield from head, gene, copy\n"
        )
    };
    let digest = |from| {
        compiled(world(&variants(2), &[("pairs.tsv", "snp\tgene\ns1\tA\ns2\tB\n")]), &spec(from))
            .0
            .plan
            .graph_digest
    };
    assert_ne!(digest("gene"), digest("copy"));
}
