"""Runs binnc beside PyTorch and JAX, one after the other in turns, and writes a table in Markdown.

usage: run.py PEERS_FOLDER BINNC_BENCH [--workloads S,M] [--rounds 3]

PEERS_FOLDER holds the peers' programs (`bench_torch.py`, `bench_jax.py`, `common.py`) and runs with the
Python that runs this one; BINNC_BENCH is the program that `cargo bench --bench peers --no-run` names.
Everything uses two threads, batches of 64 and a new order every epoch.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PEERS = {
    "PyTorch padded + compile": ["bench_torch.py", "{w}", "padded", "--compile"],
    "PyTorch index_add": ["bench_torch.py", "{w}", "segsum"],
    "JAX BCOO": ["bench_jax.py", "{w}", "bcoo"],
}
# Epochs that binnc trains; the peers choose theirs.
EPOCHS = {"S": 60, "M": 12, "L": 6}
# Mean training loss of this epoch, which every program must reach.
LOSSES = {"S": (7, 0.8853), "M": (3, 0.8030), "L": (3, 0.5856)}


def last_json(command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=3600)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        print(f"{' '.join(map(str, command))} gave no figures:\n{done.stderr[-400:]}", file=sys.stderr)
        return None
    return json.loads(lines[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peers", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--workloads", default="S,M")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    os.environ.setdefault("PEERS_BUDGET_S", "20")
    print("| workload | program | samples/s, median | best | peak MB | loss agrees | binnc is faster, median / best |")
    print("|---|---|---|---|---|---|---|")
    for workload in given.workloads.split(","):
        table(workload, given)


def table(workload, given):
    prepare = [sys.executable, HERE / "prepare.py", given.peers, workload, str(EPOCHS[workload])]
    folder = subprocess.run(prepare, capture_output=True, text=True, check=True).stdout.strip()
    programs = {"binnc, 2 threads": [given.bench.resolve(), folder, "2"]}
    programs |= {"binnc, 1 thread": [given.bench.resolve(), folder, "1"]}
    programs |= {
        name: [sys.executable, *(word.format(w=workload) for word in words)] for name, words in PEERS.items()
    }
    found = {name: [] for name in programs}
    for _ in range(given.rounds):
        for name, command in programs.items():
            result = last_json(command, cwd=given.peers)
            if result:
                found[name].append(result)
    ours = rate(found["binnc, 2 threads"])
    for name, results in found.items():
        if results:
            print(row(workload, name, results, ours))
    sys.stdout.flush()


def rate(results):
    median = statistics.median(r["train_samples_per_s"] for r in results)
    seen = [r.get("train_samples_per_s_best") or best_of(r) for r in results]
    return median, max(seen)


def best_of(result):
    return result["train_samples_per_s"] * result["epoch_s_median"] / result["epoch_s_best"]


def row(workload, name, results, ours):
    epoch, wanted = LOSSES[workload]
    losses = [r["loss_per_epoch"][epoch] for r in results if len(r["loss_per_epoch"]) > epoch]
    agrees = "yes" if losses and all(abs(loss - wanted) < 1e-3 for loss in losses) else f"{losses}"
    median, best = rate(results)
    peak = max(r["peak_rss_mb"] for r in results)
    ratio = f"{ours[0] / median:.1f} × / {ours[1] / best:.1f} ×"
    return f"| {workload} | {name} | {median:,.0f} | {best:,.0f} | {peak:,.0f} | {agrees} | {ratio} |"


main()
