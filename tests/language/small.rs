//! Small specs against files in memory, and what was built of them, by name.
//!
//! No genotype is read unless a test says so; numbers are worked out by hand beside each test.

use binnc::cli::load::{Depth, Loaded, load, open};
use binnc::compiler::graph::InputRef;
use binnc::compiler::plan::{Block, Role};
use binnc::io::MemoryWorld;
use binnc::language::diagnostics::Diagnostics;
use std::path::Path;

pub const TABLE: &str = "IID\tyield\theight\tage\tfamily\tA\tB\n\
                     L1\t5\t180\t3\tred\t1\t2\nL2\t6\t175\t4\tgreen\t2\t1\nL3\t7\t190\t5\tblue\t3\t3\n";

pub const HEAD: &str = "binn 1\nmodel small\n\
    genotypes snps from plink \"panel.bed\"\n\
    table pheno from tsv \"pheno.tsv\" {\n\
      column yield : continuous  column height : continuous  column age : continuous\n\
      column family : categorical  column A : continuous  column B : continuous\n\
    }\n";

pub const PAIRS: &str =
    "prior pairs from tsv \"pairs.tsv\" : snp -> gene { source = \"snp\"  target = \"gene\" }\n";

/// A world with a panel of three lines, the table above, and more files.
pub fn world(bim: &str, files: &[(&str, &str)]) -> MemoryWorld {
    let with_table = MemoryWorld::default().with("data/pheno.tsv", TABLE);
    let world = files.iter().fold(with_table, |world, (name, text)| world.with(format!("data/{name}"), text));
    panel(world, "panel", bim)
}

/// A PLINK set of three lines; `bim` has `contig id position` a line.
pub fn panel(world: MemoryWorld, name: &str, bim: &str) -> MemoryWorld {
    let variants: Vec<Vec<&str>> = bim.lines().map(|line| line.split_whitespace().collect()).collect();
    let lines = variants.iter().map(|v| format!("{}\t{}\t0\t{}\tA\tG\n", v[0], v[1], v[2]));
    let bed: Vec<u8> = [0x6c, 0x1b, 0x01].into_iter().chain(variants.iter().map(|_| 0x0e)).collect();
    world
        .with(format!("data/{name}.bim"), lines.collect::<String>())
        .with(format!("data/{name}.fam"), "F\tL1\t0\t0\t0\t-9\nF\tL2\t0\t0\t0\t-9\nF\tL3\t0\t0\t0\t-9\n")
        .with(format!("data/{name}.bed"), bed)
}

pub fn compiled(world: MemoryWorld, spec: &str) -> (Loaded, Diagnostics) {
    let world = world.with("spec.binn", spec);
    let opened = open(&world, Path::new("spec.binn")).expect("the spec is there");
    let messages: Vec<&str> = opened.found.iter().map(|found| found.message.as_str()).collect();
    let spec = opened.spec.unwrap_or_else(|| panic!("lowers: {messages:?}"));
    load(&world, spec, Path::new("data"), Depth::Lists).unwrap_or_else(|found| panic!("compiles: {found:?}"))
}

/// `count` variants on contig 1, 1 kb apart from 1000 on: `s1`, `s2`, …
pub fn variants(count: usize) -> String {
    (1..=count).map(|at| format!("1 s{at} {}\n", 1000 * at)).collect()
}

/// Names of all that a node reads, in the order of its inputs.
pub fn reads(loaded: &Loaded, layer: &str, name: &str) -> Vec<String> {
    let graph = loaded.graph.graph();
    let node = graph
        .dag
        .node_indices()
        .find(|at| {
            &*graph.dag[*at].name == name && loaded.spec.layers[graph.dag[*at].layer].name.value == layer
        })
        .unwrap_or_else(|| panic!("`{name}` of `{layer}` is in the graph"));
    let inputs = graph.inputs[node.index()].iter().map(|input| match input {
        InputRef::Variant(set, at) => loaded.variants[*set][*at as usize].id.clone(),
        InputRef::Covariate(at) => graph.covariates[*at].1.clone(),
    });
    inputs.chain(graph.parents(node).into_iter().map(|parent| graph.dag[parent].name.to_string())).collect()
}

pub fn input_names(loaded: &Loaded) -> Vec<&str> {
    loaded.plan.segments.iter().filter(|s| s.role == Role::Input).map(|s| &*s.name).collect()
}

pub fn parameters(loaded: &Loaded) -> usize {
    loaded.plan.weights + loaded.plan.biases
}

/// What is said of a spec that does not compile.
pub fn refused(world: MemoryWorld, spec: &str) -> Diagnostics {
    let world = world.with("spec.binn", spec);
    let opened = open(&world, Path::new("spec.binn")).expect("the spec is there");
    let Some(spec) = opened.spec else { return opened.found };
    load(&world, spec, Path::new("data"), Depth::Lists).map(|_| ()).expect_err("is refused")
}

pub fn codes(found: &Diagnostics) -> Vec<&'static str> {
    found.iter().map(|found| found.code.name()).collect()
}

/// Every pair of rows that a weight of the plan joins, one entry a unit of the reader's first map,
/// as `(layer/name, layer/name)`; what a node's private network joins within itself is left out.
pub fn edges(loaded: &Loaded) -> Vec<(String, String)> {
    let plan = &loaded.plan;
    let mut names = vec![String::new(); plan.rows];
    for segment in &plan.segments {
        let name = format!("{}/{}", segment.layer, segment.name);
        names[segment.first_row..segment.first_row + segment.rows].fill(name);
    }
    let of_block = |block: &Block| {
        let reader = &names[block.first_output];
        let sources = plan.sources_of(block).iter().map(|row| &names[*row as usize]);
        sources.filter(move |source| *source != reader).map(move |source| (source.clone(), reader.clone()))
    };
    let mut edges: Vec<(String, String)> = plan.blocks.iter().flat_map(of_block).collect();
    edges.sort();
    edges
}

/// Edges into the nodes of one layer, in order, without the names of layers.
pub fn edges_into(loaded: &Loaded, layer: &str) -> Vec<(String, String)> {
    let own = format!("{layer}/");
    let bare = |name: &str| name.split_once('/').map_or(name, |(_, name)| name).to_string();
    let into = edges(loaded).into_iter().filter(|(_, to)| to.starts_with(&own));
    into.map(|(from, to)| (bare(&from), bare(&to))).collect()
}
