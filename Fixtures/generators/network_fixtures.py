"""Records Fixtures/networks: the published network (published_network.py) on small random weights.

    <case>.safetensors     nine small networks in float64: input, target, state, output, loss,
                           every gradient, updated statistics, and the inside of the first block
    full_t1.safetensors    the T1 network at its published size, weights from `formula_state`
    layers.safetensors     batch normalisation, linear layer, ReLU, MSE and Huber loss
    tiny_plain.pt, tiny_ordered.pt, tiny_expected.safetensors     state dicts and their predictions

Names of tensors in a case:

    input [B, C, npix]     target, output [B, n]
    loss [1]               mean of (output - target)^2 over B and n
    state.<key>            the whole state dict before the forward pass
    gradient.input, gradient.<key>     dL/d(input map) and dL/d(parameter)
    updated.<key>          running statistics and num_batches_tracked after it (training cases only)
    inside.fields [B, C, nlat, nlon]               after resampling (and inpainting)
    inside.coefficients [B, C, degrees, orders, 2] analysis of these (re, im)
    inside.block_output, inside.normalised [B, hidden, nlat, nlon]   before and after batch norm
    inside.pooled [B, hidden]                      plain mean over the grid after the last block

Some random networks cannot be compared in float32: a ReLU whose argument is within rounding of
zero, or a gradient that is a small difference of large terms. Seeds are searched upwards from the
given one until every ReLU argument of a case is further than `KINK_MARGIN` from zero and
PyTorch's own float32 gradients agree with its float64 gradients to `FLOAT32_ERROR` (relative L2,
every tensor). The error found is in the metadata (`pytorch_float32_error`), also for full_t1,
where nothing is searched.
"""

import io
from collections import OrderedDict

import numpy as np
import torch
from torch import nn

from published_network import PublishedNetwork, check_tables, parameter_count, PUBLISHED_COUNTS
from recording import Recorder

KINK_MARGIN = 2e-5
FLOAT32_ERROR = 5e-6
SAMPLES = 64

SMALL = dict(nside=4, nlat=8, nlon=16, degrees=11, orders=9)
MEDIUM = dict(nside=8, nlat=16, nlon=32, degrees=16, orders=17)
LARGE = dict(nside=16, nlat=32, nlon=64, degrees=47, orders=33)

# name -> (batch, training, sky fraction of the mask channel or None, sizes)
CASES = {
    "nside4_one_block_train": (3, True, None, dict(SMALL, hidden=3, blocks=1)),
    "nside4_two_blocks_train": (
        4, True, None, dict(SMALL, in_channels=2, hidden=4, blocks=2, outputs=2)),
    "nside4_inpaint_train": (
        3, True, 0.5, dict(SMALL, in_channels=3, hidden=3, blocks=2, outputs=2, inpainting=True)),
    "nside4_inpaint_zeros_inference": (
        2, False, 0.7, dict(SMALL, hidden=5, blocks=2, inpainting=True)),
    "nside4_mask_channel_train": (
        2, True, 0.3, dict(SMALL, in_channels=2, hidden=8, blocks=1)),
    "nside8_three_blocks_train": (2, True, None, dict(MEDIUM, hidden=5, blocks=3)),
    "nside8_below_nyquist_inference": (
        3, False, None,
        dict(MEDIUM, degrees=23, orders=12, in_channels=2, hidden=4, blocks=2)),
    "nside16_two_blocks_train": (3, True, None, dict(LARGE, hidden=3, blocks=2)),
    "nside16_inpaint_inference": (
        2, False, 0.2,
        dict(LARGE, degrees=23, in_channels=3, hidden=3, blocks=2, outputs=2, inpainting=True)),
}

CONVENTIONS = (
    "maps RING; degrees and orders are counts (l < degrees, m < orders); weights [out, in, l, m]; "
    "orthonormal, Condon-Shortley; gradients dL/dRe and dL/dIm separately; batch norm eps 1e-5, "
    "momentum 0.1, running variance unbiased; counters int64")
TOLERANCE = (
    "relative L2 per tensor: 4e-13 in float64, 8e-6 in float32; absolute where the "
    "reference vanishes (inference: imaginary weights of the last block)")
PACKAGES = ["torch", "torch-harmonics", "healpy", "numpy"]


def flattened(tensors):
    """name -> numpy array, for a dictionary of torch tensors."""
    return {name: tensor.detach().numpy() for name, tensor in tensors.items()}


