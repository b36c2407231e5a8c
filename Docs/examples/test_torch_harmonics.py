"""torch-harmonics 0.8.0 against the conformance kit, as its own tests would have it:

    pip install spectralsphere[testing] torch==2.13.0
    pip install --no-deps torch-harmonics==0.8.0
    pytest test_torch_harmonics.py
"""

import torch
from torch_harmonics import InverseRealSHT, RealSHT

from spectralsphere.testing import Absent, assert_conforms, each_case

GRIDS = {"gauss_legendre": "legendre-gauss", "clenshaw_curtis": "equiangular"}

EMPTY = "a batch of nothing is an error of torch's FFT (MKL), which is not caught"


@each_case("synthesis", spin=0, known={"*-no-lanes": EMPTY})
def test_synthesis(case):
    assert_conforms(case, synthesis(case))


@each_case("analysis", spin=0, known={"*-no-lanes": EMPTY})
def test_analysis(case):
    assert_conforms(case, analysis(case))


def transform(kind, case):
    """The library's sizes are counts, lmax + 1 and mmax + 1."""
    grid, lmax, mmax = case.grid, case.parameters["lmax"], case.parameters["mmax"]
    if grid.kind not in GRIDS or not grid.own_weights:
        raise Absent("rings or weights that the library does not have")
    if 2 * mmax > grid.nphi:
        raise Absent("orders beyond half the points of a ring")
    if 2 * mmax == grid.nphi and case.parameter("nyquist") == "evaluated":
        raise Absent("the order of half a ring's points counts once")
    made = kind(grid.nrings, grid.nphi, lmax=lmax + 1, mmax=mmax + 1, grid=GRIDS[grid.kind],
                norm="ortho", csphase=True)
    if (made.lmax, made.mmax) != (lmax + 1, mmax + 1):
        raise Absent("sizes that the library cuts off")
    return made


def synthesis(case):
    a, (l, m) = torch.from_numpy(case.inputs["coefficients"]), case.lm
    inverse = transform(InverseRealSHT, case)
    dense = torch.zeros((len(a), inverse.lmax, inverse.mmax), dtype=a.dtype)
    dense[:, l, m] = a
    return inverse(dense).flatten(1)


def analysis(case):
    field, (l, m) = torch.from_numpy(case.inputs["field"]), case.lm
    forward = transform(RealSHT, case)
    return forward(field.reshape(-1, case.grid.nrings, case.grid.nphi))[:, l, m]
