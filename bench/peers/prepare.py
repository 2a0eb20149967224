"""Writes a peers' workload and its order of samples for `cargo bench --bench peers`.

usage: prepare.py PEERS_FOLDER WORKLOAD EPOCHS [BATCH]      (prints the folder)

S, M and L are those of the peers' `common.py`; R is that of `ragged.py`; G is the shape of private
networks in `bench_genenet.py`.
"""

import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import common  # noqa: E402
import numpy as np  # noqa: E402
import ragged  # noqa: E402


def private_networks():
    """Writes what `bench_genenet.py` keeps in memory."""
    import bench_genenet

    data = bench_genenet.Fake()
    folder = Path(common.scratch()) / "G"
    folder.mkdir(parents=True, exist_ok=True)
    arrays = dict(geno=data.x, pheno=data.y, w1=data.w1, w2=data.w2, w3=data.w3, w4=data.w4)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return folder


def main():
    name, epochs = sys.argv[2], int(sys.argv[3])
    batch = int(sys.argv[4]) if len(sys.argv) > 4 else common.BATCH
    if name == "R":
        folder = ragged.generate(common)
    elif name == "G":
        folder = private_networks()
    else:
        folder = Path(common.generate(name))
    samples = len(np.load(folder / "pheno.npy"))
    steps = samples // batch
    order = [
        np.random.default_rng(1000 + epoch).permutation(samples)[: steps * batch]
        for epoch in range(epochs)
    ]
    np.save(folder / "order.npy", np.stack(order).astype(np.int32))
    print(folder)


main()
