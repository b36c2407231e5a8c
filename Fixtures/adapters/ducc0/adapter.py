"""ducc0 against the conformance kit: python adapter.py KIT --output FOLDER [--cases ...]"""

import pathlib
import sys

import ducc0
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, order_of, places, twice  # noqa: E402

THREADS = dict(nthreads=1)


def rings(p, t):
    grid = Grid(t)  # Border: counts and starts of rings are unsigned.
    return dict(
        theta=grid.theta, phi0=grid.phi0, nphi=grid.count.astype(np.uint64),
        ringstart=grid.start.astype(np.uint64), lmax=p["lmax"], mmax=order_of(p),
        spin=p.get("spin", 0), **THREADS)


def halved(p, t):
    """Border: ducc0 evaluates the series at the points, where an order of half the ring counts
    twice; to count it once it gets half the coefficient, without the imaginary part."""
    if p.get("nyquist", "evaluated") == "evaluated":
        return np.zeros(len(twice(p)), bool)
    if len(set(t["ring_count"])) > 1:
        raise Absent("the order of half the points counted once, on rings of several lengths")
    return 2 * places(p["lmax"], order_of(p))[1] == t["ring_count"][0]


def synthesis(p, t, a):
    a = np.where(halved(p, t), a.real / 2, a)
    return np.array([ducc0.sht.synthesis(alm=lane, **rings(p, t)) for lane in a])


def adjoint(p, t, field):
    return np.array([
        ducc0.sht.adjoint_synthesis(map=np.ascontiguousarray(lane), **rings(p, t))
        for lane in field])


def analysis(p, t, field):
    # Border: quadrature weights are the caller's.
    return adjoint(p, t, Grid(t).point_weights * field)


def synthesis_gradient(p, t, field):
    # Border: adjoint_synthesis is the transpose over all orders, m < 0 included.
    a = twice(p) * adjoint(p, t, field)
    return np.where(halved(p, t), a.real / 2, a)


def analysis_gradient(p, t, a):
    return Grid(t).point_weights * synthesis(p | {"nyquist": "evaluated"}, t, a / twice(p))


def least_squares(p, t, field):
    return np.array([
        ducc0.sht.pseudo_analysis(
            map=np.ascontiguousarray(lane), maxiter=1000, epsilon=1e-15, **rings(p, t))[0]
        for lane in field])


def derivatives(p, t):
    options = {name: value for name, value in rings(p, t).items() if name != "spin"}
    field = np.array([ducc0.sht.synthesis_deriv1(alm=lane[None], **options)
                      for lane in complex_of(t["coefficients"])])
    return {"d_theta": field[:, 0], "d_phi": field[:, 1]}


def derivatives_gradient(p, t):
    # Border: the derivatives are the spin-1 synthesis of sqrt(l(l+1)) a, and so their transpose.
    field = np.stack([t["d_theta_gradient"], t["d_phi_gradient"]], axis=1)
    l, _ = places(p["lmax"], order_of(p))
    a = adjoint(p | {"spin": 1}, t, field)[:, 0]
    return {"coefficients_gradient": np.sqrt(l * (l + 1)) * twice(p) * a}


def locations(p, t):
    # Border: 2e-13 is the smallest epsilon that is taken.
    return dict(
        loc=directions(t), epsilon=2.1e-13, lmax=p["lmax"], mmax=order_of(p), **THREADS)


def point_synthesis(p, t):
    names = ["e", "b"] if p.get("spin") else ["coefficients"]
    a = np.stack([complex_of(t[name]) for name in names], axis=1)
    field = np.array([
        ducc0.sht.synthesis_general(alm=lane, spin=p.get("spin", 0), **locations(p, t))
        for lane in a]).reshape(len(a), len(names), len(t["theta"]))
    return dict(zip(["q", "u"] if p.get("spin") else ["values"], np.swapaxes(field, 0, 1)))


def point_gradient(p, t):
    where = locations(p, t)
    back = twice(p) * np.array([
        ducc0.sht.adjoint_synthesis_general(map=lane[None], spin=0, **where)[0]
        for lane in t["values_gradient"]])
    slopes = np.array([
        ducc0.sht.synthesis_general(alm=lane[None], spin=1, mode="DERIV1", **where)
        for lane in complex_of(t["coefficients"])])
    slopes = np.sum(slopes * t["values_gradient"][:, None], axis=0)
    # Border: DERIV1 is d/dphi over sin(theta).
    return {"coefficients_gradient": back, "theta_gradient": slopes[0], "phi_gradient": (
        slopes[1] * np.sin(t["theta"]))}


