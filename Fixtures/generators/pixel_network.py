"""Records Fixtures/networks/pixel_*.safetensors: gradients of the network of neighbouring pixels.

A restatement in PyTorch, with healpy's neighbours and orderings and PyTorch's gradients. With x the map
in NESTED order times the scale of its channel, and n_0(p) = p, n_1...n_8 the neighbours of p in the order
SW, W, NW, N, NE, E, SE, S (a missing one counts zero), a block k is

    convolution  y_p,o = b_o + sum_k sum_i w[k,i,o] x_{n_k(p),i}
    ReLU
    mean         z_q = (1/4) sum_{j=0..3} y_{4q+j}

and then, all pixels and channels of a map in one vector [pixel][channel],

    dense        output = offset + scale * (V ReLU(U z + u) + v)

There is no dropout: the recorded pass is that of inference.

Tensors, C channels, B maps, N outputs, H_k channels of block k:

    input [B, C, pixel]                     RING order
    target, output [B, N]; loss [1]         mean of (output - target)^2 over B and N
    parameter.blocks.<k>.weight [9, inputs, outputs], parameter.blocks.<k>.bias [outputs]
    parameter.fc.0.weight [hidden, inputs], .bias; parameter.fc.3.weight [N, hidden], .bias
    state.input.scale [C], state.output.offset, state.output.scale [N]
    gradient.input [B, C, pixel], gradient.<name> for every parameter.<name>
"""

import healpy as hp
import numpy as np
import torch

from recording import Recorder

KINK_MARGIN = 2e-5

# Five maps: the shards of the network hold four.
CASES = {
    "pixel_one_block": dict(nside=4, batch=2, channels=1, widths=[3], hidden=4, outputs=1),
    "pixel_two_blocks": dict(nside=4, batch=5, channels=2, widths=[3, 2], hidden=5, outputs=2),
}


def tap_table(nside):
    """The pixel and its neighbours in NESTED order, [pixel, 9]; 12 nside^2 for a missing one."""
    pixels = np.arange(12 * nside * nside)
    table = np.concatenate([pixels[None], hp.get_all_neighbours(nside, pixels, nest=True)]).T
    return torch.from_numpy(np.where(table < 0, 12 * nside * nside, table))


def convolution(x, table, weight, bias):
    """[B, pixel, inputs] -> [B, pixel, outputs]; a row of zeros stands for missing neighbours."""
    padded = torch.cat([x, torch.zeros_like(x[:, :1])], dim=1)
    columns = padded[:, table].flatten(start_dim=2)
    return columns @ weight.flatten(end_dim=1) + bias


def forward(maps, case, parameters, state, inside):
    """The network at the top of this file; `inside` takes the arguments of every ReLU."""
    nside = case["nside"]
    order = torch.from_numpy(hp.nest2ring(nside, np.arange(12 * nside * nside)))
    x = (maps * state["input.scale"][:, None])[:, :, order].transpose(1, 2)
    for k in range(len(case["widths"])):
        y = convolution(
            x, tap_table(nside >> k), parameters[f"blocks.{k}.weight"],
            parameters[f"blocks.{k}.bias"])
        inside.append(y)
        x = torch.relu(y).unflatten(1, (-1, 4)).mean(dim=2)
    hidden = torch.nn.functional.linear(
        x.flatten(start_dim=1), parameters["fc.0.weight"], parameters["fc.0.bias"])
    inside.append(hidden)
    z = torch.nn.functional.linear(
        torch.relu(hidden), parameters["fc.3.weight"], parameters["fc.3.bias"])
    return state["output.offset"] + state["output.scale"] * z


def random_problem(case, seed):
    """Maps, targets, parameters and standardisation of order one."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    def positive(*shape):
        return 0.5 + torch.rand(*shape, generator=generator, dtype=torch.float64)

    maps = normal(case["batch"], case["channels"], 12 * case["nside"] ** 2)
    parameters, widths = {}, case["widths"]
    for k, (inputs, outputs) in enumerate(zip([case["channels"]] + widths, widths)):
        parameters[f"blocks.{k}.weight"] = normal(9, inputs, outputs) / np.sqrt(9 * inputs)
        parameters[f"blocks.{k}.bias"] = 0.3 * normal(outputs)
    dense = 12 * (case["nside"] >> len(widths)) ** 2 * widths[-1]
    for name, inputs, outputs in [
        ("fc.0", dense, case["hidden"]), ("fc.3", case["hidden"], case["outputs"]),
    ]:
        parameters[f"{name}.weight"] = normal(outputs, inputs) / np.sqrt(inputs)
        parameters[f"{name}.bias"] = 0.3 * normal(outputs)
    state = {
        "input.scale": positive(case["channels"]), "output.offset": normal(case["outputs"]),
        "output.scale": positive(case["outputs"]),
    }
    return maps, normal(case["batch"], case["outputs"]), parameters, state


def record_case(recorder, name, first_seed):
    case = CASES[name]
    for seed in range(first_seed, first_seed + 100):
        maps, target, parameters, state = random_problem(case, seed)
        leaves = {"input": maps} | parameters
        for leaf in leaves.values():
            leaf.requires_grad_()
        inside = []
        output = forward(maps, case, parameters, state, inside)
        margin = min(float(x.detach().abs().min()) for x in inside)
        if margin > KINK_MARGIN:
            break
    else:
        raise RuntimeError(f"{name}: no seed keeps the ReLU arguments away from zero")
    loss = ((output - target) ** 2).mean()
    loss.backward()
    tensors = {"input": maps, "target": target, "output": output, "loss": loss.reshape(1)}
    tensors |= {f"parameter.{key}": value for key, value in parameters.items()}
    tensors |= {f"state.{key}": value for key, value in state.items()}
    tensors |= {f"gradient.{key}": leaf.grad for key, leaf in leaves.items()}
    metadata = {key: str(value) for key, value in case.items() if key != "widths"}
    metadata |= dict(
        case=name, widths=",".join(map(str, case["widths"])), layout=__doc__.strip(),
        smallest_relu_argument=repr(margin))
    recorder.save(
        name, {key: value.detach().numpy() for key, value in tensors.items()}, metadata, seed=seed,
        conventions="maps RING; weights [tap, in, out], taps: the pixel, then SW, W, NW, N, NE, E, "
        "SE, S; missing neighbours count zero",
        tolerance="relative L2 per tensor: 4e-14 in float64, 4e-6 in float32")


def main():
    torch.set_num_threads(1)
    recorder = Recorder(
        "networks", __file__, ["torch", "healpy", "numpy"], ["PixelNetworkFixtureTests"],
        __doc__.split("\n", maxsplit=1)[0])
    for position, name in enumerate(CASES):
        record_case(recorder, name, first_seed=2600 + 100 * position)


if __name__ == "__main__":
    main()
