"""pyharm (CHarm) against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import numpy as np
import pyharm

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, order_of, places  # noqa: E402


def factors(p):
    """Border: functions are 4 pi normalised, real, without Condon-Shortley phase."""
    _, m = places(p["lmax"], order_of(p))
    return np.where(m > 0, (-1.0) ** m / np.sqrt(2 * np.pi), 1 / np.sqrt(4 * np.pi))


def to_shc(p, a):
    """C = factor Re a, S = -factor Im a; m-major, as the kit's. mmax < lmax is filled with 0."""
    lmax, factor = p["lmax"], factors(p)
    c, s = np.zeros((2, (lmax + 1) * (lmax + 2) // 2))
    c[:len(a)], s[:len(a)] = factor * a.real, -factor * a.imag
    s[:lmax + 1] = 0
    return pyharm.shc.Shc.from_arrays(lmax, c, s)


def scattered(theta, phi):
    # Border: latitudes, on the unit sphere.
    return pyharm.crd.PointSctr.from_arrays(
        np.pi / 2 - theta, np.array(phi, float), np.ones(len(theta)))


def points(p, t):
    """The points of a case: a grid of equal rings, or scattered points for all others."""
    grid = Grid(t)
    if p.get("spin", 0):
        raise Absent("spin fields")
    if p.get("nyquist", "evaluated") != "evaluated":
        raise Absent("the order of half the points counted once")
    if grid.points == 0:
        raise Absent("no points")
    try:
        longitudes = grid.longitudes()
    except Absent:
        return scattered(*grid.directions())
    return pyharm.crd.PointGrid.from_arrays(
        np.pi / 2 - grid.theta, 2 * np.pi * np.arange(longitudes) / longitudes,
        np.ones(grid.rings))


def synthesis(p, t, a):
    where = points(p, t)
    return np.array([
        np.ravel(pyharm.shs.point(where, to_shc(p, lane[0]), p["lmax"]))
        for lane in a]).reshape(len(a), 1, Grid(t).points)


def analysis(p, t, field):
    """The library's analyses of three grids: Gauss-Legendre, and two of Driscoll and Healy."""
    points(p, t)
    grid = Grid(t)
    kind = grid.kind(["gauss_legendre", "driscoll_healy"])
    n = grid.rings
    lmax = n - 1 if kind == "gauss_legendre" else n // 2 - 1
    makers = {
        ("gauss_legendre", 2 * n): pyharm.crd.PointGridGL,
        ("driscoll_healy", n): pyharm.crd.PointGridDH1,
        ("driscoll_healy", 2 * n): pyharm.crd.PointGridDH2}
    maker = makers.get((kind, grid.longitudes()))
    if maker is None or p["lmax"] > lmax or order_of(p) != p["lmax"]:
        raise Absent("numbers of longitudes or degrees that the library's grid does not have")
    if kind == "gauss_legendre":
        grid.require_weights(kind)
    where = maker(lmax, 1.0)
    if kind == "driscoll_healy" and not np.allclose(
            where.w * 2 * np.pi / grid.longitudes() * (2 / np.sum(where.w)), grid.weight,
            atol=1e-12):
        raise Absent("weights that are not those of the library")
    found = []
    for lane in field[:, 0]:
        shc = pyharm.sha.point(where, lane.reshape(n, -1).copy(), p["lmax"])
        found.append((shc.c - 1j * shc.s) / factors(p))
    return np.array(found)[:, None]


def derivatives(p, t):
    """Border: the local frame is x to the north, y to the west, z up."""
    where, found = points(p, t), []
    for a in complex_of(t["coefficients"]):
        north, west, _ = pyharm.shs.point_grad1(where, to_shc(p, a), p["lmax"])
        found.append([-np.ravel(north), -np.ravel(west)])
    found = np.array(found).reshape(len(found), 2, -1)
    return {"d_theta": found[:, 0], "d_phi": found[:, 1]}


def point_synthesis(p, t):
    where = scattered(t["theta"], t["phi"])
    return {"values": np.array([
        pyharm.shs.point(where, to_shc(p, a), p["lmax"])
        for a in complex_of(t["coefficients"])])}


def power_spectrum(p, t):
    """Border: dv and ddv are sums of C^2 + S^2 of a degree, of 4 pi normalised coefficients."""
    lmax = p["lmax"]
    scale = 4 * np.pi / (2 * np.arange(lmax + 1) + 1)

    def shcs(name):
        # C^2 + S^2 = 2 abs(a)^2 / 4 pi for m > 0.
        return [to_shc(p, a) for a in complex_of(t[name])]

    a, b = shcs("a"), shcs("b")
    auto = np.array([one.dv(lmax) for one in a]) * scale
    # The library has variances of differences: (a - b)^2 = a^2 + b^2 - 2 a b.
    both = np.array([one.ddv(other, lmax) for one, other in zip(a, b)]) * scale
    other = np.array([one.dv(lmax) for one in b]) * scale
    return {"auto": auto, "cross": (auto + other - both) / 2}


OPERATIONS = common.transforms(synthesis=synthesis, analysis=analysis) | common.modes(synthesis) | {
    "scalar_derivatives": derivatives, "point_synthesis": point_synthesis,
    "power_spectrum": power_spectrum,
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["pyharm", "numpy"])
