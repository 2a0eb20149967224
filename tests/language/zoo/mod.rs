//! Published models as short specs: each compiles clean, to just the weights that its paper implies.
//!
//! What is expected is reckoned from the prior files by readers of this test's own, or from
//! published sizes; nothing here asks the compiler what it found.

mod files;

use std::path::{Path, PathBuf};

use binnc::cli::load::{Depth, Loaded, load, open};
use binnc::io::{Disk, World};
use files::{Pairs, columns, edges, gmt, measured, sources, table, targets, terms, text};

const ZOO: &str = "specs/zoo";
const MODELS: [&str; 9] =
    ["binn_maize", "drugcell", "gennet", "kpnn", "netgp", "pathhdnn", "pnet", "varmole", "vnnsurv"];

/// Weights and biases; gains of normalised units are weights.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Numbers {
    weights: usize,
    biases: usize,
}

impl Numbers {
    /// So many of the same.
    fn times(self, count: usize) -> Self {
        Self { weights: count * self.weights, biases: count * self.biases }
    }
}

impl std::ops::Add for Numbers {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { weights: self.weights + other.weights, biases: self.biases + other.biases }
    }
}

/// Units that read so many values in all.
fn units(count: usize, reads: usize) -> Numbers {
    Numbers { weights: reads, biases: count }
}

/// A gain for each of so many normalised units.
fn gains(count: usize) -> Numbers {
    Numbers { weights: count, biases: 0 }
}

/// A fully connected network from `sizes[0]` values on.
fn dense(sizes: &[usize]) -> Numbers {
    sizes.windows(2).map(|pair| units(pair[1], pair[0] * pair[1])).fold(units(0, 0), |all, one| all + one)
}

/// One read-out of so many values for one trait.
fn read_out(values: usize) -> Numbers {
    dense(&[values, 1])
}

fn compiled(path: &Path) -> Loaded {
    let opened = open(&Disk, path).expect("the spec opens");
    assert!(opened.found.is_empty(), "{}: {:?}", path.display(), opened.found);
    let spec = opened.spec.expect("it lowers");
    let (loaded, found) = load(&Disk, spec, Path::new(ZOO), Depth::Lists)
        .unwrap_or_else(|found| panic!("{} compiles: {found:?}", path.display()));
    assert!(found.is_empty(), "{} is clean: {found:?}", path.display());
    loaded
}

fn spec(model: &str) -> PathBuf {
    Path::new(ZOO).join(format!("{model}.binn"))
}

fn agrees(model: &str, expected: Numbers) {
    let plan = compiled(&spec(model)).plan;
    assert_eq!(Numbers { weights: plan.weights, biases: plan.biases }, expected, "{model}");
}

#[test]
fn every_spec_of_the_zoo_has_a_test_here() {
    let mut found: Vec<String> = Disk
        .list(Path::new(ZOO))
        .expect("the zoo")
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "binn"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_string()))
        .collect();
    found.sort();
    assert_eq!(found, MODELS);
}

#[test]
fn binn_maize_has_the_published_size() {
    let gene = dense(&[20, 128, 1]);
    assert_eq!(gene.weights + gene.biases, 20 * 128 + 128 + 128 + 1);
    let expected = gene.times(1041) + dense(&[1041, 128, 1]);
    assert_eq!(expected.weights + expected.biases, 3_066_002);
    agrees("binn_maize", expected);
    let pairs = table("binn_maize_eqtl.tsv.gz");
    assert_eq!((pairs.len(), targets(&pairs).len()), (1041 * 20, 1041));
}

#[test]
fn gennet_has_one_weight_a_pair_of_names() {
    let layer = |from: usize| columns("gennet_topology.csv.gz", 1, ',', 2 * from, 2 * from + 2);
    let layers: Vec<Pairs> = (1..4).map(layer).collect();
    let nodes: Vec<usize> = layers.iter().map(|pairs| targets(pairs).len()).collect();
    let graph = layers.iter().zip(&nodes).map(|(pairs, nodes)| units(*nodes, pairs.len()) + gains(*nodes));
    // The trait reads the groups, age and sex.
    agrees("gennet", graph.fold(read_out(nodes[2] + 2), |all, layer| all + layer));
}

