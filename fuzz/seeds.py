"""Makes the first inputs of every fuzz target from the specs and the tests' inputs.

    python3 fuzz/seeds.py [OUT]          # OUT is fuzz/seeds unless given

The kept corpora have grown from these; a new target needs a function here. With BINNC set to the
program, a model and a plan are made too.
"""

import gzip
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
INPUTS = ROOT / "tests/language/inputs"
DATA = INPUTS / "data"
ZOO = ROOT / "specs/zoo/data"
LARGEST = 4096
SEPARATOR = b"\x1c"


def keep(out, target, name, content):
    if len(content) <= LARGEST:
        folder = out / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name.replace("/", "_")).write_bytes(content)


def lines(path, count):
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return b"".join(raw.splitlines(keepends=True)[:count])


def specs(out):
    for ending, target in [("binn", "dsl"), ("yaml", "yaml")]:
        for path in sorted([*ROOT.glob(f"specs/**/*.{ending}"), *INPUTS.glob(f"*/*.{ending}")]):
            name = "_".join(path.relative_to(ROOT).parts[-2:])
            keep(out, target, name, path.read_bytes())
            keep(out, "round_trip", name, path.read_bytes())


def sets(out):
    for bed in sorted(DATA.glob("*.bed")):
        if bed.with_suffix(".fam").exists():
            parts = [bed.with_suffix(end).read_bytes() for end in [".fam", ".bim", ".bed"]]
            keep(out, "bed", bed.stem, SEPARATOR.join(parts))
    fam = "".join(f"f s{at} 0 0 0 -9\n" for at in range(6)).encode()
    bim = "".join(f"1\tv{at}\t0\t{at}\tA\tC\n" for at in range(12)).encode()
    calls = bytes([0x6C, 0x1B, 1]) + bytes(byte for at in range(12) for byte in (37 * at % 256, at % 16))
    keep(out, "bed", "six_by_twelve", SEPARATOR.join([fam, bim, calls]))
    one = [b"0 a 0 0 0 -9", b"X v 0 0 0 0", bytes([0x6C, 0x1B, 1, 2])]
    keep(out, "bed", "one_by_one", SEPARATOR.join(one))


def tables(out):
    head = ["FID", "IID", "y", "b", "o", "n", "g", "w", "z"]
    rows = [
        ["f1", "a", "1.5", "0", "1", "3", "red", "1", "0"],
        ["f1", "b", "NA", "1", "2", "0", "blue", "0.5", "1"],
        ["f2", "c", "-9", ".", "", "12", "", "2e0", "1"],
        ["f2", "c", "-9", ".", "", "12", "", "2e0", "1"],
    ]
    for at, choice in enumerate("abcdefgh"):
        separator = "," if choice in "bfh" else "\t"
        text = "\n".join(separator.join(row) for row in [head, *rows]) + "\n"
        keep(out, "tables", f"all_{choice}", (choice + text).encode())
        keep(out, "tables", f"crlf_{choice}", b"%c\xef\xbb\xbf" % (97 + at) + text.replace("\n", "\r\n").encode())
    keep(out, "tables", "quoted", b'bIID,y,b,o,n,g\na,"1,5",1,"2,0",3,"x ""q"", y"\nb,-2,2,1,0,"two\nlines"\n')
    keep(out, "tables", "coded", b"aIID\ty\tb\to\tn\tg\na\t1e-3\tcase\t1\t2\tx\nb\t-9\tcontrol\t2\t0\ty\n")
    for path in sorted([*DATA.glob("*pheno*"), *DATA.glob("*lines.tsv"), DATA / "minus_nine.tsv"]):
        for choice in "cdfh":
            keep(out, "tables", f"{path.name}_{choice}", choice.encode() + path.read_bytes())


