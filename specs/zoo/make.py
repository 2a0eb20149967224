#!/usr/bin/env python3
"""Writes the made-up panels and priors of the zoo into data/.

    python3 specs/zoo/make.py

Nothing here was measured: names, links and traits are drawn from a seeded stream. Only sizes and
shapes are those of published models. The same script gives the same text on every machine; bytes
of .gz files may differ between versions of zlib, what they unpack to does not.
"""

import gzip
import os
import random

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


class Draw:
    """A seeded stream that uses `random()` alone, which no Python version changes."""

    def __init__(self, seed):
        self.stream = random.Random(seed)

    def below(self, count):
        return int(self.stream.random() * count)

    def one(self, items):
        return items[self.below(len(items))]

    def some(self, items, count):
        """So many distinct items, in the order of `items`."""
        chosen = set()
        while len(chosen) < min(count, len(items)):
            chosen.add(self.below(len(items)))
        return [items[at] for at in sorted(chosen)]

    def normal(self):
        return sum(self.stream.random() for _ in range(12)) - 6.0


def write(name, lines):
    text = "".join(line + "\n" for line in lines).encode()
    with open(os.path.join(HERE, name), "wb") as file:
        if name.endswith(".gz"):
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as packed:
                packed.write(text)
        else:
            file.write(text)


def rows(name, header, lines):
    """A table: tab-separated with a header."""
    write(name, ["\t".join(header)] + ["\t".join(map(str, line)) for line in lines])


def panel(name, draw, variants, samples, contigs, gap):
    """Names of variants and samples; the genotypes themselves are not needed to compile."""
    per, lines, ids = variants // contigs, [], []
    for at in range(variants):
        ids.append(f"{name}_snp{at + 1:05}")
        contig, place = at // per + 1, at % per
        lines.append(f"{min(contig, contigs)}\t{ids[-1]}\t0\t{(place + 1) * gap + draw.below(gap // 2)}\tA\tG")
    write(f"{name}.bim", lines)
    people = [f"{name}{at + 1:03}" for at in range(samples)]
    write(f"{name}.fam", [f"{one}\t{one}\t0\t0\t0\t-9" for one in people])
    return ids, people


def genes(prefix, count):
    return [f"{prefix}{at + 1:04}" for at in range(count)]


def measured(name, draw, people, columns, levels=None):
    """A table of one value a person and column: a share of ones, or a normal deviate."""
    value = (lambda: 1 if draw.stream.random() < levels else 0) if levels else (lambda: f"{draw.normal():.1f}")
    rows(name, ["IID"] + columns, [[one] + [value() for _ in columns] for one in people])


def sets(draw, names, members, sizes):
    """One set a name, no two alike, that together hold every member."""
    made, seen, left = {}, set(), list(members)
    for at, name in enumerate(names):
        while True:
            share = left[at :: len(names)]
            chosen = sorted(set(share) | set(draw.some(members, max(1, draw.one(sizes) - len(share)))))
            if tuple(chosen) not in seen:
                break
        seen.add(tuple(chosen))
        made[name] = chosen
    return made


def gmt(name, made):
    write(name, ["\t".join([term, "made_up"] + members) for term, members in made.items()])


def levels_of(prefix, sizes, draw, second_parent, skips):
    """Terms level by level and pairs (parent, child); some children have a parent further up."""
    levels, pairs, at = [], [], 0
    for size in sizes:
        levels.append([f"{prefix}{at + step + 1:04}" for step in range(size)])
        at += size
    for depth, level in enumerate(levels[1:], start=1):
        for place, child in enumerate(level):
            parents = [levels[depth - 1][place % sizes[depth - 1]]]
            if draw.stream.random() < second_parent:
                above = levels[draw.below(depth)] if draw.stream.random() < skips else levels[depth - 1]
                other = draw.one(above)
                parents += [other] if other not in parents else []
            pairs += [(parent, child) for parent in parents]
    return levels, pairs


