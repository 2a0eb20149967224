"""Runs a peer's program with batches of another size, or with its genotypes in memory as floats.

usage: varied.py PEERS_FOLDER BATCH fed|floats PROGRAM [ARGUMENT …]

*fed* widens the bytes of each batch as the peers do; *floats* widens all of them once, which takes four times
the memory and saves that work.
"""

import runpy
import sys

sys.path.insert(0, sys.argv[1])
import common  # noqa: E402
import numpy as np  # noqa: E402


class Floats(common.Data):
    def __init__(self, *given):
        super().__init__(*given)
        self.x = self.x.astype(np.float32)

    def batch(self, rows):
        return self.x[rows], self.y[rows]


def main():
    common.BATCH = int(sys.argv[2])
    if sys.argv[3] == "floats":
        common.Data = Floats
    sys.argv = sys.argv[4:]
    runpy.run_path(sys.argv[0], run_name="__main__")


main()
