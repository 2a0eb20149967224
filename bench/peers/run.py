"""Runs binnc beside PyTorch and JAX, one after the other in turns, and writes tables in Markdown.

usage: run.py PEERS_FOLDER [--workloads S,M,R,G,growth] [--rounds 3] [--results FILE] [--bench PROGRAM]
              [--programs NAME,…] [--gennet FOLDER --gennet-python PYTHON]

PEERS_FOLDER holds the peers' programs (`bench_torch.py`, `bench_jax.py`, `bench_genenet.py`, `common.py`),
which run with the Python that runs this one. Everything uses two threads, batches of 64 (of 256 where a
workload is written S@256) and a new order every epoch. Each run is kept in FILE (`target/peers.jsonl`) and not repeated, so an interrupted session
goes on where it was; delete the file for a new one. PROGRAM is what `cargo bench --bench peers --no-run`
builds, which is done where it is not given. GenNet runs on S and M where FOLDER holds it; `gennet.py` says
what PYTHON needs. `--programs` leaves out all others but binnc.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GENERAL = {
    "PyTorch padded + compile": ["{peers}/bench_torch.py", "{w}", "padded", "--compile"],
    "PyTorch index_add": ["{peers}/bench_torch.py", "{w}", "segsum"],
    "JAX BCOO": ["{peers}/bench_jax.py", "{w}", "bcoo"],
}
VARIED = [f"{HERE}/varied.py", "{peers}"]
FLOATS = {
    f"{name}, floats in memory": [*VARIED, "{batch}", "floats", *GENERAL[name]]
    for name in ("PyTorch padded + compile", "JAX BCOO")
}
MASKED = {"PyTorch masked dense": ["{peers}/bench_torch.py", "{w}", "masked"]}
RAGGED = {
    "PyTorch padded + compile": [f"{HERE}/ragged.py", "{peers}", "torch-padded+compile"],
    "PyTorch index_add": [f"{HERE}/ragged.py", "{peers}", "torch-segsum"],
    "JAX BCOO": [f"{HERE}/ragged.py", "{peers}", "jax-bcoo"],
}
PRIVATE = {"PyTorch bmm + compile": ["{peers}/bench_genenet.py", "bmm", "--compile"]}
PEERS = {"S": GENERAL | FLOATS | MASKED, "M": GENERAL | FLOATS, "L": GENERAL, "R": RAGGED, "G": PRIVATE}
GENNET = "GenNet"
# Programs that run with a Python of their own.
PYTHONS = {}
# Minutes for a few epochs: once is enough.
ONCE = {("S", "PyTorch masked dense"), ("R", "PyTorch padded + compile")}
# Epochs that binnc trains; the peers choose theirs.
EPOCHS = {"S": 60, "M": 12, "L": 6, "R": 12, "G": 12}
# Mean training loss is compared after this epoch, counted from 0.
COMPARED = {"S": 7, "M": 3, "L": 3, "R": 3, "G": 5}
OURS = {"binnc, 2 threads": 2, "binnc, 1 thread": 1}
BASE = "binnc, 2 threads"
TOLERANCE = 1e-3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("peers", type=Path)
    parser.add_argument("--workloads", default="S,M,R,G,growth")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--results", type=Path, default=ROOT / "target" / "peers.jsonl")
    parser.add_argument("--bench", type=Path)
    parser.add_argument("--programs")
    parser.add_argument("--gennet", type=Path)
    parser.add_argument("--gennet-python", default=sys.executable)
    given = parser.parse_args()
    os.environ.setdefault("PEERS_BUDGET_S", "20")
    given.peers = given.peers.resolve()
    bench = given.bench.resolve() if given.bench else built()
    workloads = given.workloads.split(",")
    if given.gennet:
        words = [f"{HERE}/gennet.py", str(given.gennet.resolve()), "{peers}", "{w}"]
        PYTHONS[GENNET] = given.gennet_python
        for workload in ("S", "M"):
            PEERS[workload] = PEERS[workload] | {GENNET: words}
    wanted = given.programs.split(",") if given.programs else None
    known = {name for programs in PEERS.values() for name in programs}
    for name in sorted(set(wanted or []) - known):
        parser.error(f"there is no program `{name}`; known: {', '.join(sorted(known))}")
    for programs in (*PEERS.values(), GENERAL):
        for name in [name for name in programs if wanted and name not in wanted]:
            del programs[name]
    session = Session(given.results, given.peers)
    for workload in workloads:
        if workload == "growth":
            session.growth(bench)
        else:
            session.measure(workload, bench, given.rounds)
    session.tables([workload for workload in workloads if workload != "growth"])
    if "growth" in workloads:
        session.grown()


def built():
    command = ["cargo", "bench", "--bench", "peers", "--no-run", "--message-format", "json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [Path(line["executable"]) for line in said if line.get("executable")][-1]


def parts(workload):
    """The workload's own name, and rows a step."""
    base, _, batch = workload.partition("@")
    return base, int(batch or 64)


def programs_of(workload):
    """The peers' programs; with other batches, those that are general and fed."""
    base, batch = parts(workload)
    if batch == 64:
        return PEERS[base]
    return {name: [*VARIED, "{batch}", "fed", *words] for name, words in GENERAL.items()}