def randomise(network, generator):
    """Random state of order one: block outputs, statistics and gradients all of comparable size."""
    with torch.no_grad():
        for name, tensor in network.state_dict(keep_vars=True).items():
            normal = torch.randn(tensor.shape, generator=generator, dtype=torch.float64)
            uniform = torch.rand(tensor.shape, generator=generator, dtype=torch.float64)
            if name.startswith("blocks"):
                tensor.copy_(normal / np.sqrt(2 * tensor.shape[1]))
            elif name.startswith("batchnorms") and name.endswith(("weight", "running_var")):
                tensor.copy_(0.5 + uniform)
            elif name.endswith("num_batches_tracked"):
                tensor.fill_(7)
            elif name.startswith("fc"):
                tensor.copy_(normal / np.sqrt(tensor.shape[-1]))
            elif name != "to_equi.pixel_indices":
                tensor.copy_(0.3 * normal)


def random_maps(batch, sizes, sky_fraction, generator):
    """s (1 + w/2), white noise w and one amplitude s per map and channel, both of unit variance.

    The monopole differs from map to map: white maps alone would leave the mean over the grid, and
    with it most gradients, small. A mask channel hides the first pixels in RING order, whose
    values are zero."""
    npix = 12 * sizes["nside"] ** 2
    channels = sizes.get("in_channels", 1)
    amplitude = torch.randn(batch, channels, 1, generator=generator, dtype=torch.float64)
    white = torch.randn(batch, channels, npix, generator=generator, dtype=torch.float64)
    maps = amplitude * (1 + 0.5 * white)
    if sky_fraction is not None:
        observed = torch.arange(npix) >= (1 - sky_fraction) * npix
        maps = torch.where(observed, maps, 0)
        if channels > 1:
            maps[:, -1] = observed.to(maps.dtype)
    return maps


def smallest_relu_argument(trace):
    blocks = [trace[key]["normalised"] for key in sorted(trace) if key.startswith("block")]
    arguments = blocks[:-1] + [trace["fc_before_relu"]]
    return min(float(argument.abs().min()) for argument in arguments)


def run(network, maps, target):
    """Forward and backward. Returns the tensors of a fixture and the trace."""
    tensors = {"input": maps.numpy(), "target": target.numpy()}
    tensors |= {f"state.{k}": v.copy() for k, v in flattened(network.state_dict()).items()}
    trace = {}
    maps = maps.clone().requires_grad_()
    output = network(maps, trace)
    loss = nn.functional.mse_loss(output, target)
    loss.backward()
    tensors["output"] = output.detach().numpy()
    tensors["loss"] = loss.detach().numpy().reshape(1)
    tensors["gradient.input"] = maps.grad.numpy()
    for name, parameter in network.named_parameters():
        tensors[f"gradient.{name}"] = parameter.grad.numpy()
    if network.training:
        for name, tensor in flattened(network.state_dict()).items():
            if "running" in name or "tracked" in name:
                tensors[f"updated.{name}"] = tensor
    return tensors, trace


def float32_error(sizes, training, reference, state):
    """The worst relative L2 error of PyTorch's output and gradients in float32, and its tensor."""
    network = PublishedNetwork(**sizes, dropout=0.0, dtype=torch.float32).train(training)
    network.load_state_dict(state)
    maps, target = (torch.from_numpy(reference[key]).float() for key in ("input", "target"))
    result, _ = run(network, maps, target)
    errors = {}
    for key, value in reference.items():
        if key == "output" or key.startswith("gradient."):
            norm = np.linalg.norm(value) or 1.0
            errors[key] = float(np.linalg.norm(result[key] - value) / norm)
    worst = max(errors, key=errors.get)
    return errors[worst], worst


def record_case(recorder, name, first_seed):
    batch, training, sky_fraction, sizes = CASES[name]
    for seed in range(first_seed, first_seed + 100):
        generator = torch.Generator().manual_seed(seed)
        network = PublishedNetwork(**sizes, dropout=0.0, dtype=torch.float64)
        network.train(training)
        randomise(network, generator)
        maps = random_maps(batch, sizes, sky_fraction, generator)
        target = torch.randn(
            batch, sizes.get("outputs", 1), generator=generator, dtype=torch.float64)
        state = {key: value.clone() for key, value in network.state_dict().items()}
        tensors, trace = run(network, maps, target)
        margin = smallest_relu_argument(trace)
        error, worst = float32_error(sizes, training, tensors, state)
        if margin > KINK_MARGIN and error < FLOAT32_ERROR:
            break
    else:
        raise RuntimeError(f"{name}: no seed makes a network that float32 can follow")
    check_tables(network)
    inside = dict(trace["block0"], fields=trace["fields"], pooled=trace["pooled"])
    tensors |= {f"inside.{key}": value.numpy() for key, value in inside.items()}
    metadata = dict(case=name, mode="training" if training else "inference", dropout="0",
                    batch=str(batch), smallest_relu_argument=repr(margin),
                    pytorch_float32_error=f"{error:.1e} ({worst})")
    defaults = dict(in_channels=1, outputs=1, inpainting=False)
    metadata |= {key: str(value).lower() for key, value in (defaults | sizes).items()}
    recorder.save(name, tensors, metadata, seed=seed, conventions=CONVENTIONS, tolerance=TOLERANCE)