def maize(draw):
    """BINN for maize: 1,041 genes of 20 variants each. NetGP: genes by position, a gene network."""
    snps, people = panel("maize", draw, 6000, 120, 10, 2000)
    traits = [[one, f"{70 + 3 * draw.normal():.1f}", f"{9 + draw.normal():.1f}"] for one in people]
    rows("maize_traits.tsv", ["IID", "flowering", "yield"], traits)
    named = genes("ZG", 1041)
    rows("binn_maize_eqtl.tsv.gz", ["snp", "gene"], [(s, g) for g in named for s in draw.some(snps, 20)])
    # One gene every 15 variants, so that some of the genome lies outside all windows.
    placed = named[:400]
    lines = ["##gff-version 3"]
    for at, gene in enumerate(placed):
        contig, place = at // 40 + 1, at % 40
        start = (place * 15 + 4) * 2000
        lines.append(f"{contig}\tmade_up\tgene\t{start}\t{start + 9000}\t.\t{'+-'[at % 2]}\t.\tID={gene}")
    write("netgp_genes.gff3", lines)
    modules = genes("MODULE", 80)
    network = sets(draw, modules, placed, [4, 6, 8, 12])
    pairs = [(gene, module) for module, members in network.items() for gene in members]
    lines = [f"{gene}\t{module}\t{0.2 + 0.7 * draw.stream.random():.2f}" for gene, module in pairs]
    write("netgp_network.edges", lines)
    measured("netgp_expression.tsv.gz", draw, people, placed)


def human(draw):
    """The models of human disease share one panel, one set of genes and one Reactome."""
    snps, people = panel("human", draw, 4000, 80, 20, 5000)
    drugs = [f"d{at + 1}" for at in range(8)]
    traits = [
        [one, draw.below(2), draw.below(2), draw.below(2), draw.below(2), 40 + draw.below(40), draw.below(2)]
        + [f"{draw.normal():.2f}"] + [f"{draw.normal():.1f}" for _ in drugs]
        for one in people
    ]
    names = ["IID", "case", "tcr", "bcr", "survived", "age", "sex", "response"]
    rows("human_traits.tsv", names + drugs, traits)
    gennet(draw, snps)
    named = genes("HG", 900)
    rows("mutations.tsv.gz", ["snp", "gene"], [(s, g) for g in named for s in draw.some(snps, 1 + draw.below(5))])
    measured("amplification.tsv.gz", draw, people, named, levels=0.05)
    measured("deletion.tsv.gz", draw, people, named, levels=0.05)
    reactome(draw, named)
    ontology(draw, named[:300])
    regulation(draw, snps, people, named)
    survival(draw, snps, people)


def gennet(draw, snps):
    """A row a path: variant, gene, pathway, group of pathways. Indices count in order of names."""
    named, pathways, groups = genes("GN", 500), genes("KEGG", 60), genes("GROUP", 6)
    member = {gene: [] for gene in named}
    for pathway, members in sets(draw, pathways, named, [10, 15, 20]).items():
        for gene in members:
            member[gene].append(pathway)
    lines = ["chr,layer0_node,layer0_name,layer1_node,layer1_name,layer2_node,layer2_name,layer3_node,layer3_name"]
    for at, snp in enumerate(snps):
        gene = at // 8
        for pathway in member[named[gene]]:
            place = pathways.index(pathway)
            group = place % 6
            lines.append(f"{at // 200 + 1},{at},{snp},{gene},{named[gene]},{place},{pathway},{group},{groups[group]}")
    write("gennet_topology.csv.gz", lines)


def reactome(draw, named):
    """Seven levels, of which P-NET keeps five and PathHDNN four; parent and child a line."""
    levels, pairs = levels_of("R-ZOO-", [6, 15, 45, 107, 139, 60, 20], draw, 0.15, 0.3)
    write("reactome_relations.txt", ["\t".join(pair) for pair in pairs])
    lower = [term for level in levels[3:] for term in level]
    gmt("reactome_genes.gmt", sets(draw, lower, named, [6, 8, 12, 20]))


