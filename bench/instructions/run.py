"""Counts the instructions of small cases and compares them with `counts.tsv` beside this file.

usage: run.py [--update] [--bench PROGRAM]

Fails where a case needs more than 5 % above what stands there; `--update` writes what was counted. Needs
valgrind, which knows no AVX-512, so the cases run on plain Rust and on AVX2. Counts hold for one
version of the compiler, which the file names.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
COUNTS = HERE / "counts.tsv"
CASES = [(case, isa) for case in ("train", "score", "compile") for isa in ("scalar", "avx2")]
# Nothing in it is vectorised by hand.
CASES.remove(("compile", "avx2"))
MOST = 1.05


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--bench", type=Path)
    given = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is not installed: `apt-get install valgrind`")
    bench = given.bench.resolve() if given.bench else built()
    known, known_compiler = read()
    found = {case: extra(bench, *case) for case in CASES}
    compiler = subprocess.check_output(["rustc", "--version"], text=True).strip()
    if known and compiler != known_compiler:
        print(f"counted with {known_compiler}, now {compiler}: counts may move by themselves\n")
    print("| case | set | instructions | before | |\n|---|---|---|---|---|")
    worse = []
    for case, count in found.items():
        before = known.get(case)
        change = f"{100 * (count / before - 1):+.1f} %" if before else "new"
        print(f"| {case[0]} | {case[1]} | {count:,} | {f'{before:,}' if before else ''} | {change} |")
        if before and count > MOST * before:
            worse.append(" ".join(case))
    if given.update:
        write(found, compiler)
    elif worse or set(found) - set(known):
        sys.exit(f"more than 5 % above `{COUNTS.name}`, or not there: {', '.join(worse) or 'new cases'}")


def built():
    command = ["cargo", "bench", "--bench", "instructions", "--no-run", "--message-format", "json"]
    done = subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, text=True, check=True)
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [Path(line["executable"]) for line in said if line.get("executable")][-1]


def extra(bench, case, isa):
    """Instructions of one run more, in all threads."""
    return counted(bench, case, isa, 2) - counted(bench, case, isa, 1)


def counted(bench, case, isa, times):
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        command += [str(bench), case, isa, str(times)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
        return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def read():
    """Counts by case and set, and the compiler that they were made with."""
    if not COUNTS.exists():
        return {}, ""
    compiler, _, *rows = COUNTS.read_text().splitlines()
    cells = [row.split("\t") for row in rows]
    return {(case, isa): int(count) for case, isa, count in cells}, compiler.removeprefix("# ")


def write(found, compiler):
    rows = [f"{case}\t{isa}\t{count}" for (case, isa), count in found.items()]
    COUNTS.write_text("\n".join([f"# {compiler}", "case\tisa\tinstructions", *rows]) + "\n")


main()
