//! A workload as the peers' programs write it, one array a file.
//!
//! With `w4.npy` it is the shape of private networks: each gene's own variants, hidden units and one
//! value, and two dense maps over all genes. Otherwise genes and pathways are maps to one value; which
//! variants a gene reads stands in `gene_snp.npy`, or, where each variant has one gene, in
//! `snp_gene.npy`.

use crate::network::{self, block, head};
use crate::npy::{Array, read};
use binnc::compiler::plan::Plan;
use binnc::data::PackedGenotypes;
use binnc::engine::network::Parameters;
use binnc::language::spec::Activation;
use std::path::{Path, PathBuf};

/// Arrays of a workload.
pub struct Workload {
    folder: PathBuf,
    geno: Array,
    pub pheno: Array,
    weights: Vec<Array>,
    pub order: Array,
}

impl Workload {
    pub fn read(folder: &Path) -> Self {
        let of = |name: &str| read(&folder.join(format!("{name}.npy")));
        let weights = ["w1", "w2", "w3", "w4"].into_iter();
        let weights = weights.filter(|name| folder.join(format!("{name}.npy")).exists());
        Self {
            folder: folder.to_owned(),
            geno: of("geno"),
            pheno: of("pheno"),
            weights: weights.map(of).collect(),
            order: of("order"),
        }
    }

    /// Counts of alleles as two-bit codes, variant by variant.
    pub fn packed(&self) -> PackedGenotypes {
        let [samples, variants] = self.geno.shape[..] else { panic!("samples by variants") };
        let width = samples.div_ceil(4);
        let mut bytes = vec![0; width * variants];
        for (sample, counts) in self.geno.bytes.chunks_exact(variants).enumerate() {
            for (variant, count) in counts.iter().enumerate() {
                let code = [0b11, 0b10, 0b00][usize::from(*count)];
                bytes[variant * width + sample / 4] |= code << (2 * (sample % 4));
            }
        }
        PackedGenotypes::new(samples, variants, bytes)
    }

    pub fn plan(&self) -> Plan {
        if self.is_private() { self.private_networks() } else { self.pathways() }
    }

    /// Genes in all.
    pub fn genes(&self) -> usize {
        if self.is_private() { self.weights[0].shape[0] } else { self.variants_of_genes().len() }
    }

    /// Biases start at 0.
    pub fn parameters(&self, plan: &Plan) -> Parameters<f32> {
        let weights = if self.is_private() {
            let (hidden, values) = (self.weights[0].floats(), self.weights[1].floats());
            let units = self.weights[1].shape[1];
            let of_genes = hidden.chunks_exact(hidden.len() / self.genes()).zip(values.chunks_exact(units));
            let mut weights: Vec<f32> =
                of_genes.flat_map(|(hidden, value)| hidden.iter().chain(value)).copied().collect();
            weights.extend(self.weights[2..].iter().flat_map(Array::floats));
            weights
        } else {
            self.weights.iter().flat_map(Array::floats).collect()
        };
        assert_eq!(weights.len(), plan.weights, "a weight an edge");
        Parameters { weights, ..Parameters::zeros(plan) }
    }

    fn is_private(&self) -> bool {
        self.weights.len() == 4
    }

    fn pathways(&self) -> Plan {
        let mut plan = network::inputs(self.geno.shape[1]);
        let genes: Vec<u32> = self
            .variants_of_genes()
            .iter()
            .flat_map(|variants| block(&mut plan, variants, 1, Activation::Tanh))
            .collect();
        let edges = read(&self.folder.join("gene_path.npy")).ints();
        let pairs = edges.as_chunks::<2>().0.iter().map(|[gene, path]| (*path, genes[*gene as usize]));
        let paths: Vec<u32> =
            grouped(pairs).iter().flat_map(|genes| block(&mut plan, genes, 1, Activation::Tanh)).collect();
        head(&mut plan, &paths);
        plan
    }

    fn private_networks(&self) -> Plan {
        let [_, units, variants] = self.weights[0].shape[..] else { panic!("genes, units, variants") };
        let all: Vec<u32> = (0..self.geno.shape[1] as u32).collect();
        let mut plan = network::inputs(all.len());
        let mut genes = Vec::new();
        for own in all.chunks_exact(variants) {
            let hidden = block(&mut plan, own, units, Activation::Sigmoid);
            genes.extend(block(&mut plan, &hidden, 1, Activation::Linear));
        }
        let top = block(&mut plan, &genes, self.weights[2].shape[0], Activation::Relu);
        head(&mut plan, &top);
        plan
    }

    fn variants_of_genes(&self) -> Vec<Vec<u32>> {
        let pairs = self.folder.join("gene_snp.npy");
        if !pairs.exists() {
            return grouped(read(&self.folder.join("snp_gene.npy")).ints().into_iter().zip(0..));
        }
        grouped(read(&pairs).ints().as_chunks::<2>().0.iter().map(|[gene, snp]| (*gene, *snp)))
    }
}

/// Members of each group, groups in order.
fn grouped(pairs: impl Iterator<Item = (u32, u32)>) -> Vec<Vec<u32>> {
    let mut groups: Vec<Vec<u32>> = Vec::new();
    for (group, member) in pairs {
        groups.resize_with(groups.len().max(group as usize + 1), Vec::new);
        groups[group as usize].push(member);
    }
    groups
}