def ontology(draw, named):
    """A small Gene Ontology, of any depth, as OBO and GAF."""
    levels, pairs = levels_of("GO:000", [1, 6, 20, 50, 70, 45, 16], draw, 0.4, 0.4)
    parents = {}
    for parent, child in pairs:
        parents.setdefault(child, []).append(parent)
    lines = ["format-version: 1.2", "ontology: made_up", ""]
    for term in [term for level in levels for term in level]:
        above = parents.get(term, [])
        lines += ["[Term]", f"id: {term}", f"name: made-up process {term[3:]}", "namespace: biological_process"]
        lines += [f"is_a: {parent}" for parent in above[:1]]
        lines += [f"relationship: part_of {parent}" for parent in above[1:]] + [""]
    write("go.obo.gz", lines)
    terms = [term for level in levels[2:] for term in level]
    lines = ["!gaf-version: 2.2"]
    for term, members in sets(draw, terms, named, [3, 4, 6, 9]).items():
        lines += [
            f"ZOO\t{gene}\t{gene}\tinvolved_in\t{term}\tZOO:1\tIDA\t\tP\t\t\tprotein\ttaxon:9606\t20200101\tZOO\t\t"
            for gene in members
        ]
    write("go.gaf.gz", lines)


def regulation(draw, snps, people, named):
    """Varmole and KPNN: variants and regulators on genes, a signalling network above them."""
    expressed, regulators = named[:400], named[400:460]
    rows("eqtl.tsv.gz", ["snp", "gene"], [(s, g) for g in expressed for s in draw.some(snps, 1 + draw.below(8))])
    measured("expression.tsv.gz", draw, people, expressed)
    measured("regulators.tsv.gz", draw, people, regulators)
    targets = sets(draw, regulators, expressed, [8, 12, 20])
    write("regulation.edges", [f"{tf}\t{gene}" for tf, members in targets.items() for gene in members])
    # In KPNN information flows from a gene back to its regulator, and on to the receptor.
    levels, pairs = levels_of("SIG", [2, 5, 12, 25], draw, 0.5, 0.4)
    names = {term: term for level in levels for term in level}
    names[levels[0][0]], names[levels[0][1]] = "TCR", "BCR"
    above = [names[term] for level in levels[1:] for term in level]
    pairs = [(names[child], names[parent]) for parent, child in pairs]
    for at, tf in enumerate(regulators):
        pairs += [(tf, protein) for protein in sorted({above[-1 - at % 25], draw.one(above)})]
    write("signalling.edges", ["\t".join(pair) for pair in pairs])
    write("targets.edges", [f"{gene}\t{tf}" for tf, members in targets.items() for gene in members])


def survival(draw, snps, people):
    """VNNSurv: 117 altered genes, 101 pathways and a root; members of a child are its parents' too."""
    named = genes("AL", 117)
    levels, pairs = levels_of("VP", [1, 5, 14, 28, 30, 18, 6], draw, 0.1, 0.0)
    members = sets(draw, [term for level in levels for term in level][1:], named, [2, 3, 4])
    members[levels[0][0]] = []
    for level in reversed(levels[1:]):
        for child in level:
            for parent in [one for one, other in pairs if other == child]:
                members[parent] = sorted(set(members[parent]) | set(members[child]))
    gmt("vnnsurv_pathways.gmt", {term: members[term] for level in levels for term in level})
    band = lambda term: sum(len(members[term]) > limit for limit in (6, 20))
    names = ("small", "medium", "large")
    for low, high in ((0, 1), (0, 2), (1, 2)):
        kept = [(child, parent) for parent, child in pairs if (band(child), band(parent)) == (low, high)]
        write(f"vnnsurv_{names[low]}_{names[high]}.edges", ["\t".join(pair) for pair in kept])
    inside = [(child, parent) for parent, child in pairs if band(child) == band(parent)]
    write("vnnsurv_within.edges", ["\t".join(pair) for pair in inside])
    measured("alterations.tsv.gz", draw, people, named, levels=0.15)
    near = [(snp, gene) for gene in named for snp in draw.some(snps, 1 + draw.below(3))]
    rows("vnnsurv_variants.tsv", ["snp", "gene"], near)


if __name__ == "__main__":
    os.makedirs(HERE, exist_ok=True)
    maize(Draw(1041))
    human(Draw(2021))
