"""s2fft against the conformance kit, with its JAX functions in float64.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import os
import pathlib
import sys

import jax
import numpy as np

# Border: float64 is the caller's choice.
jax.config.update("jax_enable_x64", os.environ.get("ADAPTER_PRECISION") != "float32")

import s2fft  # noqa: E402
from s2fft.recursions import risbo  # noqa: E402
from s2fft.sampling import s2_samples  # noqa: E402
from s2fft.utils import quadrature  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, order_of, places  # noqa: E402

common.GRADIENT = "re-im"


def sampling(p, t):
    """The library's name of the grid and its band limit L.

    Border: a grid has a band limit of its own: coefficients up to lmax < L are filled with 0. The
    library's "dh" has the nodes of the kit's Fejer 1, two per degree."""
    grid = Grid(t)
    if p.get("nyquist", "evaluated") != "evaluated":
        raise Absent("the order of half the points counted once")
    try:
        nside = grid.nside()
    except Absent:
        nside = None
    if nside:
        # Border: a band limit below 2 nside is an error; coefficients are filled with 0.
        return dict(sampling="healpix", nside=nside, L=max(p["lmax"] + 1, 2 * nside))
    name = {"gauss_legendre": "gl", "fejer1": "dh", "mcewen_wiaux": "mw"}[
        grid.kind(["gauss_legendre", "fejer1", "mcewen_wiaux"])]
    L = grid.rings // 2 if name == "dh" else grid.rings
    if grid.longitudes() != 2 * L - 1 or (name == "dh" and grid.rings % 2) or p["lmax"] >= L:
        raise Absent(f"the library's {name} grid has 2 L - 1 longitudes, L > lmax")
    return dict(sampling=name, L=L)


def to_square(a, p, L):
    """Border: [l, m + L - 1] with all orders, a_{l,-m} = (-1)^m conj(a_lm)."""
    l, m = places(p["lmax"], order_of(p))
    square = np.zeros((*a.shape[:-1], L, 2 * L - 1), complex)
    square[..., l, L - 1 - m] = (-1.0) ** m * np.conj(a)
    square[..., l, L - 1 + m] = np.where(m == 0, a.real, a)
    return square


def from_square(square, p, L):
    l, m = places(p["lmax"], order_of(p))
    return np.asarray(square)[..., l, L - 1 + m], (-1.0) ** m * np.conj(
        np.asarray(square)[..., l, L - 1 - m])


def to_rings(field, options, t):
    if options["sampling"] == "healpix":
        return field
    return field.reshape(*field.shape[:-1], len(t["ring_theta"]), -1)


def synthesis(p, t, a):
    options, spin = sampling(p, t), p.get("spin", 0)
    square = to_square(a, p, options["L"])
    # Border: the coefficients of Q + iU are -(E + iB).
    flm = -(square[:, 0] + 1j * square[:, 1]) if spin else square[:, 0]
    field = np.array([
        s2fft.inverse_jax(lane, spin=spin, reality=spin == 0, **options) for lane in flm])
    field = field.reshape(len(a), -1)
    return np.stack([field.real, field.imag] if spin else [field.real], axis=1)


def sums(p, t, field, iterations=0):
    options, spin = sampling(p, t), p.get("spin", 0)
    grid = Grid(t)
    if options["sampling"] == "healpix":
        grid.require_equal_weights()
    elif options["sampling"] == "gl":
        grid.require_weights("gauss_legendre")
    else:
        # The analysis of "mw" is no weighted sum; the weights of "dh" are not those of Fejer.
        raise Absent("an analysis that is no sum with the weights of the case")
    f = to_rings(field[:, 0] + 1j * field[:, 1] if spin else field[:, 0], options, t)
    if iterations:
        flm = np.array([s2fft.forward(
            lane, spin=spin, reality=spin == 0, method="jax", iter=iterations, **options)
            for lane in f])
    else:
        flm = np.array([
            s2fft.forward_jax(lane, spin=spin, reality=spin == 0, **options) for lane in f])
    plus, minus = from_square(flm, p, options["L"])
    # Border: E and B from the coefficients of Q + iU, of m and of -m.
    if spin:
        return np.stack([-(plus + minus) / 2, 0.5j * (plus - minus)], axis=1)
    return plus[:, None]


def synthesis_gradient(p, t, field):
    """Autodiff of the scalar synthesis by its coefficients m >= 0."""
    options = sampling(p, t)
    if p.get("spin", 0):
        raise Absent("gradients of E and B, which the library does not have")
    L = options["L"]
    l, m = places(p["lmax"], order_of(p))

    def function(a):
        # Border: reality=True, so that only m >= 0 are read.
        square = jax.numpy.zeros((L, 2 * L - 1), complex).at[l, L - 1 + m].set(a)
        square = square.at[l, L - 1 - m].set((-1.0) ** m * jax.numpy.conj(a))
        square = square.at[:, L - 1].set(square[:, L - 1].real)
        return s2fft.inverse_jax(square, reality=True, **options).real

    pull = jax.vjp(function, np.zeros(len(l), complex))[1]
    return np.array([
        [pull(lane)[0]] for lane in to_rings(field[:, 0], options, t)])


def analysis_gradient(p, t, a):
    options = sampling(p, t)
    if p.get("spin", 0):
        raise Absent("gradients of E and B, which the library does not have")
    if options["sampling"] == "healpix":
        Grid(t).require_equal_weights()
    elif options["sampling"] == "gl":
        Grid(t).require_weights("gauss_legendre")
    else:
        raise Absent("an analysis that is no sum with the weights of the case")
    L = options["L"]
    l, m = places(p["lmax"], order_of(p))

    def function(f):
        return s2fft.forward_jax(f, reality=True, **options)[l, L - 1 + m]

    shape = to_rings(np.zeros(Grid(t).points), options, t)
    pull = jax.vjp(function, shape)[1]
    return np.array([[np.asarray(pull(lane[0])[0]).ravel()] for lane in a])


# --- Functions and nodes -------------------------------------------------------------------------


def wigner_d(p, t):
    """Border: the recursion gives all orders of a degree at once, as [m + L - 1, n + L - 1]."""
    L = p["lmax"] + 1
    if L > 200:
        raise Absent("planes of all orders too large for memory")
    result = np.zeros((len(p["m"]), len(t["beta"]), L))
    for place, beta in enumerate(t["beta"]):
        plane = np.zeros((2 * L - 1, 2 * L - 1))
        for l in range(L):
            plane = risbo.compute_full(plane, float(beta), L, l)
            for k, (m, n) in enumerate(zip(p["m"], p["n"])):
                if max(abs(m), abs(n)) <= l:
                    result[k, place, l] = plane[L - 1 + m, L - 1 + n]
    return {"d": result}


def nodes(name, count_of):
    def compute(p, t):
        L = count_of(p["count"])
        theta = s2_samples.thetas(L, name)
        # Border: weights for sums over the sphere, without the longitudes' 2 pi.
        weights = np.real(quadrature.quad_weights(L, name)) * s2_samples.nphi_equiang(L, name)
        return {"theta": theta, "cos_theta": np.cos(theta), "weights": weights / (2 * np.pi)}

    return compute


def rotation(p, t):
    L = p["lmax"] + 1
    rotated = np.array([
        s2fft.rotate_flms(lane, L, (p["alpha"], p["beta"], p["gamma"]))
        for lane in to_square(complex_of(t["coefficients"]), p, L)])
    return {"rotated": from_square(rotated, p, L)[0]}


OPERATIONS = common.transforms(
    synthesis=synthesis, analysis=sums, synthesis_gradient=synthesis_gradient,
    analysis_gradient=analysis_gradient,
    iterated_analysis=lambda p, t, x: sums(p, t, x, p["iterations"]),
) | common.modes(synthesis) | {
    "wigner_d": wigner_d, "rotation": rotation,
    "gauss_legendre": nodes("gl", lambda n: n), "mcewen_wiaux": nodes("mw", lambda n: n),
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["s2fft", "jax", "numpy"])
