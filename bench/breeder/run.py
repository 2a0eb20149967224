"""What breeders run: wall time, processor time and peak memory of whole jobs, from reading to report.

usage: run.py DATA [--binnc PROGRAM] [--quick] [--jobs NAME,…] [--results FILE]

DATA holds `maize/` (the DROPS panel as PLINK files, `pheno.tsv`, `genes.tsv`). Each job is one of the
specs beside this file, run by `binnc run` on two threads in a folder of its own below `target/breeder`.
Finished jobs are kept in FILE and not repeated, so an interrupted session goes on where it was; delete
the file for a new one. `--quick` fits one fold and two members where a job has many, and reckons the
rest: (time − check) × fits / fits made + check.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "breeder"
TRAITS = ["grain.yield", "grain.number", "seed.size", "anthesis", "silking"]
TRAITS = [f"{name}.mean" for name in [*TRAITS, "plant.height", "tassel.height", "ear.height"]]
# 5 repeats × 5 folds × 5 members, and the final model's 5.
FITS, QUICK_FITS = 130, 4
# Name: spec, traits one after the other, wanted seconds, may be reckoned.
JOBS = {
    "GBLUP, 8 traits × 25 folds": ("gblup", None, 3, False),
    "genes of one value, one model of 8 traits": ("genes_eight_traits", None, 90, True),
    "genes of one value, 8 models": ("genes_one_trait", TRAITS, 360, True),
    "private networks fcn(8), 8 models": ("networks_one_trait", TRAITS, 2700, True),
    "the paper's shape, 5 folds × 5 members": ("paper", None, 180, False),
}
CHECKED = "check and compile"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--binnc", type=Path, default=ROOT / "target" / "release" / "binnc")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--jobs", help="parts of names, joined by commas")
    parser.add_argument("--results", type=Path, default=WORK / "results.jsonl")
    given = parser.parse_args()
    if not given.binnc.exists():
        subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
    prepare(given.data)
    session = Session(given)
    session.check()
    wanted = given.jobs.split(",") if given.jobs else [""]
    for name, (spec, traits, _, long) in JOBS.items():
        if any(part in name for part in wanted):
            session.job(name, spec, traits, given.quick and long)
    session.table()


def prepare(data):
    """The panel, the specs, and the paper's number of genes with the 20 markers nearest to each."""
    (WORK / "maize").mkdir(parents=True, exist_ok=True)
    for file in ["geno.bed", "geno.bim", "geno.fam", "pheno.tsv", "genes.tsv"]:
        shutil.copyfile(data / "maize" / file, WORK / "maize" / file)
    for spec in HERE.glob("*.binn"):
        shutil.copyfile(spec, WORK / spec.name)
    (WORK / "paper").mkdir(exist_ok=True)
    with (WORK / "paper" / "candidates.tsv").open("w") as out:
        out.write("marker\tgene\n")
        for gene, markers in candidates(WORK / "maize"):
            out.writelines(f"{marker}\t{gene}\n" for marker in markers)


def candidates(folder, genes=1_041, markers=20):
    """Genes at even steps along the genome with the markers nearest to their starts."""
    rows = [line.rstrip("\n").split("\t") for line in (folder / "genes.tsv").open()]
    at = {name: place for place, name in enumerate(rows[0])}
    by_chromosome = {}
    for line in (folder / "geno.bim").open():
        chromosome, name, _, position, *_ = line.split()
        by_chromosome.setdefault(chromosome, []).append((int(position), name))
    known = {row[at["gene"]]: (row[at["chr"]], int(row[at["start"]])) for row in rows[1:]}
    placed = sorted((where, gene) for gene, where in known.items() if where[0] in by_chromosome)
    for turn in range(genes):
        (chromosome, start), gene = placed[turn * len(placed) // genes]
        nearest = sorted(by_chromosome[chromosome], key=lambda marker: abs(marker[0] - start))
        yield gene, [name for _, name in nearest[:markers]]


class Session:
    """Jobs that are kept in a file: seconds, those of processors, peak memory, whether reckoned."""

    def __init__(self, given):
        self.binnc, self.path, self.kept = given.binnc.resolve(), given.results, {}
        for line in self.path.read_text().splitlines() if self.path.exists() else []:
            one = json.loads(line)
            self.kept[one["job"]] = one

    def keep(self, job, **found):
        self.kept[job] = dict(job=job, **found)
        with self.path.open("a") as file:
            file.write(json.dumps(self.kept[job]) + "\n")

    def check(self):
        """The spec that names most files, without what an earlier session has cached."""
        if CHECKED in self.kept:
            return
        found = [
            timed([self.binnc, command, "genes_eight_traits.binn", "--no-cache", "-q"])
            for command in ("check", "compile")
        ]
        self.keep(CHECKED, **together(found), reckoned=False)

    def job(self, name, spec, traits, is_quick):
        before = self.kept.get(name)
        if before and (is_quick or not before["reckoned"]):
            return
        models = traits or [None]
        found = []
        for trait in models[: 1 if is_quick else len(models)]:
            print(f"{name}: {trait or 'all'}", file=sys.stderr, flush=True)
            path = written(spec, trait, is_quick)
            out = WORK / "runs" / path.stem
            found.append(timed([self.binnc, "run", path, "--out", out, "--force", "--threads", "2", "-q"]))
        one = together(found)
        if is_quick:
            for time in ("seconds", "processors"):
                fixed = self.kept[CHECKED][time] / 2
                one[time] = len(models) * (fixed + max(0.0, one[time] - fixed) * FITS / QUICK_FITS)
        self.keep(name, **one, reckoned=is_quick)

    def table(self):
        print("| job | time | wanted | processor time | peak MB | |\n|---|---|---|---|---|---|")
        for name, wanted in [(CHECKED, 1), *((name, job[2]) for name, job in JOBS.items())]:
            if name in self.kept:
                one = self.kept[name]
                note = "reckoned from one fold, two members" if one["reckoned"] else ""
                missed = "" if one["seconds"] <= wanted else "missed"
                notes = ", ".join(filter(None, [missed, note]))
                times = [readable(time) for time in (one["seconds"], wanted, one["processors"])]
                print(f"| {name} | {' | '.join(times)} | {one['mb']:,.0f} | {notes} |")


def written(spec, trait, is_quick):
    """The spec, for one trait and for one fold if asked."""
    text = (WORK / f"{spec}.binn").read_text()
    name = spec
    if trait:
        text, name = text.replace("grain.yield.mean", trait), f"{spec}_{trait.replace('.', '_')}"
    if is_quick:
        text, folds = re.subn(r"kfold\(5, repeats = 5", "holdout(20%", text)
        text, members = re.subn(r"ensemble = 5", "ensemble = 2", text)
        assert folds == members == 1, f"{spec}.binn has folds and members as this program expects"
        name += "_quick"
    text = text.replace(f"model {spec}\n", f"model {name}\n")
    path = WORK / f"{name}.binn"
    path.write_text(text)
    return path


def timed(command):
    """Seconds, those of processors, and peak megabytes of one program."""
    started = time.perf_counter()
    with open(WORK / "log", "w") as log:
        child = subprocess.Popen(list(map(str, command)), cwd=WORK, stdout=log, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{(WORK / 'log').read_text()[-2000:]}")
    return dict(seconds=seconds, processors=usage.ru_utime + usage.ru_stime, mb=usage.ru_maxrss / 1024)


def together(found):
    """Programs that ran one after the other."""
    one = {key: sum(each[key] for each in found) for key in ("seconds", "processors")}
    return one | dict(mb=max(each["mb"] for each in found))


def readable(seconds):
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


main()
