#!/usr/bin/env python3
"""Writes genotypes, measured columns and a spec to scan with `binnc prior eqtl`.

    python3 make.py FOLDER [--samples 250] [--variants 40000] [--genes 6000] [--seed 1]

Calls are drawn independently, 1 in 128 missing; a gene is noise and, one in two, a variant's copies. The
same arguments give the same files. Needs numpy.
"""

import argparse
import pathlib

import numpy

SPEC = """binn 1

model scan
genotypes snps from plink "geno.bed"
table expression from tsv "expression.tsv" { column * : continuous }
prior eqtl from tsv "eqtl.tsv" : snp -> gene {
  source = "snp"  target = "gene"  samples = none
}
layer gene : gene
link snps -> gene via eqtl
predict expression.g0 from gene
evaluate none
train { seed = 1 }
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--samples", type=int, default=250)
    arguments.add_argument("--variants", type=int, default=40_000)
    arguments.add_argument("--genes", type=int, default=6_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    draw = numpy.random.default_rng(given.seed)
    shares = draw.uniform(0.1, 0.9, given.variants)
    copies = draw.binomial(2, shares[:, None], (given.variants, given.samples)).astype(numpy.uint8)
    codes = numpy.array([0b11, 0b10, 0b00], numpy.uint8)[copies]
    codes[draw.random(codes.shape) < 1 / 128] = 0b01
    padded = numpy.zeros((given.variants, -(-given.samples // 4) * 4), numpy.uint8)
    padded[:, : given.samples] = codes
    four = padded.reshape(given.variants, -1, 4)
    packed = four[..., 0] | four[..., 1] << 2 | four[..., 2] << 4 | four[..., 3] << 6
    (given.folder / "geno.bed").write_bytes(b"\x6c\x1b\x01" + packed.tobytes())
    bim = (f"{1 + k % 10}\tv{k}\t0\t{1 + k // 10 * 100}\tA\tC\n" for k in range(given.variants))
    (given.folder / "geno.bim").write_text("".join(bim))
    (given.folder / "geno.fam").write_text("".join(f"0\ti{k}\t0\t0\t0\t-9\n" for k in range(given.samples)))
    values = draw.normal(size=(given.samples, given.genes))
    values[:, ::2] += copies[draw.integers(0, given.variants, values[:, ::2].shape[1])].T
    head = "IID\t" + "\t".join(f"g{k}" for k in range(given.genes)) + "\n"
    rows = ("\t".join([f"i{k}", *(f"{value:.4f}" for value in row)]) + "\n" for k, row in enumerate(values))
    (given.folder / "expression.tsv").write_text(head + "".join(rows))
    (given.folder / "scan.binn").write_text(SPEC)


main()