#[test]
fn pnet_has_three_inputs_a_gene_and_a_head_a_level() {
    let mutated = table("mutations.tsv.gz");
    let genes = targets(&mutated).len();
    assert_eq!((measured("amplification.tsv.gz"), measured("deletion.tsv.gz")), (genes, genes));
    let pathways = terms(&reactome(), &gmt("reactome_genes.gmt"), 5, false);
    assert_eq!(pathways.levels.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let heads = pathways.levels.values().map(|level| read_out(*level));
    let expected = units(genes, mutated.len() + 2 * genes)
        + units(pathways.count(), pathways.members.len() + pathways.edges.len())
        + read_out(genes);
    agrees("pnet", heads.fold(expected, |all, head| all + head));
}

#[test]
fn drugcell_has_six_units_a_process_at_any_depth() {
    let annotated = columns("go.gaf.gz", 1, '\t', 2, 4);
    let genes = sources(&annotated);
    let mut mutated = table("mutations.tsv.gz");
    mutated.retain(|(_, gene)| genes.contains(gene));
    let processes = terms(&ontology(), &annotated, usize::MAX, false);
    assert!(processes.levels.len() > 4 && processes.levels[&1] == 1, "one root: {:?}", processes.levels);
    let reads = 6 * processes.members.len() + 6 * 6 * processes.edges.len();
    let drug = dense(&[8, 100, 50, 6]) + gains(100 + 50);
    let head = dense(&[6 + 6, 6]) + gains(6);
    let heads = processes.levels.values().map(|level| read_out(6 * level));
    let expected = units(genes.len(), mutated.len())
        + units(6 * processes.count(), reads)
        + gains(6 * processes.count())
        + drug
        + head
        + read_out(6)
        + read_out(genes.len())
        + read_out(6);
    agrees("drugcell", heads.fold(expected, |all, head| all + head));
}

#[test]
fn kpnn_has_one_unit_a_protein_and_two_named_outputs() {
    let (eqtl, regulators) = (table("eqtl.tsv.gz"), edges("targets.edges"));
    let genes = measured("expression.tsv.gz");
    let proteins = terms(&edges("signalling.edges"), &regulators, usize::MAX, false);
    assert_eq!(proteins.levels[&1], 2, "TCR and BCR");
    let expected = units(genes, eqtl.len() + genes)
        + units(proteins.count(), regulators.len() + proteins.edges.len())
        + read_out(1)
        + read_out(1);
    agrees("kpnn", expected);
    let plan = compiled(&spec("kpnn")).plan;
    for (head, receptor) in plan.heads.iter().zip(["TCR", "BCR"]) {
        let block =
            plan.blocks.iter().find(|block| block.first_output == head.first_row).expect("a read-out");
        let read = plan.sources_of(block)[0] as usize;
        let segment = plan.segments.iter().find(|segment| segment.first_row == read).expect("a name");
        assert_eq!(&*segment.name, receptor);
    }
}

#[test]
fn varmole_reads_variants_and_expression() {
    let (eqtl, regulation) = (table("eqtl.tsv.gz"), edges("regulation.edges"));
    let (genes, regulators) = (measured("expression.tsv.gz"), measured("regulators.tsv.gz"));
    let expected = dense(&[1, 1]).times(regulators)
        + units(genes, eqtl.len() + genes + regulation.len())
        + dense(&[genes, 100, 20, 1]);
    agrees("varmole", expected);
}

#[test]
fn pathhdnn_carries_members_to_every_ancestor() {
    let mutated = table("mutations.tsv.gz");
    let genes = targets(&mutated).len();
    let pathways = terms(&reactome(), &gmt("reactome_genes.gmt"), 4, true);
    let expected = units(genes, mutated.len() + 2 * genes)
        + units(pathways.count(), pathways.members.len() + pathways.edges.len())
        + dense(&[pathways.levels[&1], 32, 1]);
    agrees("pathhdnn", expected);
}

#[test]
fn vnnsurv_is_wider_where_pathways_are_larger() {
    let (near, members) = (table("vnnsurv_variants.tsv"), gmt("vnnsurv_pathways.gmt"));
    let genes = targets(&near).len();
    assert_eq!((genes, targets(&members).len()), (117, 101 + 1), "the published size");
    let width = |pathway: &String| match members.iter().filter(|(_, set)| set == pathway).count() {
        ..=6 => 10,
        7..=20 => 24,
        _ => 52,
    };
    let inside = edges("vnnsurv_within.edges");
    let across =
        ["small_medium", "small_large", "medium_large"].map(|bands| edges(&format!("vnnsurv_{bands}.edges")));
    let between: usize = inside.iter().chain(across.iter().flatten()).map(|(c, p)| width(c) * width(p)).sum();
    let from_genes: usize = members.iter().map(|(_, pathway)| width(pathway)).sum();
    let all: usize = targets(&members).iter().map(width).sum();
    let expected =
        units(genes, near.len() + genes) + units(all, from_genes + between) + dense(&[52 + 2, 16, 1]);
    agrees("vnnsurv", expected);
}

#[test]
fn netgp_reads_variants_near_genes_and_leaves_none_out() {
    let (bim, gff) = (text("maize.bim"), text("netgp_genes.gff3"));
    let variants: Vec<(&str, u64)> = bim
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|fields| (fields[0], fields[3].parse().expect("a position")))
        .collect();
    let genes: Vec<(&str, u64, u64)> = gff
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|f| (f[0], f[3].parse().expect("a start"), f[4].parse().expect("an end")))
        .collect();
    let near = |variant: &(&str, u64), gene: &(&str, u64, u64)| {
        variant.0 == gene.0 && variant.1 + 2000 >= gene.1 && variant.1 <= gene.2 + 2000
    };
    let joined = genes.iter().map(|gene| variants.iter().filter(|v| near(v, gene)).count()).sum();
    let mapped = variants.iter().filter(|variant| genes.iter().any(|gene| near(variant, gene))).count();
    let network = edges("netgp_network.edges");
    let modules = targets(&network).len();
    // The linear background is a part of the trait's own read-out.
    let expected = units(genes.len(), joined)
        + units(0, measured("netgp_expression.tsv.gz"))
        + units(modules, network.len())
        + dense(&[modules, 64, 16])
        + read_out(16 + variants.len() - mapped);
    agrees("netgp", expected);
}

/// Child and parent, from a file of parent and child.
fn reactome() -> Pairs {
    columns("reactome_relations.txt", 0, '\t', 1, 0)
}

/// Child and parent by `is_a` and `part_of`.
fn ontology() -> Pairs {
    let (mut pairs, mut term) = (Pairs::new(), String::new());
    for line in text("go.obo.gz").lines() {
        if let Some(id) = line.strip_prefix("id: ") {
            term = id.to_string();
        }
        let parent = line.strip_prefix("is_a: ").or(line.strip_prefix("relationship: part_of "));
        pairs.extend(parent.map(|parent| (term.clone(), parent.to_string())));
    }
    pairs
}
