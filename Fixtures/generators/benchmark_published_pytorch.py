"""Speed of the published network in PyTorch on this machine; one JSON line per measurement.

    python benchmark_published_pytorch.py --task t1 --batch 32 --steps 10 --threads 2

    training                        Adam 1e-3 and MSE on maps that are there already
    training_with_generation        fresh float32 maps by healpy.synfast for every step
    inference                       forward passes without gradients
    generation                      healpy.synfast alone

Float32, nside 16, full size, dropout 0.2. The sky of t1 is the peaked spectrum; t2 and t3 take
the same spectrum for E and B and a full-sky mask as third channel, since the speed does not
depend on its shape.
"""

import argparse
import json
import os
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--task", choices=["t1", "t2", "t3"], default="t1")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--steps", type=int, default=10, help="timed steps per measurement")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def main():
    options = arguments()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)  # read when torch and healpy are loaded
    import healpy
    import numpy as np
    import torch
    from published_network import PublishedNetwork, TASKS, parameter_count

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    np.random.seed(0)  # healpy.synfast draws from the global generator
    random = np.random.default_rng(0)
    sizes = TASKS[options.task]
    network = PublishedNetwork(**sizes, dtype=torch.float32)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    degrees = np.arange(48)

    def draw():
        """A batch of float32 maps [B, C, 3072] and targets [B, outputs]."""
        maps, targets = [], []
        for _ in range(options.batch):
            peak = random.uniform(5, 20)
            spectrum = np.exp(-((degrees - peak) ** 2) / 50) + 1e-5
            if options.task == "t1":
                sky = healpy.synfast(spectrum, 16, lmax=47)[None]
            else:
                polarised = np.where(degrees >= 2, spectrum, 0)
                zero = np.zeros_like(spectrum)
                sky = healpy.synfast(
                    [zero, polarised, polarised, zero], 16, lmax=47, new=True)[1:]
                sky = np.concatenate([sky, np.ones((1, sky.shape[1]))])
            maps.append(sky.astype(np.float32))
            targets.append([peak] * sizes["outputs"])
        return torch.from_numpy(np.stack(maps)), torch.tensor(targets, dtype=torch.float32)

    def step(maps, targets):
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(network(maps), targets).backward()
        optimiser.step()

    def measure(name, action):
        action()  # not timed: first calls allocate
        start = time.perf_counter()
        for _ in range(options.steps):
            action()
        seconds = time.perf_counter() - start
        print(json.dumps({
            "name": name, "task": options.task, "architecture": "published", "program": "pytorch",
            "torch": torch.__version__, "precision": "float32", "threads": options.threads,
            "batch": options.batch, "steps": options.steps, "parameters": parameter_count(network),
            "seconds": round(seconds, 4),
            "maps_per_second": round(options.batch * options.steps / seconds, 2),
        }), flush=True)

    ready = draw()
    network.train()
    measure("training", lambda: step(*ready))
    measure("training_with_generation", lambda: step(*draw()))
    network.eval()
    with torch.no_grad():
        measure("inference", lambda: network(ready[0]))
    measure("generation", draw)


if __name__ == "__main__":
    main()
