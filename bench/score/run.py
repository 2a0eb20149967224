#!/usr/bin/env python3
"""Times `binnc predict` end to end on what make.py wrote, round after round.

    python3 run.py FOLDER PROGRAM [--rounds 5] [--threads 1,2]

Models are trained where they are not there yet. One line a model and number of threads: seconds of
the wall clock and of the processors, the part with calls, each as median and best, and peak memory.
Every table must be the same. Python's standard library is enough.
"""

import argparse
import os
import pathlib
import re
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
    print("model    threads  wall median/best s  processors s  with calls median/best s  peak MB")
    for (model, threads), found in measured.items():
        wall, processors, calls, peak = zip(*found)
        print(
            f"{model:8} {threads:7}  {statistics.median(wall):9.3f} / {min(wall):.3f}"
            f"  {statistics.median(processors):12.3f}"
            f"  {statistics.median(calls):16.3f} / {min(calls):.3f}  {max(peak):9.0f}"
        )


def predict(folder, program, model, threads):
    command = [program, "predict", f"{model}/model.safetensors", "--bfile", "many"]
    command += ["--threads", str(threads), "--out", f"{model}.tsv"]
    started = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.monotonic() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, said
    calls = re.search(r"scored in ([\d.]+) s", said)
    processors = used.ru_utime + used.ru_stime
    table = (folder / f"{model}.tsv").read_bytes()
    return (wall, processors, float(calls[1]), used.ru_maxrss / 1000), table


if __name__ == "__main__":
    main()
