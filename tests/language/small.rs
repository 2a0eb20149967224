//! Small specs against files in memory, and what was built of them, by name.
//!
//! No genotype is read unless a test says so; numbers are worked out by hand beside each test.

use binnc::cli::load::{Depth, Loaded, load, open};
use binnc::compiler::graph::InputRef;
use binnc::compiler::plan::Role;
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
