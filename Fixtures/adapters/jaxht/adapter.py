"""jaxht (module jht) against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)  # Border: float64 is the caller's choice.

import jht  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, order_of  # noqa: E402

EPSILON = 1e-13  # of the off-grid transforms

common.GRADIENT = "re-im"


def arguments(p, spins=(0, 2)):
    if order_of(p) != p["lmax"]:
        raise Absent("mmax < lmax")
    if p.get("nyquist", "evaluated") != "evaluated":
        raise Absent("the order of half the points counted once")
    if p.get("spin", 0) not in spins:
        raise Absent(f"spin {p['spin']}")
    return dict(lmax=p["lmax"], spin=p.get("spin", 0))


def lanes(p, function, x):
    """Lane by lane. Border: spin 0 has no axis of components."""
    if p.get("spin", 0):
        return np.array([function(lane) for lane in x])
    return np.array([function(lane[0]) for lane in x])[:, None]


def on_grid(p, t):
    return dict(nside=Grid(t).nside(), **arguments(p))


def weightless(p, t):
    """Border: ring weights are the default of analyses; the kit has equal ones on HEALPix."""
    options = on_grid(p, t)
    Grid(t).require_equal_weights()
    return options | dict(use_weights=False)


def synthesis(p, t, a):
    options = on_grid(p, t)
    return lanes(p, lambda lane: jht.synthesis(lane, **options), a)


def adjoint(p, t, field):
    options = on_grid(p, t)
    return lanes(p, lambda lane: jht.adjoint_synthesis(lane, **options), field)


def analysis(p, t, field, iterations=0):
    options = weightless(p, t)
    return lanes(p, lambda lane: jht.analysis(lane, niter=iterations, **options), field)


def iterated(p, t, field):
    return analysis(p, t, field, p["iterations"])


def masked_analysis(p, t, field):
    options = weightless(p, t)
    return lanes(
        p, lambda lane: jht.pseudo_alm(lane, t["mask"], niter=0, **options), field)


def coefficients_shape(p):
    size = jht.alm_size(p["lmax"])
    return jax.ShapeDtypeStruct((2, size) if p.get("spin", 0) else (size,), np.complex128)


def points_shape(p, points):
    return jax.ShapeDtypeStruct((2, points) if p.get("spin", 0) else (points,), np.float64)


def pulled_back(p, function, argument, x):
    """JAX's transpose of a linear function, by its derivative at 0."""
    at = np.zeros(argument.shape, argument.dtype)
    pull = jax.vjp(function, at)[1]
    if np.iscomplexobj(x):
        return lanes(p, lambda lane: pull(lane)[0], x)
    return lanes(p, lambda lane: pull(lane)[0], x)


def of_real_field(p, a):
    """Border: a spin map depends on the imaginary parts of m = 0 too, which real fields do not
    have; the library's real degrees of freedom leave them out."""
    spin = p.get("spin", 0)
    return jht.real_to_alm(jht.alm_to_real(a, p["lmax"], spin), p["lmax"], spin)


def synthesis_gradient(p, t, x):
    options = on_grid(p, t)
    return pulled_back(
        p, lambda a: jht.synthesis(of_real_field(p, a), **options), coefficients_shape(p), x)


def analysis_gradient(p, t, x, iterations=0):
    options = weightless(p, t)
    return pulled_back(
        p, lambda f: jht.analysis(f, niter=iterations, **options),
        points_shape(p, Grid(t).points), x)


def masked_synthesis_gradient(p, t, x):
    options = on_grid(p, t)
    return pulled_back(
        p, lambda a: t["mask"] * jht.synthesis(of_real_field(p, a), **options),
        coefficients_shape(p), x)


def masked_analysis_gradient(p, t, x):
    options = weightless(p, t)
    return pulled_back(
        p, lambda f: jht.pseudo_alm(f, t["mask"], niter=0, **options),
        points_shape(p, Grid(t).points), x)


def least_squares(p, t, field):
    """Conjugate gradients on S^T S a = S^T f."""
    options = weightless(p, t)
    return lanes(p, lambda lane: jht.deconvolve(
        lane, np.ones(Grid(t).points), tol=1e-15, max_iter=500, **options), field)


# --- Points --------------------------------------------------------------------------------------


def sides(p):
    return (["e", "b"], ["q", "u"]) if p.get("spin") else (["coefficients"], ["values"])


def off_grid(p, t):
    options = arguments(p, spins=(0, 1, 2, 3)) | dict(epsilon=EPSILON)
    names = sides(p)[0]
    a = np.stack([complex_of(t[name]) for name in names], axis=1)
    return options, a, np.stack([t["theta"], t["phi"]], axis=1)


def point_synthesis(p, t):
    options, a, where = off_grid(p, t)
    field = lanes(p, lambda lane: jht.synthesis_general(lane, where, **options), a)
    return {name: field[:, k] for k, name in enumerate(sides(p)[1])}


def point_gradient(p, t):
    options, a, where = off_grid(p, t)
    given, wanted = sides(p)
    x = np.stack([t[name + "_gradient"] for name in wanted], axis=1)

    def both(lane, back):
        function = lambda a, loc: jht.synthesis_general(  # noqa: E731
            of_real_field(p, a), loc, **options)
        return jax.vjp(function, lane, where)[1](back)

    pulled = [both(*pair) if p.get("spin") else both(pair[0][0], pair[1][0])
              for pair in zip(a, x)]
    z = np.array([np.atleast_2d(common.gradient_of(p, one[0])) for one in pulled])
    slopes = sum(np.asarray(one[1]) for one in pulled)
    found = {name + "_gradient": z[:, k] for k, name in enumerate(given)}
    return found | {"theta_gradient": slopes[:, 0], "phi_gradient": slopes[:, 1]}


def power_spectrum(p, t):
    a, b = (complex_of(t[name]) for name in "ab")

    def power(z):
        return np.array([jht.bandpower(lane, p["lmax"]) for lane in z])

    # Border: bandpower takes one set; the cross-spectrum by polarisation.
    return {"auto": power(a), "cross": (power(a + b) - power(a - b)) / 4}


OPERATIONS = common.transforms(
    synthesis=synthesis, adjoint_synthesis=adjoint, analysis=analysis,
    synthesis_gradient=synthesis_gradient, analysis_gradient=analysis_gradient,
    iterated_analysis=iterated, masked_analysis=masked_analysis,
    iterated_analysis_gradient=lambda p, t, x: analysis_gradient(p, t, x, p["iterations"]),
    masked_synthesis=lambda p, t, x: t["mask"] * synthesis(p, t, x),
    masked_synthesis_gradient=masked_synthesis_gradient,
    masked_analysis_gradient=masked_analysis_gradient, least_squares_analysis=least_squares,
) | common.modes(synthesis) | {
    "point_synthesis": point_synthesis, "spin_point_synthesis": point_synthesis,
    "point_synthesis_gradient": point_gradient, "spin_point_synthesis_gradient": point_gradient,
    "power_spectrum": power_spectrum,
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["jaxht", "jax", "numpy"])
