"""The published spectral network ("SpectralCNN"), restated in PyTorch for arbitrary sizes.

    HEALPix map [B, C, npix], RING
    -> value of the pixel that contains each point theta_j = pi j/nlat, phi_k = 2 pi k/nlon
    -> optionally: unobserved points take the mean of the observed ones
    -> blocks x [analysis; a'_o,lm = sum_i W_oi,lm a_i,lm; synthesis; BatchNorm2d; ReLU (not last)]
    -> plain mean over the grid -> Linear(hidden, 64) -> ReLU -> Dropout -> Linear(64, outputs)

The transforms are torch-harmonics 0.8.0's, on its "equiangular" grid: Clenshaw-Curtis nodes
theta_j = pi j/(nlat - 1), both poles included. They are not the points of the resampler; the
published network treats the two grids as one, and so does this module.

`degrees` and `orders` are counts, as torch-harmonics' lmax and mmax: l < degrees, m < orders. An
order equal to nlon/2 (Nyquist) is counted once by the synthesis, and the imaginary parts of m = 0
and of the Nyquist order are dropped there. Entries with l < m of the weights exist and have no
effect.

Precision: torch-harmonics 0.8.0 computes its tables in float64, keeps them as float64 buffers and
casts them to the type of the data at every call. So a float64 network uses float64 tables. Do not
call `.float()` and then `.double()` on the network: that rounds the tables to float32 for good.
`check_tables` compares them with 40-digit values.

    python published_network.py     checks parameter counts, pixel table and transform tables
"""

import math

import healpy
import numpy as np
import torch
from torch import nn
from torch_harmonics import InverseRealSHT, RealSHT

import legendre_tables

FC_WIDTH = 64


class ContainingPixel(nn.Module):
    """Reads a RING map at the points theta_j = pi j/nlat, phi_k = 2 pi k/nlon."""

    def __init__(self, nside, nlat, nlon):
        super().__init__()
        self.shape = (nlat, nlon)
        theta = math.pi * np.arange(nlat) / nlat
        phi = 2 * math.pi * np.arange(nlon) / nlon
        pixels = healpy.ang2pix(nside, theta[:, None], phi[None, :])
        self.register_buffer("pixel_indices", torch.from_numpy(pixels.reshape(-1).astype(np.int64)))

    def forward(self, maps):
        return maps[..., self.pixel_indices].unflatten(-1, self.shape)


def fill_with_mean(fields):
    """Unobserved points := mean of the observed ones, for each map and channel.

    With several channels the last is the mask (observed where > 0), which passes unchanged; with
    one channel the points whose value is exactly zero are the unobserved ones."""
    if fields.shape[1] == 1:
        data, observed = fields, fields != 0
    else:
        data, observed = fields[:, :-1], fields[:, -1:] > 0
    count = observed.sum(dim=(-2, -1), keepdim=True)
    if bool((count == 0).any()):
        raise ValueError("a map has no observed point: there is no mean to fill it with")
    mean = torch.where(observed, data, 0).sum(dim=(-2, -1), keepdim=True) / count
    filled = torch.where(observed, data, mean)
    return filled if fields.shape[1] == 1 else torch.cat([filled, fields[:, -1:]], dim=1)


class SpectralBlock(nn.Module):
    """Analysis, complex weights per (output, input, l, m), synthesis. No bias, no activation."""

    def __init__(self, analysis, synthesis, inputs, outputs, dtype):
        super().__init__()
        degrees, orders = analysis.lmax, analysis.mmax
        scale = 1 / (inputs * degrees)
        shape = (outputs, inputs, degrees, orders)
        self.weight_real = nn.Parameter(scale * torch.randn(shape, dtype=dtype))
        self.weight_imag = nn.Parameter(scale * torch.randn(shape, dtype=dtype))
        self.analysis = analysis
        self.synthesis = synthesis

    def forward(self, fields, trace=None):
        coefficients = self.analysis(fields)
        weights = torch.complex(self.weight_real, self.weight_imag)
        mixed = torch.einsum("bilm,oilm->bolm", coefficients, weights)
        result = self.synthesis(mixed)
        if trace is not None:
            trace["coefficients"] = torch.view_as_real(coefficients.detach().clone())
            trace["block_output"] = result.detach().clone()
        return result


