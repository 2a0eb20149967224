"""Trains GenNet's own network from its own file of genotypes, and says how many samples a second it takes.

usage: gennet.py GENNET_FOLDER PEERS_FOLDER S|M      (prints one line of JSON)

GENNET_FOLDER holds GenNet as its authors give it (github.com/ArnovanHilten/GenNet; its `GenNet_utils` with
`Create_network.py`, `Dataloader.py` and `LocallyDirectedConnected_tf2.py`). Needs `tensorflow-cpu<2.13 numpy<1.24
tables pandas scipy matplotlib`. Its network normalises each level and draws weights of its own, so its losses
cannot be those of the others; variants, genes, pathways, rows and batches are the same.
"""

import importlib
import json
import os
import sys
import time
import types
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
sys.path[:0] = sys.argv[1:3]
import common  # noqa: E402
import numpy as np  # noqa: E402
import pandas  # noqa: E402
import scipy.sparse  # noqa: E402
import tables  # noqa: E402
import tensorflow as tf  # noqa: E402

LAYER = "GenNet_utils.LocallyDirectedConnected_tf2"
LEGACY = "tensorflow.python.keras"


def main():
    workload = sys.argv[3]
    for parallelism in (tf.config.threading.set_intra_op_parallelism_threads,
                        tf.config.threading.set_inter_op_parallelism_threads):
        parallelism(common.THREADS)
    folder, genes = prepare(workload)
    import_layer()
    from GenNet_utils.Create_network import create_network_from_npz
    from GenNet_utils.Dataloader import TrainDataGenerator

    sizes = common.WORKLOADS[workload]
    model, _ = create_network_from_npz(
        datapath=folder, inputsize=sizes["snps"], genotype_path=folder, regression=True
    )
    model.compile(loss="mse", optimizer=tf.keras.optimizers.Adam(learning_rate=common.LR), metrics=["mse"])
    rows = TrainDataGenerator(
        datapath=folder, genotype_path=folder, batch_size=common.BATCH, trainsize=sizes["n"]
    )
    clock = Clock()
    # One worker, as GenNet's newer versions have it; more of them wait for one another here.
    fitted = model.fit(rows, epochs=1 + sizes["epochs"], callbacks=[clock], workers=1, verbose=0)
    seconds = clock.seconds[1:]
    median, best = float(np.median(seconds)), min(seconds)
    print(json.dumps(dict(
        peer="gennet", workload=workload, params=int(model.count_params()), batch=common.BATCH,
        threads=common.THREADS, train_samples_per_s=round(sizes["n"] / median, 1),
        epoch_s_median=round(median, 4), epoch_s_best=round(best, 4), peak_rss_mb=round(common.rss_mb()),
        loss_per_epoch=[round(loss, 5) for loss in fitted.history["mse"]], another_network=True,
        version=tf.__version__, variant_edges=sizes["snps"], genes=genes,
    )))


class Clock(tf.keras.callbacks.Callback):
    """Seconds of each epoch; the first builds the network's graph and is not counted."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.started)


def prepare(workload):
    """Writes a workload of the peers as GenNet's `convert` writes one, unless it is there."""
    source = Path(common.generate(workload))
    folder = source / "gennet"
    load = lambda name: np.load(source / f"{name}.npy")  # noqa: E731
    snp_gene, gene_path = load("snp_gene"), load("gene_path")
    genes = int(snp_gene.max()) + 1
    if not (folder / "done").exists():
        folder.mkdir(exist_ok=True)
        write_calls(folder / "genotype.h5", load("geno"))
        pairs = np.stack([np.arange(len(snp_gene)), snp_gene], 1)
        write_mask(folder / "level_0.npz", pairs, (len(snp_gene), genes))
        write_mask(folder / "level_1.npz", gene_path, (genes, int(gene_path[:, 1].max()) + 1))
        trait = load("pheno")
        pandas.DataFrame(dict(
            patient_id=np.arange(len(trait)), labels=trait, genotype_row=np.arange(len(trait)), set=1
        )).to_csv(folder / "subjects.csv", index=False)
        (folder / "done").write_text("ok\n")
    return f"{folder}/", genes


def write_calls(path, calls):
    """Numbers of 32 bits, compressed, as GenNet's own conversion leaves them."""
    with tables.open_file(str(path), mode="w") as file:
        array = file.create_earray(
            file.root, "data", tables.IntCol(), (0, calls.shape[1]), expectedrows=len(calls),
            filters=tables.Filters(complib="zlib", complevel=1),
        )
        for rows in np.array_split(calls, max(1, calls.size // 50_000_000)):
            array.append(rows)


def write_mask(path, pairs, shape):
    ones = np.ones(len(pairs), bool)
    scipy.sparse.save_npz(path, scipy.sparse.coo_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=shape))


def import_layer():
    """Imports GenNet's layer with the classes of today's Keras.

    It derives its layer from the copy of Keras inside TensorFlow, which was the same as `tf.keras` in the
    versions that it was written for and is another since.
    """
    legacy = importlib.import_module(LEGACY)
    names = ("activations", "constraints", "initializers", "regularizers")
    for name in (*names, "backend", "engine.base_layer", "engine.input_spec", "utils.conv_utils", "utils.tf_utils"):
        importlib.import_module(f"{LEGACY}.{name}")
    kept = {name: getattr(legacy, name) for name in names}
    stand_ins = {"engine.base_layer": ("Layer", tf.keras.layers.Layer),
                 "engine.input_spec": ("InputSpec", tf.keras.layers.InputSpec)}
    modules = {f"{LEGACY}.{name}": sys.modules[f"{LEGACY}.{name}"] for name in stand_ins}
    try:
        for name in names:
            setattr(legacy, name, getattr(tf.keras, name))
        for name, (attribute, value) in stand_ins.items():
            module = types.ModuleType(f"{LEGACY}.{name}")
            setattr(module, attribute, value)
            sys.modules[module.__name__] = module
        importlib.import_module(LAYER)
    finally:
        for name, value in kept.items():
            setattr(legacy, name, value)
        sys.modules.update(modules)


main()
