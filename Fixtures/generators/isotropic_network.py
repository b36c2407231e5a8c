"""Records Fixtures/networks/isotropic_*.safetensors: gradients of the isotropic network.

A restatement in PyTorch of the network whose weights depend on the degree l alone, real and
shared by all orders m. Every transform here is a dense sum over 40-digit Legendre functions: no
code is shared with the libraries that the other fixtures come from. Gradients are PyTorch's.

Input: harmonic coefficients a_{b,i,lm} of real fields, m >= 0; batch b, channel i. With hidden
widths H_0 ... H_{K-1} the network is, for k = 0 ... K-2,

    mixing       b_{o,lm} = sum_i w_k[l,i,o] a_{i,lm}
    synthesis    f_o(j,p) = sum_{l,m} (2 - delta_m0) Re(b_{o,lm} lambda_lm(theta_j) e^{i m phi_p})
    batch norm   y_o = gamma_o (f_o - mean_o)/sqrt(variance_o + 1e-5) + beta_o
    ReLU
    analysis     a_{o,lm} = sum_{j,p} (2 pi/nlon) w_j lambda_lm(theta_j) e^{-i m phi_p} f_o(j,p)

and then mixing with w_{K-1} and synthesis once more, without normalisation or ReLU, and

    power        p_o = sum_{j,p} A_j f_o(j,p)^2
    logarithm    q_o = ln p_o
    readout      output_n = sum_o V[n,o] q_o + c_n

Grid: Gauss-Legendre with nlat rings from north to south and nlon longitudes phi_p = 2 pi p/nlon;
w_j are the weights in cos(theta) (sum 2), and A_j = w_j/(2 nlon), which sums to 1 over the
points. Batch norm, training: mean_o = (1/B) sum_b sum_{j,p} A_j f and variance_o = (1/B) sum_b
sum_{j,p} A_j (f - mean_o)^2 (biased). Inference: the stored running mean and variance. What a
training step does to the running statistics is not recorded here; `updated.*` are absent.

The imaginary part of m = 0 takes no part: it is zero in the input, and its gradient is zero.

Tensors; coefficients are [..., count, 2] (re, im), m-major: index m (2 lmax + 1 - m)/2 + l.

    input [B, C, count, 2]         target, output [B, N]
    loss [1]                       mean of (output - target)^2 over B and N
    parameter.mixing.<k> [lmax + 1, inputs, outputs]
    parameter.batchnorm.<k>.weight, .bias [H_k]              k = 0 ... K-2 (gamma, beta)
    state.batchnorm.<k>.running_mean, .running_var [H_k]     inference case only
    parameter.readout.weight [N, H_{K-1}], parameter.readout.bias [N]
    gradient.input [B, C, count, 2]       dL/dRe and dL/dIm of the stored coefficients
    gradient.<name>                       for every parameter.<name>
    inside.<k>.mixed [B, H_k, count, 2]                      after mixing
    inside.<k>.field [B, H_k, nlat, nlon]                    after synthesis
    inside.<k>.normalised [B, H_k, nlat, nlon]               before the ReLU, k <= K-2
    inside.<k>.batch_mean, .batch_variance [H_k]             training cases, k <= K-2
    inside.<k>.analysed [B, H_k, count, 2]                   after ReLU and analysis, k <= K-2
    inside.power [B, H_{K-1}]
    grid.colatitudes, grid.weights [nlat]                    theta_j and w_j
"""

import numpy as np
import torch

import legendre_tables
from recording import Recorder

EPSILON = 1e-5
KINK_MARGIN = 2e-5

# name -> sizes; nlat and nlon of the grid, widths H_k
CASES = {
    "isotropic_one_block": dict(
        lmax=8, nlat=9, nlon=18, batch=3, channels=1, widths=[6], outputs=1, training=True),
    "isotropic_two_blocks": dict(
        lmax=5, nlat=6, nlon=12, batch=4, channels=2, widths=[4, 5], outputs=2, training=True),
    "isotropic_two_blocks_fine": dict(
        lmax=12, nlat=20, nlon=40, batch=2, channels=3, widths=[3, 4], outputs=2, training=True),
    "isotropic_two_blocks_inference": dict(
        lmax=7, nlat=8, nlon=16, batch=2, channels=2, widths=[4, 3], outputs=1, training=False),
}


