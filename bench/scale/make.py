#!/usr/bin/env python3
"""Writes a prior of many terms and edges, and the smallest panel that reaches all of them.

    python3 make.py FOLDER [--terms 1000000] [--edges 5000000] [--seed 1]

Every term has as many parents as edges go on it, chosen among the 200,000 terms numbered before
it, so that the hierarchy is acyclic and deep; every term without children reads one variant.
The same arguments give the same files. Python's standard library is enough.
"""

import argparse
import pathlib
import random

SPEC = """binn 1

## A hierarchy of many terms, for measuring time and memory.
model scale

genotypes snps from plink "panel.bed"
table pheno from tsv "pheno.tsv" { column yield : continuous }
prior leaves from edges "leaves.tsv" : snp -> term
prior terms from edges "terms.tsv" : term -> term
layer term : term { hierarchy = terms  allow = W0416 }
link snps -> term via leaves
predict pheno.yield from term.top
"""

VARIANTS, SAMPLES, REACH = 10_000, 100, 200_000


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--terms", type=int, default=1_000_000)
    arguments.add_argument("--edges", type=int, default=5_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    has_child = hierarchy(given)
    panel(given.folder)
    leaves = [term for term in range(given.terms) if not has_child[term]]
    lines = (f"s{at % VARIANTS}\tt{term}\n" for at, term in enumerate(leaves))
    (given.folder / "leaves.tsv").write_text("".join(lines))
    (given.folder / "scale.binn").write_text(SPEC)


def hierarchy(given):
    """Child, tab, parent; gives which terms have a child."""
    draw = random.Random(given.seed)
    has_child = bytearray(given.terms)
    left = given.edges
    with open(given.folder / "terms.tsv", "w") as out:
        for child in range(1, given.terms):
            wanted = min(child, round(left / (given.terms - child)))
            parents = set()
            while len(parents) < wanted:
                parents.add(draw.randrange(max(0, child - REACH), child))
            for parent in sorted(parents):
                has_child[parent] = 1
                out.write(f"t{child}\tt{parent}\n")
            left -= wanted
    return has_child


def panel(folder):
    """Names of variants and samples, and a trait; no genotype call is ever read."""
    variants = (f"1\ts{at}\t0\t{at + 1}\tA\tG\n" for at in range(VARIANTS))
    (folder / "panel.bim").write_text("".join(variants))
    samples = (f"F L{at} 0 0 0 -9\n" for at in range(SAMPLES))
    (folder / "panel.fam").write_text("".join(samples))
    rows = (f"L{at}\t{at % 7}\n" for at in range(SAMPLES))
    (folder / "pheno.tsv").write_text("IID\tyield\n" + "".join(rows))


if __name__ == "__main__":
    main()
