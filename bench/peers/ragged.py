"""Workload R: genes of very different sizes that share variants. Written once, in the peers' format.

Gene sizes are log-normal around 5 variants, up to 1,000; a fifth of all variants belongs to the next
gene as well. `gene_snp.npy` holds the pairs (gene, variant), genes in order; everything else stands in
files of the names that the peers' `common.py` uses, with its seeds of orders.

usage: ragged.py PEERS_FOLDER torch-padded+compile|torch-segsum|jax-bcoo      (trains a peer)

The peers' programs give each variant one gene, so their first level cannot be used as it is; their
`SegSum` and `Padded` layers, steps, protocol and report can.
"""

import os
import sys
from pathlib import Path

import numpy as np

NAME = "R"
SIZES = dict(n=5_000, snps=100_000, pathways=300, per_path=50, epochs=3)
SHARED = 0.2
LARGEST = 1_000
SEED = 20_241


def generate(common):
    """Writes the workload into the peers' folder of data, unless it is there."""
    folder = Path(common.scratch()) / f"{NAME}-{SEED}"
    if (folder / "done").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    gene_snp = genes_and_variants(random, SIZES["snps"])
    genes = int(gene_snp[-1, 0]) + 1
    gene_path = genes_and_pathways(random, genes)
    calls = counts_of_alleles(random, SIZES["n"], SIZES["snps"])
    np.save(folder / "geno.npy", calls)
    np.save(folder / "gene_snp.npy", gene_snp)
    np.save(folder / "gene_path.npy", gene_path)
    np.save(folder / "pheno.npy", trait(random, calls))
    for name, groups in [("w1", gene_snp[:, 0]), ("w2", gene_path[:, 1])]:
        np.save(folder / f"{name}.npy", weights(random, np.bincount(groups)[groups]))
    np.save(folder / "w3.npy", weights(random, np.full(SIZES["pathways"], SIZES["pathways"])))
    (folder / "done").write_text("ok\n")
    return folder


def genes_and_variants(random, snps):
    """Pairs (gene, variant): runs of variants, and a fifth of each run in the next gene too."""
    sizes = []
    while sum(sizes) < snps:
        sizes.append(int(np.clip(np.round(np.exp(random.normal(np.log(5), 1.2))), 1, LARGEST)))
    sizes[-1] -= sum(sizes) - snps
    gene = np.repeat(np.arange(len(sizes)), sizes)
    also = np.flatnonzero((random.random(snps) < SHARED) & (gene < len(sizes) - 1))
    pairs = np.concatenate([np.stack([gene, np.arange(snps)], 1), np.stack([gene[also] + 1, also], 1)])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].astype(np.int32)


def genes_and_pathways(random, genes):
    """Pairs (gene, pathway), pathways in order: each gene in one, then others until they are full."""
    home = random.permutation(np.arange(genes) % SIZES["pathways"])
    pairs = []
    for path in range(SIZES["pathways"]):
        own = np.flatnonzero(home == path)
        others = random.permutation(np.flatnonzero(home != path))[: max(0, SIZES["per_path"] - len(own))]
        pairs += [(gene, path) for gene in np.sort(np.concatenate([own, others]))]
    return np.array(pairs, np.int32)


def counts_of_alleles(random, samples, snps):
    frequency = random.uniform(0.05, 0.5, snps).astype(np.float32)
    calls = np.empty((samples, snps), np.int8)
    for row in calls:
        first, second = random.random((2, snps), dtype=np.float32) < frequency
        row[:] = first.astype(np.int8) + second
    return calls


def trait(random, calls):
    """Half genetic, from 200 variants."""
    causal = random.choice(calls.shape[1], 200, replace=False)
    genetic = calls[:, causal].astype(np.float32) @ random.normal(size=200).astype(np.float32)
    y = (genetic - genetic.mean()) / genetic.std() + random.normal(size=len(calls))
    return ((y - y.mean()) / y.std()).astype(np.float32)


def weights(random, fan_in):
    return (random.uniform(-1, 1, len(fan_in)) / np.sqrt(fan_in)).astype(np.float32)


def data_class(common):
    class Ragged(common.Data):
        """As the peers' `Data`, with pairs for the first level."""

        def __init__(self, name=NAME):
            folder = generate(common)
            self.name, self.dir, self.rss_import_mb = name, str(folder), common.rss_mb()
            self.__dict__.update(SIZES)
            load = lambda file: np.load(folder / f"{file}.npy")  # noqa: E731
            self.x, self.y = load("geno"), load("pheno")
            self.gene, self.variant = load("gene_snp").astype(np.int64).T.copy()
            self.edge_gene, self.edge_path = load("gene_path").astype(np.int64).T.copy()
            self.w1, self.w2, self.w3 = load("w1"), load("w2"), load("w3")
            self.genes = int(self.gene[-1]) + 1
            self.params = sum(map(len, (self.w1, self.w2, self.w3))) + self.genes + self.pathways + 1
            most = int(os.environ.get("PEERS_STEPS", "0"))  # as in the peers' own `Data`
            self.steps = min(self.n // common.BATCH, most or self.n)

    return Ragged


def in_torch(common, implementation):
    import bench_torch
    from torch import nn

    layers = {"segsum": bench_torch.SegSum, "padded": bench_torch.Padded}

    class Net(bench_torch.Net):
        def __init__(self, d, name):
            nn.Module.__init__(self)
            self.t = False
            self.l1 = layers[name](d.variant, d.gene, d.w1, d.snps, d.genes)
            self.l2 = layers[name](d.edge_gene, d.edge_path, d.w2, d.genes, d.pathways)
            self.w3, self.b3 = bench_torch.P(d.w3), bench_torch.P(np.zeros(1, np.float32))

    bench_torch.Data, bench_torch.Net = data_class(common), Net
    name, _, is_compiled = implementation.partition("+")
    sys.argv = ["bench_torch.py", NAME, name] + ["--compile"] * bool(is_compiled)
    bench_torch.main()


def in_jax(common, implementation):
    import bench_jax
    import jax
    import jax.numpy as jnp
    from jax.experimental import sparse

    def build(d, _):
        def level(pairs, outputs, inputs):
            at = jnp.asarray(np.stack(pairs, 1), jnp.int32)
            return lambda w: sparse.BCOO((w, at), shape=(outputs, inputs), unique_indices=True)

        genes = level((d.gene, d.variant), d.genes, d.snps)
        paths = level((d.edge_path, d.edge_gene), d.pathways, d.genes)
        start = dict(w1=d.w1, w2=d.w2, w3=d.w3, b1=np.zeros(d.genes, np.float32))
        start |= dict(b2=np.zeros(d.pathways, np.float32), b3=np.zeros((), np.float32))

        def net(p, x):
            hidden = jnp.tanh(genes(p["w1"]) @ x.T + p["b1"][:, None])
            return p["w3"] @ jnp.tanh(paths(p["w2"]) @ hidden + p["b2"][:, None]) + p["b3"]

        return net, jax.tree.map(jnp.asarray, start)

    bench_jax.Data, bench_jax.build = data_class(common), build
    sys.argv = ["bench_jax.py", NAME, implementation]
    bench_jax.main()


def main():
    sys.path.insert(0, os.path.abspath(sys.argv[1]))
    import common

    common.WORKLOADS[NAME] = SIZES
    library, _, implementation = sys.argv[2].partition("-")
    {"torch": in_torch, "jax": in_jax}[library](common, implementation)


if __name__ == "__main__":
    main()