class GaussGrid:
    """Synthesis and analysis as dense sums on a Gauss-Legendre grid."""

    def __init__(self, lmax, nlat, nlon):
        nodes, weights = legendre_tables.gauss_legendre_nodes(nlat)
        table = legendre_tables.legendre_functions(lmax, lmax, nodes)
        orders = [m for m in range(lmax + 1) for _ in range(m, lmax + 1)]
        degrees = [l for m in range(lmax + 1) for l in range(m, lmax + 1)]
        self.degrees = torch.tensor(degrees)
        self.colatitudes = legendre_tables.rounded(nodes)
        self.weights = torch.from_numpy(legendre_tables.rounded(weights))
        self.area = (self.weights / (2 * nlon))[:, None].expand(nlat, nlon)
        m = np.array(orders)
        # The angle m phi_p, reduced exactly: m p modulo nlon, in turns of 1/nlon.
        angle = 2 * np.pi * ((m[:, None] * np.arange(nlon)) % nlon) / nlon
        self.cosine, self.sine = torch.from_numpy(np.cos(angle)), torch.from_numpy(np.sin(angle))
        self.legendre = torch.from_numpy(table[m, degrees])
        self.twice = torch.from_numpy(np.where(m == 0, 1.0, 2.0))
        self.has_imaginary = torch.from_numpy((m > 0).astype(np.float64))
        self.nlon = nlon

    def synthesis(self, a):
        """[..., count, 2] -> [..., nlat, nlon]."""
        real = torch.einsum("...k,kj,kp->...jp", self.twice * a[..., 0], self.legendre, self.cosine)
        imaginary = torch.einsum(
            "...k,kj,kp->...jp", 2 * self.has_imaginary * a[..., 1], self.legendre, self.sine)
        return real - imaginary

    def analysis(self, field):
        """[..., nlat, nlon] -> [..., count, 2]."""
        weighted = (2 * torch.pi / self.nlon) * self.weights[:, None] * field
        real = torch.einsum("...jp,kj,kp->...k", weighted, self.legendre, self.cosine)
        imaginary = -torch.einsum("...jp,kj,kp->...k", weighted, self.legendre, self.sine)
        return torch.stack([real, self.has_imaginary * imaginary], dim=-1)


def weighted_batch_norm(field, grid, parameters, k, statistics, inside):
    """Area-weighted normalisation; `statistics` is None in training."""
    if statistics is None:
        mean = (grid.area * field).sum(dim=(-2, -1)).mean(dim=0)
        variance = (grid.area * (field - mean[:, None, None]) ** 2).sum(dim=(-2, -1)).mean(dim=0)
        inside[f"{k}.batch_mean"], inside[f"{k}.batch_variance"] = mean, variance
    else:
        mean = statistics[f"batchnorm.{k}.running_mean"]
        variance = statistics[f"batchnorm.{k}.running_var"]
    scale = parameters[f"batchnorm.{k}.weight"] / torch.sqrt(variance + EPSILON)
    bias = parameters[f"batchnorm.{k}.bias"]
    return scale[:, None, None] * (field - mean[:, None, None]) + bias[:, None, None]


def forward(a, grid, parameters, blocks, statistics, inside):
    """The network at the top of this file; fills `inside`."""
    for k in range(blocks):
        weights = parameters[f"mixing.{k}"][grid.degrees]
        a = inside[f"{k}.mixed"] = torch.einsum("kio,bikc->bokc", weights, a)
        field = inside[f"{k}.field"] = grid.synthesis(a)
        if k + 1 < blocks:
            field = weighted_batch_norm(field, grid, parameters, k, statistics, inside)
            inside[f"{k}.normalised"] = field
            a = inside[f"{k}.analysed"] = grid.analysis(torch.relu(field))
    power = inside["power"] = (grid.area * field**2).sum(dim=(-2, -1))
    return torch.log(power) @ parameters["readout.weight"].T + parameters["readout.bias"]


