"""Writes a peers' workload and its order of samples for `cargo bench --bench peers`.

usage: prepare.py PEERS_FOLDER WORKLOAD EPOCHS      (prints the folder)
"""

import sys
from pathlib import Path

peers, name, epochs = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sys.path.insert(0, str(peers))
import common  # noqa: E402
import numpy as np  # noqa: E402

folder = Path(common.generate(name))
steps = common.WORKLOADS[name]["n"] // common.BATCH
order = [
    np.random.default_rng(1000 + epoch).permutation(common.WORKLOADS[name]["n"])[: steps * common.BATCH]
    for epoch in range(epochs)
]
np.save(folder / "order.npy", np.stack(order).astype(np.int32))
print(folder)
