"""Records Fixtures/networks/checkpoint_*.pt: small published networks of all kinds, with answers.

Each is a PublishedNetwork of published_network.py with random weights and running statistics, saved
as a plain dict; checkpoint_answers.safetensors holds, per network, two maps and what PyTorch says
of them in float32 and float64.

    name        nside   grid      maps                                 outputs
    nside8      8       16 x 32   temperature                          1
    nside32     32      64 x 128  temperature, few degrees             1
    mask        4       8 x 16    Q, U and a mask, three blocks        2
    inpaint     4       8 x 16    the same, filled with the mean       2
    zeros       4       8 x 16    temperature, zeros filled            1

    <name>.maps [2, fields, npix]      masked pixels are 0
    <name>.observed [npix]             1 where observed, 0 where masked
    <name>.float32, <name>.float64 [2, outputs]

The mask channel is `observed`, as healpy's unseen pixels become it. `mask` without its mask channel
set to 0 and `inpaint` without inpainting answer differently: <name>.other [2, outputs].
"""

import io

import numpy as np
import torch

from published_network import PublishedNetwork
from recording import Recorder

SMALL = dict(nside=4, nlat=8, nlon=16, degrees=11, orders=9)
CASES = {
    "nside8": dict(nside=8, nlat=16, nlon=32, degrees=23, orders=17, hidden=2, blocks=2),
    "nside32": dict(nside=32, nlat=64, nlon=128, degrees=7, orders=65, hidden=2, blocks=1),
    "mask": dict(SMALL, in_channels=3, hidden=3, blocks=3, outputs=2),
    "inpaint": dict(SMALL, in_channels=3, hidden=3, blocks=2, outputs=2, inpainting=True),
    "zeros": dict(SMALL, hidden=2, blocks=2, inpainting=True),
}
SEED = 2600


def network(sizes, generator, dtype):
    model = PublishedNetwork(**sizes, dtype=dtype).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            values = torch.randn(parameter.shape, generator=generator)
            scale = 1.5 if parameter.dim() == 4 else 0.5
            parameter.copy_(scale * values)
        for normalise in model.batchnorms:
            shape = normalise.running_mean.shape
            normalise.running_mean.copy_(0.1 * torch.randn(shape, generator=generator))
            normalise.running_var.copy_(0.5 + torch.rand(shape, generator=generator))
    return model


def answers(name, sizes, seed):
    def outputs(fields, dtype, **changes):
        model = network(sizes | changes, torch.Generator().manual_seed(seed), dtype)
        with torch.no_grad():
            return model(torch.from_numpy(fields).to(dtype)).double().numpy(), model

    rng = np.random.default_rng(seed)
    npix, channels = 12 * sizes["nside"] ** 2, sizes.get("in_channels", 1)
    count = 1 if channels == 1 else 2
    maps = rng.standard_normal((2, count, npix)).astype(np.float32)
    observed = np.ones(npix, dtype=np.float32)
    if channels == 3 or sizes.get("inpainting"):
        observed[rng.random(npix) < 0.3] = 0
    maps *= observed
    mask = np.broadcast_to(observed, (2, 1, npix))
    fields = maps if channels == 1 else np.concatenate([maps, mask], axis=1)
    single, model = outputs(fields, torch.float32)
    double, _ = outputs(fields, torch.float64)
    if name == "mask":
        other, _ = outputs(
            np.concatenate([maps, np.ones_like(mask)], axis=1), torch.float64)
    elif sizes.get("inpainting"):
        other, _ = outputs(fields, torch.float64, inpainting=False)
    else:
        other = -double
    assert np.max(np.abs(single - double)) < 1e-5 * np.max(np.abs(double))
    assert np.max(np.abs(other - double)) > 1e-3 * np.max(np.abs(double))
    tensors = {
        "maps": maps, "observed": observed, "float32": single.astype(np.float32),
        "float64": double, "other": other,
    }
    return model, {f"{name}.{key}": value for key, value in tensors.items()}


def main():
    recorder = Recorder(
        "networks", __file__, ["torch", "torch-harmonics", "healpy", "numpy"],
        ["PublishedCheckpointFixtureTests"], __doc__)
    entry = dict(
        seed=f"{SEED}...{SEED + len(CASES) - 1}", conventions="RING, see published_checkpoints.py",
        tolerance="2e-6 of the largest output (float32)",
        used_by=["PublishedCheckpointFixtureTests"])
    tensors = {}
    for index, (name, sizes) in enumerate(CASES.items()):
        model, found = answers(name, sizes, SEED + index)
        tensors |= found
        buffer = io.BytesIO()
        torch.save(dict(model.state_dict()), buffer)
        recorder.save_bytes(f"checkpoint_{name}.pt", buffer.getvalue(), **entry)
    recorder.save("checkpoint_answers", tensors, {"seed": str(SEED)}, **entry)


if __name__ == "__main__":
    main()
