"""jax-healpy (with s2fft's transforms) against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)  # Border: float64 is the caller's choice.

import jax_healpy  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, order_of  # noqa: E402

common.GRADIENT = "re-im"


def options(p, t, weights=False):
    if order_of(p) != p["lmax"]:
        raise Absent("mmax < lmax")
    if p.get("nyquist", "evaluated") != "evaluated":
        raise Absent("the order of half the points counted once")
    nside = Grid(t).nside()
    if p["lmax"] < 2 * nside - 1:
        raise Absent("lmax < 2 nside - 1")
    if weights:
        Grid(t).require_equal_weights()
    # Border: s2fft's own layout of coefficients is the default.
    return nside, dict(lmax=p["lmax"], healpy_ordering=True)


def synthesis_of(p, t):
    nside, settings = options(p, t)
    if p.get("spin", 0):
        return lambda lane: jax.numpy.stack(
            jax_healpy.alm2map_spin(list(lane), nside, p["spin"], **settings))
    # Border: no pixel window; pol=False: one scalar map.
    return lambda lane: jax_healpy.alm2map(
        lane[0], nside, pixwin=False, pol=False, **settings)[None]


def analysis_of(p, t, iterations=0):
    _, settings = options(p, t, weights=True)
    if p.get("spin", 0):
        if iterations:
            raise Absent("iterations with spin")
        return lambda lane: jax.numpy.stack(
            jax_healpy.map2alm_spin(list(lane), p["spin"], **settings))
    # Border: map2alm improves its answer three times unless it is told iter=0.
    return lambda lane: jax_healpy.map2alm(
        lane[0], iter=iterations, pol=False, **settings)[None]


def applied(function, x):
    return np.array([function(lane) for lane in x])


def pulled_back(p, function, shape, x):
    """JAX's transpose of a linear function, by its derivative at 0."""
    dtype = float if np.iscomplexobj(x) else complex
    pull = jax.vjp(function, np.zeros((1 + (p.get("spin", 0) > 0), shape), dtype))[1]
    if np.iscomplexobj(x):
        return np.array([pull(lane)[0] for lane in x])
    return np.array([pull(lane)[0] for lane in x])


def places_of(p):
    return (p["lmax"] + 1) * (p["lmax"] + 2) // 2


def masked(p, t):
    """Border: the mask is the value UNSEEN in the map, which map2alm takes as 0."""
    if p.get("spin", 0) or not np.all(np.isin(t["mask"], [0, 1])):
        raise Absent("masks other than a scalar map's 0 and 1")
    inner = analysis_of(p, t)
    return lambda lane: inner(jax.numpy.where(t["mask"] > 0, lane, jax_healpy.UNSEEN))


def synthesis(p, t, x):
    return applied(synthesis_of(p, t), x)


OPERATIONS = common.transforms(
    synthesis=synthesis,
    analysis=lambda p, t, x: applied(analysis_of(p, t), x),
    iterated_analysis=lambda p, t, x: applied(analysis_of(p, t, p["iterations"]), x),
    masked_analysis=lambda p, t, x: applied(masked(p, t), x),
    synthesis_gradient=lambda p, t, x: pulled_back(p, synthesis_of(p, t), places_of(p), x),
    analysis_gradient=lambda p, t, x: pulled_back(p, analysis_of(p, t), Grid(t).points, x),
    iterated_analysis_gradient=lambda p, t, x: pulled_back(
        p, analysis_of(p, t, p["iterations"]), Grid(t).points, x),
    masked_analysis_gradient=lambda p, t, x: pulled_back(p, masked(p, t), Grid(t).points, x),
) | common.modes(synthesis)


def power_spectrum(p, t):
    a, b = (complex_of(t[name]) for name in "ab")
    options = dict(lmax=p["lmax"], healpy_ordering=True)
    return {
        "auto": np.array([jax_healpy.alm2cl(x, **options) for x in a]),
        "cross": np.array([jax_healpy.alm2cl(x, y, **options) for x, y in zip(a, b)])}


def smoothing(p, t):
    if p["spin"]:
        raise Absent("smoothing of a spin field by itself")
    return {"smoothed": np.array([
        jax_healpy.smoothalm(lane, fwhm=p["fwhm"], pol=False, healpy_ordering=True)
        for lane in complex_of(t["coefficients"])])}


def interpolation(p, t):
    # Border: [4, n].
    pixels, weights = jax_healpy.get_interp_weights(p["nside"], t["theta"], t["phi"])
    return {"pixels": np.asarray(pixels).T, "weights": np.asarray(weights).T}


def containing(p, t):
    return jax_healpy.ang2pix(p["nside"], t["theta"], t["phi"])


def resample(p, t, bilinear):
    def values(field):
        if bilinear:
            return jax_healpy.get_interp_val(field, t["theta"], t["phi"])
        return field[containing(p, t)]

    if "field" in t:
        return {"values": np.array([values(lane) for lane in t["field"]])}
    pull = jax.vjp(values, np.zeros(12 * p["nside"] ** 2))[1]
    return {"field_gradient": np.array([pull(lane)[0] for lane in t["values_gradient"]])}


def gaussian_field(p, t):
    keys = jax.random.split(jax.random.PRNGKey(1), p["draws"])
    return {"coefficients": np.array([
        jax_healpy.synalm(key, t["cl"], lmax=p["lmax"], healpy_ordering=True)
        for key in keys])}


OPERATIONS |= {
    "power_spectrum": power_spectrum, "smoothing": smoothing, "gaussian_field": gaussian_field,
    "healpix_centres": lambda p, t: dict(zip(["theta", "phi"], jax_healpy.pix2ang(
        p["nside"], np.arange(12 * p["nside"] ** 2)))),
    "healpix_pixel_of_direction": lambda p, t: {"pixel": containing(p, t)},
    "healpix_nested_to_ring": lambda p, t: {"ring": jax_healpy.nest2ring(p["nside"], t["nested"])},
    "healpix_ring_to_nested": lambda p, t: {"nested": jax_healpy.ring2nest(p["nside"], t["ring"])},
    "healpix_interpolation": interpolation,
    "resample_containing_pixel": lambda p, t: resample(p, t, False),
    "resample_containing_pixel_transpose": lambda p, t: resample(p, t, False),
    "resample_bilinear": lambda p, t: resample(p, t, True),
    "resample_bilinear_transpose": lambda p, t: resample(p, t, True),
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["jax-healpy", "s2fft", "jax", "numpy"])