class Session:
    """Runs that are kept in a file, by workload, program and round."""

    def __init__(self, path, peers):
        self.path, self.peers, self.kept = path, peers, {}
        path.parent.mkdir(parents=True, exist_ok=True)
        for line in path.read_text().splitlines() if path.exists() else []:
            one = json.loads(line)
            self.kept[one["workload"], one["program"], one["round"]] = one["result"]

    def keep(self, workload, program, turn, run):
        if (workload, program, turn) in self.kept:
            return
        print(f"{workload}: {program}, round {turn + 1}", file=sys.stderr, flush=True)
        result = run()
        self.kept[workload, program, turn] = result
        with self.path.open("a") as file:
            line = dict(workload=workload, program=program, round=turn, result=result)
            file.write(json.dumps(line) + "\n")

    def measure(self, workload, bench, rounds):
        base, batch = parts(workload)
        prepare = [sys.executable, HERE / "prepare.py", self.peers, base, str(EPOCHS[base]), str(batch)]
        folder = subprocess.run(prepare, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        programs = {name: [bench, folder, str(threads), str(batch)] for name, threads in OURS.items()}
        if workload == "G":
            programs |= {f"peak, {threads}": [bench, "peak", str(threads)] for threads in (1, 2)}
        for name, words in programs_of(workload).items():
            words = [word.format(w=base, peers=self.peers, batch=batch) for word in words]
            programs[name] = [PYTHONS.get(name, sys.executable), *words]
        for turn in range(rounds):
            for name, command in programs.items():
                if turn == 0 or (workload, name) not in ONCE:
                    self.keep(workload, name, turn, lambda: last_json(command, self.peers))

    def growth(self, bench):
        for threads in (1, 2):
            command = [bench, "growth", str(threads)]
            self.keep("growth", f"{threads}", 0, lambda: subprocess.check_output(command, text=True))

    def of(self, workload, program):
        found = [result for (w, p, _), result in self.kept.items() if (w, p) == (workload, program)]
        return [result for result in found if result]

    def tables(self, workloads):
        print("| workload | program | samples/s, median | best | peak MB | loss agrees "
              "| binnc is faster, median / best |")
        print("|---|---|---|---|---|---|---|")
        for workload in workloads:
            for name in [*OURS, *programs_of(workload)]:
                if self.of(workload, name):
                    print(self.row(workload, name))
                else:
                    print(f"| {workload} | {name} | gave no figures | | | | |")
        print("\n| workload | threads | variant–gene edges | ns an edge and sample | with 5 a gene "
              "| gain of the second thread |")
        print("|---|---|---|---|---|---|")
        for workload in workloads:
            self.costs(workload)
        self.shares()

    def row(self, workload, name):
        results, ours = self.of(workload, name), rate(self.of(workload, BASE))
        median, best = rate(results)
        peak = max(r["peak_rss_mb"] for r in results)
        ratio = f"{ours[0] / median:.1f} × / {ours[1] / best:.1f} ×"
        agrees = self.agrees(workload, results)
        return f"| {workload} | {name} | {median:,.0f} | {best:,.0f} | {peak:,.0f} | {agrees} | {ratio} |"

    def agrees(self, workload, results):
        """Whether each run's loss is that of binnc's first run, after the same epoch."""
        if any(r.get("another_network") for r in results):
            return "another network"
        ours = self.of(workload, BASE)[0]["loss_per_epoch"]
        least = min(len(r["loss_per_epoch"]) for r in results)
        at = min(COMPARED[parts(workload)[0]], least - 1, len(ours) - 1)
        away = max(abs(r["loss_per_epoch"][at] - ours[at]) for r in results)
        return f"{'yes' if away < TOLERANCE else 'NO'}, {ours[at]:.4f} ± {away:.0e} in epoch {at + 1}"

    def costs(self, workload):
        """Time for each edge of a variant, and where a gene counts as five more."""
        alone = rate(self.of(workload, "binnc, 1 thread"))[0]
        for name, threads in reversed(OURS.items()):
            results = self.of(workload, name)
            edges, genes = results[0]["variant_edges"], results[0]["genes"]
            each = 1e9 / rate(results)[0]
            gain = f"{rate(results)[0] / alone:.2f} ×" if threads == 2 else ""
            print(f"| {workload} | {threads} | {edges:,} | {each / edges:.3f} "
                  f"| {each / (edges + 5 * genes):.3f} | {gain} |")

    def shares(self):
        """The share of the machine's fused products that a step of private networks reaches."""
        for name, threads in OURS.items():
            results = self.of("G", name)
            peaks = [r["gflops"] for r in self.of("G", f"peak, {threads}")]
            if results and peaks:
                reached = rate(results)[0] * results[0]["flop_per_sample"] / 1e9
                print(f"\nG, {name}: {reached:.1f} of {max(peaks):.0f} GFLOP/s, "
                      f"{100 * reached / max(peaks):.1f} %")

    def grown(self):
        for threads in (1, 2):
            print("\n" + "".join(self.of("growth", f"{threads}")))


def last_json(command, folder):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1800)
    except subprocess.TimeoutExpired:
        print("  more than half an hour: left out", file=sys.stderr)
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        print(f"  no figures:\n{done.stderr[-400:]}", file=sys.stderr)
        return None
    return json.loads(lines[-1])


def rate(results):
    median = statistics.median(r["train_samples_per_s"] for r in results)
    return median, max(r.get("train_samples_per_s_best") or best_of(r) for r in results)


def best_of(result):
    return result["train_samples_per_s"] * result["epoch_s_median"] / result["epoch_s_best"]


main()
