"""healpy against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import healpy
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, order_of, twice  # noqa: E402


def sizes(p):
    return dict(lmax=p["lmax"], mmax=order_of(p))


def area(t):
    return np.pi / (3 * Grid(t).nside() ** 2)


def synthesis(p, t, a):
    nside = Grid(t).nside()
    if p.get("nyquist", "evaluated") != "evaluated":
        raise Absent("the order of half the points counted once")
    if p.get("spin", 0):
        return np.array([
            healpy.alm2map_spin(list(lane), nside, p["spin"], **sizes(p)) for lane in a])
    return np.array([
        healpy.alm2map(lane[0], nside, pixwin=False, pol=False, **sizes(p))
        for lane in a]).reshape(len(a), 1, -1)


def sums(p, t, field, iterations=0):
    """Sums with the weight 4 pi / npix.

    Border: map2alm improves its answer three times unless it is told iter=0, and may use ring or
    pixel weights; map2alm_spin never improves it."""
    Grid(t).nside()
    if p.get("spin", 0):
        return np.array([healpy.map2alm_spin(list(lane), p["spin"], **sizes(p)) for lane in field])
    return np.array([
        healpy.map2alm(
            lane[0], iter=iterations, pol=False, use_weights=False, use_pixel_weights=False,
            **sizes(p))
        for lane in field]).reshape(len(field), 1, -1)


def analysis(p, t, field):
    Grid(t).nside()
    Grid(t).require_equal_weights()
    return sums(p, t, field)


def iterated(p, t, field):
    Grid(t).nside()
    Grid(t).require_equal_weights()
    if not p.get("spin", 0):
        return sums(p, t, field, p["iterations"])
    if p["spin"] != 2:
        raise Absent("iterations of spins other than 2")
    # Border: Q and U are improved only together with a T map.
    return np.array([
        healpy.map2alm([0 * q, q, u], iter=p["iterations"], pol=True, **sizes(p))[1:]
        for q, u in field])


def masked(p, t, field):
    """Border: healpy's mask is the value UNSEEN in the map, which map2alm takes as 0."""
    if p.get("spin", 0) or not np.all(np.isin(t["mask"], [0, 1])):
        raise Absent("masks other than a scalar map's 0 and 1")
    return analysis(p, t, np.where(t["mask"] > 0, field, healpy.UNSEEN))


def least_squares(p, t, field):
    """map2alm_lsq, which stops when the residual's coefficients are below tol of the answer's."""
    Grid(t).nside()
    options = dict(lmax=p["lmax"], mmax=p["lmax"], tol=1e-15, maxiter=200)
    if p.get("spin", 2) != 2:
        raise Absent("least squares of spins other than 2")
    if p.get("spin", 0):
        # Border: Q and U only come together with a T map.
        return np.array([
            healpy.map2alm_lsq([0 * q, q, u], pol=True, **options)[0][1:] for q, u in field])
    return np.array([
        healpy.map2alm_lsq(lane[0], pol=False, **options)[0] for lane in field])[:, None]


def derivatives(p, t):
    found = np.array([
        healpy.alm2map_der1(a, Grid(t).nside(), **sizes(p)) for a in complex_of(t["coefficients"])])
    return {"d_theta": found[:, 1], "d_phi": found[:, 2]}


def rotation(p, t):
    # Border: rotates in place; psi, theta, phi are gamma, beta, alpha.
    result = complex_of(t["coefficients"])
    for lane in result:
        healpy.rotate_alm(lane, p["gamma"], p["beta"], p["alpha"], lmax=p["lmax"])
    return {"rotated": result}


def smoothing(p, t):
    # Border: spin fields are smoothed as part of a triple T, E, B.
    a = complex_of(t["coefficients"])
    if p["spin"] not in (0, 2):
        raise Absent("smoothing of spins other than 0 and 2")
    if p["spin"] == 0:
        return {"smoothed": np.array([
            healpy.smoothalm(lane, fwhm=p["fwhm"], pol=False, inplace=False) for lane in a])}
    return {"smoothed": np.array([
        healpy.smoothalm([0 * lane, lane, 0 * lane], fwhm=p["fwhm"], pol=True, inplace=False)[1]
        for lane in a])}


def interpolation(p, t):
    # Border: [4, n]. Beyond the first and the last ring the order of the four is healpy's own.
    pixels, weights = healpy.get_interp_weights(p["nside"], t["theta"], t["phi"])
    return {"pixels": pixels.T, "weights": weights.T}


def gaussian_field(p, t):
    # Border: the global state of numpy.random is the only seed.
    np.random.seed(1)
    return {"coefficients": np.array([healpy.synalm(t["cl"]) for _ in range(p["draws"])])}


OPERATIONS = common.transforms(
    synthesis=synthesis, analysis=analysis,
    # Border: the sums without weights, and the transposes, are those of equal weights, scaled.
    adjoint_synthesis=lambda p, t, x: sums(p, t, x) / area(t),
    synthesis_gradient=lambda p, t, x: twice(p) * sums(p, t, x) / area(t),
    analysis_gradient=lambda p, t, x: Grid(t).point_weights * synthesis(p, t, x / twice(p)),
    iterated_analysis=iterated, masked_analysis=masked, least_squares_analysis=least_squares,
) | common.modes(synthesis) | {
    "scalar_derivatives": derivatives,
    "healpix_centres": lambda p, t: dict(zip(
        ["theta", "phi"], healpy.pix2ang(p["nside"], np.arange(12 * p["nside"] ** 2)))),
    "healpix_pixel_of_direction": lambda p, t: {
        "pixel": healpy.ang2pix(p["nside"], t["theta"], t["phi"])},
    "healpix_nested_to_ring": lambda p, t: {"ring": healpy.nest2ring(p["nside"], t["nested"])},
    "healpix_ring_to_nested": lambda p, t: {"nested": healpy.ring2nest(p["nside"], t["ring"])},
    "healpix_interpolation": interpolation,
    "rotation": rotation, "smoothing": smoothing, "gaussian_field": gaussian_field,
    "power_spectrum": lambda p, t: {
        name: np.array([healpy.alm2cl(a, b) for a, b in zip(
            complex_of(t["a"]), complex_of(t[other]))])
        for name, other in (("auto", "a"), ("cross", "b"))},
    "resample_containing_pixel": lambda p, t: {
        "values": t["field"][:, healpy.ang2pix(p["nside"], t["theta"], t["phi"])]},
    "resample_bilinear": lambda p, t: {
        "values": healpy.get_interp_val(t["field"], t["theta"], t["phi"])},
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["healpy", "numpy"])