def priors(out):
    contigs = b"\n" + SEPARATOR + b"1\tchr1\n2\tchr2\n"
    for choices, pattern in [("abc", "*.gff3"), ("def", "*.gtf"), ("gh", "genes.bed"), ("ij", "*genes.tsv")]:
        for path in sorted(DATA.glob(pattern)):
            for choice in choices:
                keep(out, "gff3", f"{path.name}_{choice}", choice.encode() + path.read_bytes() + contigs)
    keep(out, "gff3", "comma", b"j" + (DATA / "genes.tsv").read_bytes().replace(b"\t", b","))
    keep(out, "gff3", "zoo", b"a" + lines(ZOO / "netgp_genes.gff3", 12))
    rows = [
        ("a", "*.gmt"), ("bc", "*.obo"), ("de", "*.gaf"), ("f", "*relations.txt"), ("gh", "*.edges"),
        ("ij", "*topology.csv"), ("kl", "*terms*.tsv"), ("kl", "s*.tsv"),
    ]
    for choices, pattern in rows:
        for path in sorted(DATA.glob(pattern)):
            for choice in choices:
                keep(out, "gene_sets", f"{path.name}_{choice}", choice.encode() + path.read_bytes())
    zoo = [
        ("b", "go.obo.gz"), ("d", "go.gaf.gz"), ("f", "reactome_relations.txt"), ("i", "gennet_topology.csv.gz"),
        ("h", "signalling.edges"), ("a", "vnnsurv_pathways.gmt"),
    ]
    for choice, name in zoo:
        keep(out, "gene_sets", f"zoo_{name}", choice.encode() + lines(ZOO / name, 6))
    pairs = "gene\tset\tw\ts\nA\tS\t0.5\t+\nB\tS\t-1\t-\nB\tS\t-1\t-\nA\tT\t2\t?\n"
    keep(out, "gene_sets", "table_l", b"l" + pairs.encode())
    keep(out, "gene_sets", "table_m", b"m" + pairs.replace("\t", ",").encode())
    keep(out, "gene_sets", "edges_h", b"hA\tS\t0.5\t1\nB\tS\t-1\t-1\n# end\n")
    wide = "chr,layer0_node,layer0_name,layer1_node,layer1_name,w,s\n1,0,a,0,b,0.5,+\n1,1,c,0,b,1,-\n"
    keep(out, "gene_sets", "topology_j", b"j" + wide.encode())


def imports(out):
    read = lambda name: (INPUTS / "imports" / name).read_bytes()
    head = b'binn 1\nmodel m\nimport "b.binn" as g\nimport "c.yaml"\nimport "s/d.binn"\n'
    rest = b'layer top : pathway\nlink g.stress -> top\n'
    yaml = b"binn: 1\nimport:\n  - path: b.binn\n    as: h\nlet:\n  width: 3\n"
    inner = b'binn 1\nimport "e.yaml"\nimport "../b.binn" as b\nlet depth = 2\n'
    genes = read("genes.binn")
    keep(out, "imports", "all", SEPARATOR.join([head + rest, genes, yaml, inner, b"binn: 1\nlet:\n  deepest: 1\n", genes]))
    keep(out, "imports", "cycle", SEPARATOR.join([b'binn 1\nimport "b.binn"\n', b'binn 1\nimport "a.binn"\n']))
    keep(out, "imports", "outside", SEPARATOR.join([b'binn 1\nimport "../secret.binn"\n', b"", b"", b"", b"", b"binn 1\nlet x = 1"]))
    keep(out, "imports", "mistaken", SEPARATOR.join([b'binn 1\nimport "b.binn" as b\n', read("mistaken.binn")]))
    for path in sorted(INPUTS.glob("checks/*import*.binn")):
        text = path.read_bytes().replace(b"../imports/genes.binn", b"b.binn").replace(b"../imports/pathways.binn", b"c.yaml")
        keep(out, "imports", path.stem, SEPARATOR.join([text, genes, yaml]))


def array(kind, values):
    body = struct.pack(f"<{len(values)}{kind}", *values)
    return struct.pack("<Q", len(values)) + body + b"\0" * (-len(body) % 8)


def names(values):
    ends = [sum(len(name) for name in values[: at + 1]) for at in range(len(values))]
    return array("Q", ends) + array("B", "".join(values).encode())


def own(out):
    beside = '{"is_pairs":%s,"folded":0,"folded_examples":[],"turned":0,"notes":[],"outdated":[],"found":[]}'
    pairs = array("B", (beside % "true").encode()) + names(["A", "B"]) + names(["S"])
    pairs += array("Q", [0, 2]) + array("I", [0, 1]) + array("I", [2, 3]) + array("f", []) + array("b", [])
    keep(out, "plan", "kept_pairs", b"b" + pairs)
    intervals = array("B", (beside % "false").encode()) + names(["A"]) + names(["1"])
    intervals += array("Q", [5]) + array("Q", [9]) + array("b", [1]) + array("I", [2])
    keep(out, "plan", "kept_intervals", b"b" + intervals)
    finding = '[{"code":"W0320","message":"m","places":[],"labels":[{"span":{"start":1,"end":2},"text":""}],"notes":["n"],"help":"h"}]'
    keep(out, "plan", "findings", b"d" + finding.encode())
    keep(out, "plan", "contents", b'e{"records":2,"nodes":3,"edges":2,"names":{"S":"2 9f3ac21b"}}')


