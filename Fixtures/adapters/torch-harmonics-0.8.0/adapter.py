"""torch-harmonics against the conformance kit; the same file for 0.8.0 and 0.9.3.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import numpy as np
import torch
from torch_harmonics import (
    InverseRealSHT, InverseRealVectorSHT, RealSHT, RealVectorSHT, legendre, quadrature)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, from_dense, order_of, places, to_dense  # noqa: E402

GRIDS = {"gauss_legendre": "legendre-gauss", "clenshaw_curtis": "equiangular"}


def module(kind, p, t):
    """Analysis or synthesis.

    Border: sizes are counts, lmax + 1 and mmax + 1. The synthesis counts the order longitudes/2
    once, without its imaginary part, and has no higher ones."""
    grid = Grid(t)
    longitudes = grid.longitudes()
    common.require_fourier(p, longitudes, nyquist="once")
    name = grid.kind(GRIDS)
    made = kind(
        grid.rings, longitudes, lmax=p["lmax"] + 1, mmax=order_of(p) + 1, grid=GRIDS[name],
        norm="ortho", csphase=True)
    if (made.lmax, made.mmax) != (p["lmax"] + 1, order_of(p) + 1):
        raise Absent("lmax > mmax: the library forces a triangle")
    if kind in (RealSHT, RealVectorSHT):
        grid.require_weights(name)
    return made


def dense(a, p):
    return torch.from_numpy(to_dense(a, p))


def on_rings(field, t):
    return torch.from_numpy(field.reshape(*field.shape[:-1], len(t["ring_theta"]), -1))


def back(y, p):
    y = y.detach().numpy()
    return from_dense(y, p) if np.iscomplexobj(y) else y.reshape(*y.shape[:-2], -1)


def roots(p):
    """Border: coefficients of vector fields are those of potentials: E/sqrt(l(l+1)), and -B."""
    if p["spin"] != 1:
        raise Absent("spins other than 1")
    l, _ = places(p["lmax"], order_of(p))
    root = np.sqrt(l * (l + 1.0))
    return np.divide(1, root, out=np.zeros(len(l)), where=l > 0) * np.array([[1], [-1]])


def pulled_back(function, output_gradient, shape):
    """Autograd of a linear function: the gradient of its input."""
    dtype = torch.float64 if output_gradient.is_complex() else torch.complex128
    x = torch.zeros((*output_gradient.shape[:-2], *shape), dtype=dtype, requires_grad=True)
    function(x).backward(output_gradient)
    return x.grad


def synthesis(p, t, a):
    if p.get("spin", 0):
        a = a * roots(p)
        return back(module(InverseRealVectorSHT, p, t)(dense(a, p)), p)
    return back(module(InverseRealSHT, p, t)(dense(a, p)), p)


def unrooted(p, a):
    inverse = roots(p)
    return a * np.divide(1, inverse, out=np.zeros_like(inverse), where=inverse != 0)


def analysis(p, t, field):
    if p.get("spin", 0):
        roots(p)
        return unrooted(p, back(module(RealVectorSHT, p, t)(on_rings(field, t)), p))
    return back(module(RealSHT, p, t)(on_rings(field, t)), p)


def synthesis_gradient(p, t, field):
    size = (p["lmax"] + 1, order_of(p) + 1)
    if p.get("spin", 0):
        factor = roots(p)
        function = module(InverseRealVectorSHT, p, t)
        return factor * back(pulled_back(function, on_rings(field, t), size), p)
    return back(pulled_back(module(InverseRealSHT, p, t), on_rings(field, t), size), p)


def analysis_gradient(p, t, a):
    size = (len(t["ring_theta"]), Grid(t).longitudes())
    if p.get("spin", 0):
        roots(p)
        function = module(RealVectorSHT, p, t)
        return back(pulled_back(function, dense(unrooted(p, a), p), size), p)
    return back(pulled_back(module(RealSHT, p, t), dense(a, p), size), p)


def derivatives(p, t):
    a = complex_of(t["coefficients"])
    field = module(InverseRealVectorSHT, p, t)(dense(np.stack([a, 0 * a], axis=1), p))
    field = back(field, p)
    return {"d_theta": field[:, 0], "d_phi": field[:, 1]}


def derivatives_gradient(p, t):
    field = np.stack([t["d_theta_gradient"], t["d_phi_gradient"]], axis=1)
    function = module(InverseRealVectorSHT, p, t)
    size = (p["lmax"] + 1, order_of(p) + 1)
    return {"coefficients_gradient": back(
        pulled_back(function, on_rings(field, t), size), p)[:, 0]}



def legendre_functions(p, t):
    # Border: sizes are counts; a table of all orders below mmax, from cos(theta).
    if min(p["orders"]) < 0:
        raise Absent("negative orders")
    if (p["lmax"] + 1) * (max(p["orders"]) + 1) * len(t["theta"]) > 1e8:
        raise Absent("a table of all orders too large for memory")
    table = legendre.legpoly(
        max(p["orders"]) + 1, p["lmax"] + 1, torch.cos(torch.from_numpy(t["theta"])))
    return {"lambda": table.numpy()[p["orders"]].transpose(0, 2, 1)}


def nodes(function):
    def compute(p, t):
        # Border: nodes are cos(theta) and ascend, from south to north.
        found, weights = function(p["count"], -1, 1)
        found, weights = (torch.as_tensor(v).numpy()[::-1] for v in (found, weights))
        return {"theta": np.arccos(found), "cos_theta": found, "weights": weights}

    return compute


OPERATIONS = common.transforms(
    synthesis=synthesis, analysis=analysis, synthesis_gradient=synthesis_gradient,
    analysis_gradient=analysis_gradient,
) | common.modes(synthesis) | {
    "scalar_derivatives": derivatives, "scalar_derivatives_gradient": derivatives_gradient,
    "legendre": legendre_functions,
    "gauss_legendre": nodes(quadrature.legendre_gauss_weights),
    "clenshaw_curtis": nodes(quadrature.clenshaw_curtiss_weights),
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    common.main(__doc__, OPERATIONS, ["torch-harmonics", "torch", "numpy"])