def legendre(p, t):
    """alm2leg of one coefficient at a time: the Legendre function of that degree.

    Border: orders are unsigned. With spin the answer comes as the parts of Q and U for E = 1:
    Q = -(lambda_m + (-1)^m lambda_{-m})/2, U = i (lambda_m - (-1)^m lambda_{-m})/2."""
    lmax, spin = p["lmax"], p.get("spin", 0)
    result = np.zeros((len(p["orders"]), len(t["theta"]), lmax + 1))
    for row, signed in enumerate(p["orders"]):
        m = abs(signed)
        for l in range(max(m, spin), lmax + 1):
            a = np.zeros((2 if spin else 1, lmax + 1), complex)
            a[0, l] = 1
            parts = ducc0.sht.alm2leg(
                alm=a, lmax=lmax, spin=spin, theta=t["theta"], mval=np.array([m], np.uint64),
                mstart=np.array([0], np.uint64), **THREADS)[..., 0]
            sign, phase = np.sign(signed + 0.5), (-1) ** m if signed < 0 else 1
            value = phase * (-parts[0] - 1j * sign * parts[1] if spin else parts[0]).real
            result[row, :, l] = value
    return {"lambda": result}


def rotation(p, t):
    # Border: psi, theta, phi are gamma, beta, alpha.
    return {"rotated": ducc0.sht.rotate_alm(
        complex_of(t["coefficients"]), p["lmax"], p["gamma"], p["beta"], p["alpha"], **THREADS)}


def rotation_gradient(p, t):
    # Border: the inverse rotation is the transpose once orders m > 0 count twice, as m < 0 do.
    z = complex_of(t["rotated_gradient"]) / twice(p)
    z[:, :p["lmax"] + 1].imag = 0
    return {"coefficients_gradient": twice(p) * ducc0.sht.rotate_alm(
        z, p["lmax"], -p["alpha"], -p["beta"], -p["gamma"], **THREADS)}


def quadrature(geometry, kind):
    def compute(p, t):
        # Border: weights are for sums over the sphere, 4 pi in all; angles are by definition.
        n = p["count"]
        theta = ducc0.misc.GL_thetas(n) if geometry == "GL" else common.named_nodes(kind, n)[0]
        weights = ducc0.sht.get_gridweights(geometry, n) / (2 * np.pi)
        return {"theta": theta, "cos_theta": np.cos(theta), "weights": weights}

    return compute


def mode_coupling(p, t):
    # Border: the factor 2 l2 + 1 is the caller's; the spectrum is filled with 0 to 2 lmax.
    n, lmax = len(t["mask_spectrum"]), p["lmax"]
    spectrum = np.zeros((1, max(n, 2 * lmax + 1)))
    spectrum[0, :n] = t["mask_spectrum"]
    matrix = ducc0.misc.experimental.coupling_matrix_rect(
        spectrum, (0,), np.zeros((1, lmax + 1, lmax + 1)), **THREADS)[0]
    return {"matrix": matrix * (2 * np.arange(lmax + 1) + 1)}


def base(p):
    return ducc0.healpix.Healpix_Base(p["nside"], "RING")


def directions(t):
    # Border: longitudes in 0 ... 2 pi.
    return np.stack([t["theta"], np.mod(t["phi"], 2 * np.pi)], axis=1)


OPERATIONS = common.transforms(
    synthesis=synthesis, analysis=analysis, adjoint_synthesis=adjoint,
    synthesis_gradient=synthesis_gradient, analysis_gradient=analysis_gradient,
    least_squares_analysis=least_squares,
) | common.modes(synthesis) | {
    "scalar_derivatives": derivatives, "scalar_derivatives_gradient": derivatives_gradient,
    "point_synthesis": point_synthesis, "spin_point_synthesis": point_synthesis,
    "point_synthesis_gradient": point_gradient,
    "legendre": legendre, "spin_legendre": legendre,
    "gauss_legendre": quadrature("GL", "gauss_legendre"),
    "clenshaw_curtis": quadrature("CC", "clenshaw_curtis"),
    "fejer1": quadrature("F1", "fejer1"), "fejer2": quadrature("F2", "fejer2"),
    "driscoll_healy": quadrature("DH", "driscoll_healy"),
    "wigner_3j": lambda p, t: {
        "w": ducc0.misc.wigner3j_int(p["l2"], p["l3"], p["m2"], p["m3"])[1]},
    "healpix_centres": lambda p, t: dict(zip(
        ["theta", "phi"], base(p).pix2ang(np.arange(12 * p["nside"] ** 2)).T)),
    "healpix_pixel_of_direction": lambda p, t: {"pixel": base(p).ang2pix(directions(t))},
    "healpix_nested_to_ring": lambda p, t: {"ring": base(p).nest2ring(t["nested"])},
    "healpix_ring_to_nested": lambda p, t: {"nested": base(p).ring2nest(t["ring"])},
    "rotation": rotation, "rotation_gradient": rotation_gradient, "mode_coupling": mode_coupling,
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["ducc0", "numpy"])