def formula_state(network):
    """Weights that any language can recompute: value(k) = offset + scale sin(0.37 k + phase).

    k is the flattened index (C order) within the tensor, phase the position of the tensor in the
    list of parameters in state-dict order, counted from 0. Offset: 1 for batch-norm weights, else
    0. Scale: 3/((1 + l) sqrt(inputs)) for spectral weights (l is the third index, from 0), 0.3
    for batch norm, 1/sqrt(inputs) for linear weights, 0.1 for linear biases."""
    description = OrderedDict()
    with torch.no_grad():
        for phase, (name, parameter) in enumerate(network.named_parameters()):
            offset = 1.0 if name.startswith("batchnorms") and name.endswith("weight") else 0.0
            if name.startswith("batchnorms"):
                scale = 0.3
            elif name.endswith("bias"):
                scale = 0.1
            else:
                scale = (3 if name.startswith("blocks") else 1) / np.sqrt(parameter.shape[1])
            k = np.arange(parameter.numel(), dtype=np.float64)
            values = offset + scale * np.sin(0.37 * k + phase)
            values = values.reshape(parameter.shape)
            if name.startswith("blocks"):
                values = values / (1 + np.arange(parameter.shape[2], dtype=np.float64)[:, None])
            parameter.copy_(torch.from_numpy(values))
            description[name] = (phase, offset, float(scale))
    return description


