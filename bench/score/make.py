#!/usr/bin/env python3
"""Writes genotypes to score, genotypes to train on, and two specs: a linear score and a network.

    python3 make.py FOLDER [--samples 20000] [--variants 100000] [--seed 1]

`many.*` is the large set and `few.*` 200 samples of the same variants, with calls drawn
independently and 1 in 128 missing. `linear.binn` has one map of all variants; `network.binn`
genes of ten variants, each in one or two of 300 pathways. The same arguments give the same files.
Python's standard library is enough.
"""

import argparse
import pathlib
import random

FEW, PER_GENE, PATHWAYS = 200, 10, 300
HEAD = """binn 1

model {name}
genotypes snps from plink "few.bed"
table pheno from tsv "pheno.tsv" {{ column yield : continuous }}
"""
LINEAR = """node effects : polygenic { network = linear }
link snps -> effects
predict pheno.yield from effects
"""
NETWORK = """prior genes from tsv "genes.tsv" : snp -> gene { source = "snp"  target = "gene" }
prior pathways from tsv "pathways.tsv" : gene -> pathway { source = "gene"  target = "pathway" }
layer gene : gene
layer pathway : pathway
link snps -> gene via genes
link gene -> pathway via pathways
predict pheno.yield from pathway
"""
TRAIN = """evaluate none
train { optimizer = adam(lr = 1e-3)  epochs = 1  batch = 64  seed = 1 }
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--samples", type=int, default=20_000)
    arguments.add_argument("--variants", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(given.seed)
    genotypes(given.folder / "few", FEW, given.variants, draw)
    genotypes(given.folder / "many", given.samples, given.variants, draw)
    priors(given.folder, given.variants, draw)
    traits = "".join(f"i{k}\t{draw.gauss(0, 1):.4f}\n" for k in range(FEW))
    (given.folder / "pheno.tsv").write_text("IID\tyield\n" + traits)
    for name, network in [("linear", LINEAR), ("network", NETWORK)]:
        text = HEAD.format(name=name) + network + TRAIN
        (given.folder / f"{name}.binn").write_text(text)


def genotypes(prefix, samples, variants, draw):
    """A PLINK set with allele frequencies of 1/8 to 7/8 in steps of an eighth."""
    bits = 2 * samples
    low = (4**samples - 1) // 3  # the low bit of every call
    width = (samples + 3) // 4
    with open(f"{prefix}.bed", "wb") as out:
        out.write(b"\x6c\x1b\x01")
        for _ in range(variants):
            eighths = draw.randrange(1, 8)
            one, two = (haplotype(draw, bits, eighths) for _ in range(2))
            missing = draw.getrandbits(bits)
            for _ in range(6):
                missing &= draw.getrandbits(bits)
            missing &= low
            # 00 two copies, 10 one, 11 none, 01 missing
            high = ~(one & two) & low & ~missing
            lower = (~(one | two) & low) | missing
            out.write((lower | high << 1).to_bytes(width, "little"))
    lines = (f"1\ts{k}\t0\t{k + 1}\tA\tG\n" for k in range(variants))
    pathlib.Path(f"{prefix}.bim").write_text("".join(lines))
    lines = (f"f{k}\ti{k}\t0\t0\t0\t-9\n" for k in range(samples))
    pathlib.Path(f"{prefix}.fam").write_text("".join(lines))


def haplotype(draw, bits, eighths):
    """Bits that are 1 with a probability of so many eighths."""
    found = 0
    for digit in (1, 2, 4):
        drawn = draw.getrandbits(bits)
        found = found | drawn if eighths & digit else found & drawn
    return found


def priors(folder, variants, draw):
    genes = (variants + PER_GENE - 1) // PER_GENE
    lines = (f"s{k}\tg{k // PER_GENE}\n" for k in range(variants))
    (folder / "genes.tsv").write_text("snp\tgene\n" + "".join(lines))
    with open(folder / "pathways.tsv", "w") as out:
        out.write("gene\tpathway\n")
        for gene in range(genes):
            for pathway in sorted(draw.sample(range(PATHWAYS), draw.randint(1, 2))):
                out.write(f"g{gene}\tp{pathway}\n")


if __name__ == "__main__":
    main()