def random_problem(case, grid, seed):
    """Input, target, parameters and running statistics of order one."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    def positive(*shape):
        return 0.5 + torch.rand(*shape, generator=generator, dtype=torch.float64)

    widths, lmax = case["widths"], case["lmax"]
    a = normal(case["batch"], case["channels"], len(grid.degrees), 2)
    a[..., 1] *= grid.has_imaginary
    parameters, statistics = {}, {}
    for k, (inputs, outputs) in enumerate(zip([case["channels"]] + widths, widths)):
        parameters[f"mixing.{k}"] = normal(lmax + 1, inputs, outputs) / np.sqrt(inputs)
        if k + 1 < len(widths):
            parameters[f"batchnorm.{k}.weight"] = positive(outputs)
            parameters[f"batchnorm.{k}.bias"] = 0.3 * normal(outputs)
            statistics[f"batchnorm.{k}.running_mean"] = normal(outputs)
            statistics[f"batchnorm.{k}.running_var"] = 4 * positive(outputs)
    parameters["readout.weight"] = normal(case["outputs"], widths[-1]) / np.sqrt(widths[-1])
    parameters["readout.bias"] = normal(case["outputs"])
    target = normal(case["batch"], case["outputs"])
    return a, target, parameters, None if case["training"] else statistics


def record_case(recorder, name, first_seed):
    case = CASES[name]
    grid = GaussGrid(case["lmax"], case["nlat"], case["nlon"])
    blocks = len(case["widths"])
    for seed in range(first_seed, first_seed + 100):
        a, target, parameters, statistics = random_problem(case, grid, seed)
        leaves = {"input": a} | parameters
        for leaf in leaves.values():
            leaf.requires_grad_()
        inside = {}
        output = forward(a, grid, parameters, blocks, statistics, inside)
        arguments = [inside[f"{k}.normalised"] for k in range(blocks - 1)]
        margin = min([float(x.detach().abs().min()) for x in arguments], default=1.0)
        if margin > KINK_MARGIN:
            break
    else:
        raise RuntimeError(f"{name}: no seed keeps the ReLU arguments away from zero")
    loss = ((output - target) ** 2).mean()
    loss.backward()
    tensors = {"input": a, "target": target, "output": output, "loss": loss.reshape(1)}
    tensors |= {f"parameter.{key}": value for key, value in parameters.items()}
    tensors |= {f"state.{key}": value for key, value in (statistics or {}).items()}
    tensors |= {f"gradient.{key}": leaf.grad for key, leaf in leaves.items()}
    tensors |= {f"inside.{key}": value for key, value in inside.items()}
    tensors = {key: value.detach().numpy() for key, value in tensors.items()}
    tensors |= {"grid.colatitudes": grid.colatitudes, "grid.weights": grid.weights.numpy()}
    metadata = {key: str(value).lower() for key, value in case.items() if key != "widths"}
    metadata |= dict(
        case=name, blocks=str(blocks), widths=",".join(map(str, case["widths"])),
        mode="training" if case["training"] else "inference", layout=__doc__.strip(),
        smallest_relu_argument=repr(margin))
    recorder.save(
        name, tensors, metadata, seed=seed,
        conventions="weights [l, in, out], real; orthonormal, Condon-Shortley; coefficients "
        "m-major as healpy, m >= 0; gradients dL/dRe and dL/dIm of the stored coefficients; "
        "area-weighted batch norm, eps 1e-5",
        tolerance="relative L2 per tensor: 4e-14 in float64, 4e-6 in float32")


def main():
    torch.set_num_threads(1)
    recorder = Recorder(
        "networks", __file__, ["torch", "numpy", "mpmath"], ["IsotropicFixtureTests"],
        __doc__.split("\n")[0])
    for position, name in enumerate(CASES):
        record_case(recorder, name, first_seed=1900 + 100 * position)


if __name__ == "__main__":
    main()