def record_full_t1(recorder, seed=1600):
    """Output, L2 norm and 64 entries (flattened indices) of each gradient, in training mode.

    Half of the entries are the largest ones, half are drawn from the rest that do not vanish, as far
    as there are any. Running statistics start at mean 0 and variance 1.
    """
    generator = torch.Generator().manual_seed(seed)
    network = PublishedNetwork(dropout=0.0, dtype=torch.float64).train()
    assert parameter_count(network) == PUBLISHED_COUNTS["t1"]
    description = formula_state(network)
    state = {key: value.clone() for key, value in network.state_dict().items()}
    maps = random_maps(3, LARGE, None, generator)
    target = torch.randn(3, 1, generator=generator, dtype=torch.float64)
    everything, trace = run(network, maps, target)
    margin = smallest_relu_argument(trace)
    assert margin > 1e-9
    error, worst = float32_error({}, True, everything, state)
    keep = ("input", "target", "output", "loss", "updated.")
    tensors = {name: value for name, value in everything.items() if name.startswith(keep)}
    chooser = np.random.default_rng(seed)
    for name, value in everything.items():
        if not name.startswith("gradient."):
            continue
        key = name.removeprefix("gradient.")
        flat = value.reshape(-1)
        order = np.argsort(-np.abs(flat), kind="stable")
        half = min(SAMPLES // 2, order.size)
        rest = order[half : np.count_nonzero(flat)]
        drawn = chooser.choice(rest, min(SAMPLES - half, rest.size), replace=False)
        indices = np.sort(np.concatenate([order[:half], drawn]))
        tensors[f"gradient_norm.{key}"] = np.array([np.linalg.norm(flat)])
        tensors[f"gradient_indices.{key}"] = indices.astype(np.int64)
        tensors[f"gradient_values.{key}"] = flat[indices]
    metadata = {f"formula.{key}": f"phase {p}, offset {o!r}, scale {s!r}"
                for key, (p, o, s) in description.items()}
    metadata |= dict(
        case="full_t1", mode="training", dropout="0", smallest_relu_argument=repr(margin),
        formula="value(k) = offset + scale * sin(0.37 * k + phase), k = flattened index in C "
        "order; blocks.*: divided by 1 + l", pytorch_float32_error=f"{error:.1e} ({worst})")
    recorder.save("full_t1", tensors, metadata, seed=seed, conventions=CONVENTIONS,
                  tolerance="relative L2 per tensor: 4e-12 in float64; no float32 bound",
                  used_by=["PublishedStateFixtureTests"])


def record_tiny_state_dicts(recorder, seed=1700):
    """Two state-dict files with the same float32 weights at the published grid, hidden 2."""
    generator = torch.Generator().manual_seed(seed)
    sizes = dict(LARGE, hidden=2, blocks=2)
    network = PublishedNetwork(**sizes, dtype=torch.float32).eval()
    randomise(network, generator)
    maps = random_maps(4, sizes, None, generator).to(torch.float32)
    twin = PublishedNetwork(**sizes, dtype=torch.float64).eval()
    twin.load_state_dict(network.state_dict())
    with torch.no_grad():
        tensors = {
            "input": maps.numpy(),
            "output_float32": network(maps).numpy(),
            "output_float64": twin(maps.double()).numpy(),
        }
    state = network.state_dict()
    tensors |= {f"state.{key}": value for key, value in flattened(state).items()}
    entry = dict(seed=seed, conventions=CONVENTIONS, used_by=["StateDictFixtureTests"],
                 tolerance="relative L2: 1e-10 in float64, 2e-5 in float32",
                 used_by=["PublishedStateFixtureTests"])
    metadata = dict(case="tiny", mode="inference") | {k: str(v) for k, v in sizes.items()}
    recorder.save("tiny_expected", tensors, metadata, **entry)
    assert isinstance(state, OrderedDict) and state._metadata
    for name, contents in [("tiny_plain.pt", dict(state)), ("tiny_ordered.pt", state)]:
        buffer = io.BytesIO()
        torch.save(contents, buffer)
        recorder.save_bytes(name, buffer.getvalue(), **entry)


def record_layers(recorder, seed=1800):
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    tensors = {}

    def keep(prefix, layer, value, cotangent):
        """Gradients of sum(cotangent * layer(value)), beside state, input and output."""
        for name, value_before in flattened(layer.state_dict()).items():
            tensors[f"{prefix}.state.{name}"] = value_before.copy()
        value = value.clone().requires_grad_()
        output = layer(value)
        output.backward(cotangent)
        tensors[f"{prefix}.input"] = value.detach().numpy()
        tensors[f"{prefix}.output"] = output.detach().numpy()
        tensors[f"{prefix}.cotangent"] = cotangent.numpy()
        tensors[f"{prefix}.gradient.input"] = value.grad.numpy()
        for name, parameter in layer.named_parameters():
            tensors[f"{prefix}.gradient.{name}"] = parameter.grad.numpy()
        for name, buffer in layer.named_buffers():
            tensors[f"{prefix}.updated.{name}"] = buffer.numpy().copy()

    fields, cotangent = 0.7 + 1.3 * normal(3, 4, 5, 6), normal(3, 4, 5, 6)
    for mode in ("training", "inference"):
        layer = nn.BatchNorm2d(4, dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(1 + 0.3 * normal(4))
            layer.bias.copy_(normal(4))
            layer.running_mean.copy_(normal(4))
            layer.running_var.copy_(0.5 + normal(4).abs())
            layer.num_batches_tracked.fill_(12)
        keep(f"batchnorm_{mode}", layer.train(mode == "training"), fields, cotangent)
    keep("linear", nn.Linear(5, 3, dtype=torch.float64), normal(7, 5), normal(7, 3))
    keep("relu", nn.ReLU(), normal(4, 9), normal(4, 9))
    prediction, target = 2 * normal(6, 2), normal(6, 2)
    tensors["loss.prediction"], tensors["loss.target"] = prediction.numpy(), target.numpy()
    losses = {"mse": nn.MSELoss()} | {
        f"huber_{str(delta).replace('.', '_')}": nn.HuberLoss(delta=delta)
        for delta in (0.5, 1.0, 2.5)}
    for name, loss in losses.items():
        leaf = prediction.clone().requires_grad_()
        value = loss(leaf, target)
        value.backward()
        tensors[f"loss.{name}.value"] = value.detach().numpy().reshape(1)
        tensors[f"loss.{name}.gradient"] = leaf.grad.numpy()
    conventions = (
        "fields [B, C, H, W]; gradients of sum(cotangent * output); losses are means over all "
        "elements; huber_D: 0.5 d^2 for |d| <= D, else D (|d| - D/2)")
    recorder.save("layers", tensors, dict(case="layers"), seed=seed, conventions=conventions,
                  tolerance="relative L2 per tensor: 1e-13 in float64",
                  used_by=["LayerFixtureTests"])


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    recorder = Recorder(
        "networks", __file__, PACKAGES, ["PublishedFixtureTests"], __doc__.split("\n")[0])
    for position, name in enumerate(CASES):
        record_case(recorder, name, first_seed=1000 + 100 * position)
    record_full_t1(recorder)
    record_tiny_state_dicts(recorder)
    record_layers(recorder)


if __name__ == "__main__":
    main()