SPEC = """binn 1
model tiny
genotypes snps from plink "g.bed"
table pheno from tsv "p.tsv" { column y : continuous }
prior sets from gmt "s.gmt" : snp -> gene
layer gene : gene%s
link snps -> gene via sets
predict pheno.y from gene
evaluate none
train { epochs = 1  batch = 8  seed = 1  ensemble = %d }
"""
# Bytes before and behind the content of a sealed record.
HEAD, DIGEST = 40, 32


def checkpoints(out, program, folder):
    """Files of a run that is killed, as they are and as what they hold."""
    spec = (folder / "t.binn").read_text().replace("epochs = 1  batch = 8", "epochs = 100000000  batch = 1")
    (folder / "c.binn").write_text(spec)
    run = subprocess.Popen([program, "-q", "run", "c.binn", "--out", "c", "--checkpoint-every", "0"], cwd=folder)
    kept = folder / "c" / "checkpoints"
    while not list(kept.glob("*.prev")):
        time.sleep(0.001)
    run.kill()
    run.wait()
    for at, path in enumerate(sorted(kept.glob("*.prev"))):
        content = path.read_bytes()
        keep(out, "checkpoint", f"sealed_{at}", content)
        keep(out, "checkpoint", f"state_{at}", content[HEAD:-DIGEST])


def made(out, program):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        call = lambda *words: subprocess.run([program, *words], cwd=folder, check=True, capture_output=True).stdout
        bits = [[(3 * at + row * row + at * row) % 3 for row in range(16)] for at in range(6)]
        code = {0: 3, 1: 2, 2: 0}
        packed = bytes(
            sum(code[row[4 * byte + place]] << (2 * place) for place in range(4)) for row in bits for byte in range(4)
        )
        (folder / "g.bed").write_bytes(bytes([0x6C, 0x1B, 1]) + packed)
        (folder / "g.bim").write_text("".join(f"1 v{at} 0 {at + 1} A C\n" for at in range(6)))
        (folder / "g.fam").write_text("".join(f"0 s{row} 0 0 0 -9\n" for row in range(16)))
        (folder / "p.tsv").write_text("IID\ty\n" + "".join(f"s{row}\t{(row * 7) % 5}.5\n" for row in range(16)))
        (folder / "s.gmt").write_text("A\t\tv0\tv1\tv2\nB\t\tv3\tv4\tv5\n")
        ways = [("plain", "", 1), ("two", " { network = fcn(2, activation = relu) }", 2),
                ("normal", " { network = fcn(2, norm = batch, dropout = 0.1) }", 1)]
        for name, network, ensemble in ways:
            (folder / "t.binn").write_text(SPEC % (network, ensemble))
            call("compile", "t.binn", "-o", f"{name}.json", "--no-cache")
            keep(out, "plan", f"plan_{name}", b"c" + (folder / f"{name}.json").read_bytes())
            call("lock", "t.binn")
            keep(out, "plan", f"lock_{name}", b"a" + (folder / "t.lock").read_bytes())
            call("run", "t.binn", "--out", name)
            model = (folder / name / "model.safetensors").read_bytes()
            keep(out, "model", f"{name}_as_it_is", b"a" + model)
            keep(out, "model", f"{name}_resealed", b"b" + model)
        checkpoints(out, program, folder)
        keep(out, "model", "edit_two", b"c" + bytes([5, 1, 3, 0, 7]))
        keep(out, "model", "edit_normal", b"d" + bytes([2, 0, 9, 0, 1, 8, 3, 4, 0, 0]))


def packed(out):
    for path in sorted([*DATA.glob("*.gz"), *ZOO.glob("*.gz")]):
        keep(out, "gzip", path.name, path.read_bytes())
    end = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
    member = gzip.compress(b"gene\tset\nA\tS\n", mtime=0)
    block = member[:3] + b"\x04" + member[4:10] + struct.pack("<HBBHH", 6, 66, 67, 2, len(member) + 7) + member[10:]
    keep(out, "gzip", "bgzip", block + end)
    keep(out, "gzip", "bgzip_cut", block)
    keep(out, "gzip", "members", member + member)
    keep(out, "gzip", "growing", gzip.compress(b"\0" * 2_000_000, mtime=0))
    keep(out, "gzip", "plain", b"gene\tset\n")


def main():
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "fuzz/seeds"
    for make in [specs, sets, tables, priors, imports, own, packed]:
        make(out)
    if "BINNC" in os.environ:
        made(out, os.environ["BINNC"])
    for target in sorted(out.iterdir()):
        print(target.name, len(list(target.iterdir())))


main()
