"""Sums what libFuzzer says of its runs in fuzz/logs: executions and seconds of each target."""

import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent


def figures(log):
    text = log.read_text(errors="replace")
    done = re.findall(r"^Done (\d+) runs in (\d+) second", text, re.M)
    if done:
        return int(done[-1][0]), int(done[-1][1])
    units = re.findall(r"^stat::number_of_executed_units:\s+(\d+)", text, re.M)
    rate = re.findall(r"^stat::average_exec_per_sec:\s+(\d+)", text, re.M)
    if units:
        return int(units[-1]), round(int(units[-1]) / max(1, int(rate[-1])))
    shown = re.findall(r"^#(\d+)\s", text, re.M)
    return (int(shown[-1]), 0) if shown else (0, 0)


def main():
    totals = {}
    for log in sorted((HERE / "logs").glob("*-*.txt")):
        target = log.stem.rsplit("-", 1)[0]
        runs, seconds = figures(log)
        before = totals.get(target, (0, 0))
        totals[target] = (before[0] + runs, before[1] + seconds)
    for target, (runs, seconds) in sorted(totals.items()):
        kept = sum(len(list((HERE / folder / target).glob("*"))) for folder in ["corpus", "regressions"])
        print(f"| `{target}` | {runs:,} | {seconds:,} | {kept} |")


main()
