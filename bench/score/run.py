#!/usr/bin/env python3
"""Times `binnc predict` end to end on what make.py wrote, round after round.

    python3 run.py FOLDER PROGRAM [--rounds 5] [--threads 1,2]

Models are trained where they are not there yet. One line a model and number of threads: seconds of
the wall clock and of the processors, the part with calls, each as median and best, and peak memory.
Every table must be the same. Where `plink2` is on the path, each round ends with its `--score` of one
weight a variant on as many threads. Python's standard library is enough.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import time

MODELS = ("linear", "network")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("program")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--threads", default="1,2")
    given = arguments.parse_args()
    given.program = pathlib.Path(given.program).resolve()
    for model in MODELS:
        if not (given.folder / model / "model.safetensors").exists():
            command = [given.program, "run", f"{model}.binn", "--out", model, "--quiet"]
            subprocess.run(command, cwd=given.folder, check=True, stdout=subprocess.DEVNULL)
    cases = [(model, int(threads)) for model in MODELS for threads in given.threads.split(",")]
    measured = {case: [] for case in cases}
    tables = {}
    for _ in range(given.rounds):
        for case in cases:
            found, table = predict(given.folder, given.program, *case)
            measured[case].append(found)
            assert tables.setdefault(case[0], table) == table, "tables differ"
        if shutil.which("plink2"):
            for threads in given.threads.split(","):
                measured.setdefault(("plink2", int(threads)), []).append(plink2(given.folder, threads))
    print("model    threads  wall median/best s  processors s  with calls median/best s  peak MB")
    for (model, threads), found in measured.items():
        wall, processors, calls, peak = zip(*found)
        calls = [value for value in calls if value is not None] or [float("nan")]
        print(
            f"{model:8} {threads:7}  {statistics.median(wall):9.3f} / {min(wall):.3f}"
            f"  {statistics.median(processors):12.3f}"
            f"  {statistics.median(calls):16.3f} / {min(calls):.3f}  {max(peak):9.0f}"
        )


def predict(folder, program, model, threads):
    command = [program, "predict", f"{model}/model.safetensors", "--bfile", "many"]
    command += ["--threads", str(threads), "--out", f"{model}.tsv"]
    wall, processors, peak, said = timed(command, folder)
    calls = re.search(r"scored in ([\d.]+) s", said)
    return (wall, processors, float(calls[1]), peak), (folder / f"{model}.tsv").read_bytes()


def plink2(folder, threads):
    weights = folder / "weights.tsv"
    if not weights.exists():
        variants = (line.split() for line in (folder / "many.bim").read_text().splitlines())
        lines = (f"{line[1]}\t{line[4]}\t{(7 * at) % 101 / 100 - 0.5:.2f}\n" for at, line in enumerate(variants))
        weights.write_text("".join(lines))
    command = ["plink2", "--bfile", "many", "--score", "weights.tsv", "1", "2", "3", "--threads", threads]
    wall, processors, peak, _ = timed([*command, "--out", "plink2"], folder)
    return wall, processors, None, peak


def timed(command, folder):
    """Seconds of the wall clock and of the processors, peak in MB, and what was said."""
    started = time.monotonic()
    child = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.monotonic() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, said
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, said


if __name__ == "__main__":
    main()
