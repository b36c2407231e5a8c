"""Hypothesis strategies for grids, degrees, spins, coefficients and whole cases.

All of them shrink towards one coefficient that is 1, of the lowest degree and order at which the
test still fails, on the smallest grid:

    from hypothesis import given
    from spectralsphere.testing import assert_conforms, strategies

    @given(strategies.transform_cases("synthesis", spins=[0, 2]))
    def test_synthesis(case):
        assert_conforms(case, my_synthesis(case))
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from .. import grids as makers
from ..grids import Grid
from ..operations import run
from ._cases import Case, places, reference_case

KINDS = ("gauss_legendre", "healpix", "clenshaw_curtis", "fejer1", "fejer2", "driscoll_healy",
         "mcewen_wiaux", "octahedral", "rings")
METHODS = ("synthesis", "analysis", "adjoint_synthesis", "synthesis_gradient",
           "analysis_gradient")
# Numbers that float32 holds exactly; the first is what a failing case shrinks to.
REAL = [1.0, -1.0, 2.0, 0.5, -0.75, 3.25]
COMPLEX = [1, 1j, -1, -1j, 1 + 1j, 0.5 - 2j, -0.75 + 0.25j, 3.25]
MOST_NUMBERS = 12


@st.composite
def grids(draw, kinds: Sequence[str] = KINDS, max_nside: int = 8, max_rings: int = 9,
          max_nphi: int = 20) -> Grid:
    """A `spectralsphere.Grid` of one of the kinds; the first kind is the simplest.

    HEALPix has nside 1 to max_nside; products of rings and longitudes have at most max_rings (at
    least 2) rings with 1 to max_nphi points, odd and even; "octahedral" has 1 to max_rings rings;
    "rings" is a single ring, poles included, that may begin anywhere.
    """
    # Every kind draws as many numbers, so that a failing case of one can shrink to another.
    kind = draw(st.sampled_from(list(kinds)))
    if kind not in KINDS:
        raise ValueError(f"kinds has {kind!r}, expected some of {', '.join(KINDS)}")
    least = 2 if kind in ("clenshaw_curtis", "mcewen_wiaux") else 1
    most = {"healpix": max_nside, "driscoll_healy": max_rings // 2}.get(kind, max_rings)
    size = least + draw(st.integers(0, most - least))
    nphi = draw(st.integers(1, max_nphi))
    theta = draw(st.sampled_from([np.pi / 2, 0.5, 2.25, 0.0, np.pi]))
    phi0 = draw(st.sampled_from([0.0, 0.25, 1.5]))
    if kind == "healpix":
        return makers.healpix(size)
    if kind == "octahedral":
        return makers.octahedral(size)
    if kind == "rings":
        return makers.rings([theta], [nphi], [phi0], [4 * np.pi / nphi])
    return getattr(makers, kind)(2 * size if kind == "driscoll_healy" else size, nphi)


@st.composite
def degrees(draw, max_lmax: int = 8, least: int = 0, triangle: bool = False) -> tuple[int, int]:
    """lmax and mmax, inclusive; least <= lmax <= max_lmax, and mmax = lmax if `triangle`."""
    lmax = draw(st.integers(least, max_lmax))
    return lmax, lmax if triangle else lmax - draw(st.integers(0, lmax))


def spins(allowed: Sequence[int] = (0, 1, 2, 3)) -> st.SearchStrategy[int]:
    """A spin; the first one is the simplest."""
    return st.sampled_from(list(allowed))


@st.composite
def coefficients(draw, lmax: int, mmax: int | None = None, spin: int = 0,
                 lanes: int = 1) -> np.ndarray:
    """1 to 12 modes: complex [1, lanes, lm] for spin 0, else [2, lanes, lm], E and B.

    Degrees below the spin are 0, and of a spin also the imaginary parts of m = 0; those of spin 0
    are not, which a field must not show. ValueError if lmax is below the spin.
    """
    if lmax < spin:
        raise ValueError(f"lmax is {lmax}, expected at least the spin, {spin}")
    l, m = places(lmax, mmax)
    order = [place for place in np.lexsort((m, l)) if l[place] >= spin]
    result = np.zeros((2 if spin else 1, lanes, len(l)), complex)
    for (component, lane, place), value in _numbers(draw, result.shape[:2], len(order), COMPLEX):
        place = order[place]
        if spin and m[place] == 0:
            value = np.real(value) or 1
        result[component, lane, place] = value
    return result


@st.composite
def fields(draw, npix: int, components: int = 1, lanes: int = 1) -> np.ndarray:
    """1 to 12 points that are not 0: float64 [components, lanes, npix]."""
    result = np.zeros((components, lanes, npix))
    for place, value in _numbers(draw, result.shape[:2], npix, REAL):
        result[place] = value
    return result


def _numbers(draw, shape, count, values):
    """Places (component, lane, number) and values, at least one."""
    place = st.tuples(*(st.integers(0, size - 1) for size in (*shape, count)))
    return draw(st.lists(st.tuples(place, st.sampled_from(values)), min_size=1,
                         max_size=MOST_NUMBERS, unique_by=lambda item: item[0]))


@st.composite
def transform_cases(draw, operation: str, grids: st.SearchStrategy[Grid] | None = None,
                    spins: Sequence[int] = (0, 1, 2, 3), max_lmax: int = 8,
                    triangle: bool = False, max_lanes: int = 2,
                    nyquist: Sequence[str] = ("evaluated",)) -> Case:
    """Cases of a transform with what this library expects, on random grids and inputs.

    operation: "synthesis", "analysis", "adjoint_synthesis", "synthesis_gradient" or
    "analysis_gradient"; with "scalar_" or "spin_" in front the spins are those. The other
    arguments leave out what a library does not offer: grids, spins, mmax < lmax (`triangle`),
    several lanes, and how synthesis counts the order of half a ring's points.

    Raises ValueError for an unknown operation, or if there is no spin left.
    """
    method = operation.removeprefix("scalar_").removeprefix("spin_")
    allowed = [spin for spin in spins if operation == method
               or (spin > 0) == operation.startswith("spin_")]
    if method not in METHODS:
        raise ValueError(f"the operation is {operation!r}, expected one of {', '.join(METHODS)}, "
                         "with or without scalar_ or spin_")
    if not allowed:
        raise ValueError(f"spins is {spins!r}, expected some that {operation} has")
    spin = draw(st.sampled_from(allowed))
    grid = draw(_default_grids if grids is None else grids)
    lmax, mmax = draw(degrees(max_lmax, spin, triangle))
    lanes = draw(st.integers(1, max_lanes))
    parameters = {"lmax": lmax, "mmax": mmax}
    if spin:
        parameters["spin"] = spin
    else:
        parameters["nyquist"] = "evaluated"
        counted = draw(st.sampled_from(list(nyquist)))
        if method in ("synthesis", "synthesis_gradient"):
            # The kit counts that order once where all rings have as many points.
            assume(counted == "evaluated" or len(set(grid.rings.nphi)) == 1)
            parameters["nyquist"] = counted
    from_coefficients = method in ("synthesis", "analysis_gradient")
    values = draw(coefficients(lmax, mmax, spin, lanes) if from_coefficients
                  else fields(grid.npix, 2 if spin else 1, lanes))
    sides = (("e", "b"), ("q", "u")) if spin else (("coefficients",), ("field",))
    given, wanted = sides if from_coefficients else sides[::-1]
    suffix = "_gradient" if method.endswith("_gradient") else ""
    rings = {f"ring_{name}": array for name, array in
             zip(("theta", "phi0", "count", "weight"), grid.rings)}
    name = f"{'spin' if spin else 'scalar'}_{method}"
    inputs = {key + suffix: part for key, part in zip(given, values)}
    gain = _gain(name, parameters, rings, values, given)
    # Where every mode vanishes there is nothing to judge: m = 0 of a spin at a pole.
    assume(gain > 1e-9)
    scale = np.linalg.norm(values) * gain
    scales = {key + suffix: scale for key in wanted}
    return reference_case(name, parameters, inputs | rings, scales)


_default_grids = grids()


def _gain(operation, parameters, rings, values, given):
    """The norm of the outputs of noise, by the norm of that noise.

    The modes of a case may cancel in an output, or all its points may lie where a mode vanishes:
    what is left is rounding, whose size is that of the terms.
    """
    noise = np.random.default_rng(0).standard_normal((2, *values.shape))
    noise = (noise[0] + 1j * noise[1]) if np.iscomplexobj(values) else noise[0]
    if np.iscomplexobj(values):
        l, m = places(parameters["lmax"], parameters["mmax"])
        noise = np.where(m == 0, noise.real, noise) * (l >= parameters.get("spin", 0))
    suffix = "_gradient" if operation.endswith("_gradient") else ""
    parts = (np.stack([part.real, part.imag], axis=-1) if np.iscomplexobj(part) else part
             for part in noise)
    outputs = run(operation, parameters,
                  {key + suffix: part for key, part in zip(given, parts)} | rings)
    return np.sqrt(sum(np.sum(array**2) for array in outputs.values())) / np.linalg.norm(noise)