class PublishedNetwork(nn.Module):
    """See the top of this file. The state dict has the published names and nothing else."""

    def __init__(
        self, *, nside=16, nlat=32, nlon=64, degrees=47, orders=33, in_channels=1, hidden=32,
        blocks=3, outputs=1, inpainting=False, dropout=0.2, dtype=torch.float32,
    ):
        super().__init__()
        self.inpainting = inpainting
        self.to_equi = ContainingPixel(nside, nlat, nlon)
        sizes = dict(lmax=degrees, mmax=orders, grid="equiangular", norm="ortho", csphase=True)
        analysis, synthesis = RealSHT(nlat, nlon, **sizes), InverseRealSHT(nlat, nlon, **sizes)
        assert analysis.weights.dtype == synthesis.pct.dtype == torch.float64
        self.blocks = nn.ModuleList(
            SpectralBlock(analysis, synthesis, in_channels if k == 0 else hidden, hidden, dtype)
            for k in range(blocks))
        self.batchnorms = nn.ModuleList(
            nn.BatchNorm2d(hidden, eps=1e-5, momentum=0.1, dtype=dtype) for _ in range(blocks))
        self.fc = nn.Sequential(
            nn.Linear(hidden, FC_WIDTH, dtype=dtype), nn.ReLU(), nn.Dropout(dropout),
            nn.Linear(FC_WIDTH, outputs, dtype=dtype))

    def forward(self, maps, trace=None):
        """[B, C, npix] -> [B, outputs]. A dictionary `trace` receives what happens on the way."""
        trace = {} if trace is None else trace
        fields = self.to_equi(maps)
        if self.inpainting:
            fields = fill_with_mean(fields)
        trace["fields"] = fields.detach().clone()
        for k, (block, normalise) in enumerate(zip(self.blocks, self.batchnorms)):
            inside = trace.setdefault(f"block{k}", {})
            fields = normalise(block(fields, inside))
            inside["normalised"] = fields.detach().clone()
            if k + 1 < len(self.blocks):
                fields = torch.relu(fields)
        pooled = fields.mean(dim=(-2, -1))
        trace["pooled"] = pooled.detach().clone()
        trace["fc_before_relu"] = self.fc[0](pooled).detach()
        return self.fc(pooled)


TASKS = {
    "t1": dict(in_channels=1, blocks=3, outputs=1),
    "t2": dict(in_channels=3, blocks=4, outputs=2),
    "t3": dict(in_channels=3, blocks=4, outputs=1),
}

PUBLISHED_COUNTS = {"t1": 6_454_529, "t2": 9_829_634, "t3": 9_829_569}


def parameter_count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def check_tables(network, tolerance=4e-14):
    """Asserts that the transforms' tables are float64 to the last few bits.

    The error is measured against the largest value of a table, max |lambda_lm| or max |lambda_lm
    w_j|. Values that had passed through float32 would be off by 6e-8 of themselves."""
    block = network.blocks[0]
    forward, inverse = block.analysis.weights, block.synthesis.pct
    orders, degrees, nlat = forward.shape
    colatitudes, weights = legendre_tables.clenshaw_curtis_nodes(nlat)
    table = legendre_tables.legendre_functions(degrees - 1, orders - 1, colatitudes)
    expected = [table * legendre_tables.rounded(weights), table]
    errors = []
    for buffer, reference in zip((forward, inverse), expected):
        assert buffer.dtype == torch.float64
        errors.append(float(np.abs(buffer.numpy() - reference).max() / np.abs(reference).max()))
    assert max(errors) < tolerance, errors
    return errors


def check_published_facts():
    for task, sizes in TASKS.items():
        network = PublishedNetwork(**sizes)
        count = parameter_count(network)
        assert count == PUBLISHED_COUNTS[task], (task, count)
        print(f"{task}: {count:,} parameters")
    pixels = network.to_equi.pixel_indices
    assert pixels.shape == (2048,) and len(pixels.unique()) == 1736
    print(f"the resampler reads {len(pixels.unique())} of 3072 pixels")
    print("relative error of the transform tables (analysis, synthesis):", check_tables(network))


if __name__ == "__main__":
    check_published_facts()
