"""pyshtools (SHTOOLS' own Fortran) against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import numpy as np
from pyshtools import backends, expand, legendre, rotate, spectralanalysis, utils

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, from_dense, order_of, to_dense  # noqa: E402

backends.select_preferred_backend("shtools")
# Border: orthonormal functions with the Condon-Shortley phase are asked for by name.
NORM = dict(norm=4, csphase=-1)


def to_cilm(a, p, lmax=None):
    """Border: real functions with sqrt(2) for m > 0: C = sqrt(2) Re a, S = -sqrt(2) Im a."""
    size = (lmax or p["lmax"]) + 1
    z = to_dense(a, p, (size, size))
    z[..., 1:] *= np.sqrt(2)
    z[..., 0].imag = 0
    return np.stack([z.real, -z.imag], axis=-3)


def from_cilm(cilm, p):
    size = p["lmax"] + 1
    z = cilm[..., 0, :size, :size] - 1j * cilm[..., 1, :size, :size]
    z[..., 1:] /= np.sqrt(2)
    return from_dense(z, p)


def grid_of(p, t):
    """The library's grid and its degree, which may be more than lmax."""
    grid = Grid(t)
    if p.get("spin", 0):
        raise Absent("spin fields")
    if p.get("nyquist", "evaluated") != "evaluated":
        raise Absent("the order of half the points counted once")
    kind = grid.kind(["gauss_legendre", "driscoll_healy"])
    if kind == "gauss_legendre":
        lmax = grid.rings - 1
        if grid.longitudes() != 2 * lmax + 1 or p["lmax"] > lmax:
            raise Absent("the library's Gauss-Legendre grid has 2 rings - 1 longitudes")
        return kind, dict(lmax=lmax, lmax_calc=p["lmax"])
    lmax = grid.rings // 2 - 1
    if grid.rings % 2 or grid.longitudes() not in (grid.rings, 2 * grid.rings) or p["lmax"] > lmax:
        raise Absent("the library's Driscoll-Healy grid has n or 2 n longitudes, n = 2 lmax + 2")
    return kind, dict(
        lmax=lmax, lmax_calc=p["lmax"], sampling=grid.longitudes() // grid.rings)


def synthesis(p, t, a):
    kind, options = grid_of(p, t)
    lmax = options["lmax"]
    if kind == "gauss_legendre":
        zeros, _ = expand.SHGLQ(lmax)
        fields = [expand.MakeGridGLQ(lane, zeros, **options, **NORM)
                  for lane in to_cilm(a[:, 0], p, lmax)]
    else:
        fields = [expand.MakeGridDH(lane, **options, **NORM) for lane in to_cilm(a[:, 0], p, lmax)]
    return np.reshape(fields, (len(a), 1, -1))


def analysis(p, t, field):
    kind, options = grid_of(p, t)
    shape = (len(t["ring_theta"]), -1)
    if kind == "gauss_legendre":
        Grid(t).require_weights(kind)
        zeros, weights = expand.SHGLQ(options.pop("lmax"))
        found = [expand.SHExpandGLQ(lane.reshape(shape), weights, zeros, **options, **NORM)
                 for lane in field[:, 0]]
    else:
        n = len(t["ring_theta"])
        # Border: the library's weights (DHaj, sum sqrt 2) are exact for degrees below n/2 times
        # polynomials; they are not the kit's, which is exact to n - 2.
        own = utils.DHaj(n) * np.sqrt(2)
        if not np.allclose(own * 2 * np.pi / Grid(t).longitudes(), t["ring_weight"], atol=1e-12):
            raise Absent("weights that are not those of the library")
        options.pop("lmax")
        found = [expand.SHExpandDH(lane.reshape(shape), **options, **NORM) for lane in field[:, 0]]
    return from_cilm(np.array(found), p)[:, None]


def derivatives(p, t):
    kind, options = grid_of(p, t)
    if kind != "driscoll_healy":
        raise Absent("derivatives on grids other than Driscoll-Healy")
    # Border: MakeGradientDH takes 4 pi normalised functions without Condon-Shortley phase.
    signs = (-1.0) ** np.arange(options["lmax"] + 1) / np.sqrt(4 * np.pi)
    found = np.array([
        expand.MakeGradientDH(lane * signs, **options)
        for lane in to_cilm(complex_of(t["coefficients"]), p, options["lmax"])])
    found = found.reshape(len(found), 2, -1)
    return {"d_theta": found[:, 0], "d_phi": found[:, 1]}


def point_synthesis(p, t):
    # Border: latitudes and longitudes in degrees.
    where = np.degrees(np.pi / 2 - t["theta"]), np.degrees(t["phi"])
    return {"values": np.array([
        np.reshape(expand.MakeGridPoint(lane, *where, **NORM), -1)
        for lane in to_cilm(complex_of(t["coefficients"]), p)]).reshape(-1, len(t["theta"]))}


def least_squares(p, t, field):
    if p.get("spin", 0):
        raise Absent("spin fields")
    theta, phi = Grid(t).directions()
    where = np.degrees(np.pi / 2 - theta), np.degrees(phi)
    return from_cilm(np.array([
        expand.SHExpandLSQ(lane, *where, p["lmax"], **NORM)[0]
        for lane in field[:, 0]]), p)[:, None]


def legendre_functions(p, t):
    if min(p["orders"]) < 0:
        raise Absent("negative orders")
    lmax, result = p["lmax"], np.zeros((len(p["orders"]), len(t["theta"]), p["lmax"] + 1))
    for k, theta in enumerate(t["theta"]):
        # Border: an argument cos(theta); l(l+1)/2 + m; "complex normalisation".
        table = legendre.PlmON(lmax, np.cos(theta), csphase=-1, cnorm=1)
        for row, m in enumerate(p["orders"]):
            l = np.arange(m, lmax + 1)
            result[row, k, m:] = table[l * (l + 1) // 2 + m]
    return {"lambda": result}


def spin_harmonics(p, t):
    if p["spin"]:
        raise Absent("spins other than 0")
    return {"y": np.array([
        expand.spharm_lm(int(l), int(m), theta, phi, normalization="ortho", kind="complex",
                         csphase=-1, degrees=False)
        for l, m, theta, phi in zip(t["l"], t["m"], t["theta"], t["phi"])], complex)}


def gauss_legendre(p, t):
    # Border: nodes of degree n - 1, cos(theta).
    nodes, weights = expand.SHGLQ(p["count"] - 1)
    return {"theta": np.arccos(nodes), "cos_theta": nodes, "weights": weights}


def wigner_3j(p, t):
    w, first, last = utils.Wigner3j(p["l2"], p["l3"], -p["m2"] - p["m3"], p["m2"], p["m3"])
    return {"w": w[:last - first + 1]}


def rotation(p, t):
    # Border: the angles are those of a turn of coordinates: (-gamma, -beta, -alpha) turns the
    # field by (alpha, beta, gamma); no Condon-Shortley phase.
    angles = np.array([-p["gamma"], -p["beta"], -p["alpha"]])
    signs = (-1.0) ** np.arange(p["lmax"] + 1)
    half = rotate.djpi2(p["lmax"])
    return {"rotated": from_cilm(np.array([
        rotate.SHRotateRealCoef(lane * signs, angles, half) * signs
        for lane in to_cilm(complex_of(t["coefficients"]), p)]), p)}


def power_spectrum(p, t):
    a, b = (to_cilm(complex_of(t[name]), p) for name in "ab")
    # Border: the "energy" of orthonormal coefficients is the sum of their squares.
    settings = dict(normalization="ortho", convention="energy", unit="per_lm")
    return {
        "auto": np.array([spectralanalysis.spectrum(x, **settings) for x in a]),
        "cross": np.array([spectralanalysis.cross_spectrum(x, y, **settings)
                           for x, y in zip(a, b)])}


OPERATIONS = common.transforms(
    synthesis=synthesis, analysis=analysis, least_squares_analysis=least_squares,
) | common.modes(synthesis) | {
    "scalar_derivatives": derivatives, "point_synthesis": point_synthesis,
    "legendre": legendre_functions, "spin_harmonics": spin_harmonics,
    "gauss_legendre": gauss_legendre, "wigner_3j": wigner_3j, "rotation": rotation,
    "power_spectrum": power_spectrum,
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["pyshtools", "numpy"])
