"""What ducc0, healpy and torch-harmonics compute on the sphere, for library_backend.py.

A transform takes p (parameters), t (inputs: the grid) and x [lanes, components, places or points],
complex for coefficients; components are one for spin 0 and two, (E, B) or (Q, U), for others. What
a library does otherwise than the kit is converted here, at the border, and said in a comment that
starts with "Border:".
"""

import ducc0
import healpy
import numpy as np
import torch
from torch_harmonics import InverseRealSHT, RealSHT, legendre, quadrature

from kit import GRID, complex_of

sht = ducc0.sht.experimental
THREADS = dict(nthreads=1)


class NotOffered(Exception):
    """The library has the operation, but not for this case."""


def order_of(p):
    return p.get("mmax", p["lmax"])


def degree_and_order(p):
    """l and m of every place, by healpy's own numbering, which is the kit's."""
    return healpy.Alm.getlm(p["lmax"], np.arange(healpy.Alm.getsize(p["lmax"], order_of(p))))


# --- ducc0 -------------------------------------------------------------------------------------


def ducc_rings(p, t):
    theta, phi0, count, _ = (t[name] for name in GRID)
    # Border: counts and starts of rings are unsigned.
    start = np.cumsum(count) - count
    return dict(
        theta=theta, phi0=phi0, nphi=count.astype(np.uint64), ringstart=start.astype(np.uint64),
        lmax=p["lmax"], mmax=order_of(p), spin=p.get("spin", 0), **THREADS)


def ducc_factors(p, t):
    """2 - delta_m0 of every place, and what "once" leaves of it in the synthesis.

    Border: ducc0 evaluates the series at the points. An order of half the ring's points counts
    twice there; to count it once it gets half the coefficient, without the imaginary part.
    """
    _, m = degree_and_order(p)
    nyquist = 2 * m == t["ring_count"][0]
    once = p.get("nyquist", "evaluated") == "once"
    if once and len(set(t["ring_count"])) > 1:
        raise NotOffered("nyquist once on rings of several lengths")
    return np.where(m > 0, 2, 1), nyquist & once


def ducc_synthesis(p, t, a):
    _, halved = ducc_factors(p, t)
    a = np.where(halved, a.real / 2, a)
    return np.array([sht.synthesis(alm=lane, **ducc_rings(p, t)) for lane in a])


def ducc_adjoint(p, t, field):
    return np.array([
        sht.adjoint_synthesis(map=np.ascontiguousarray(lane), **ducc_rings(p, t))
        for lane in field])


def ducc_transform(method):
    def compute(p, t, x):
        # Border: quadrature weights are the caller's; ducc0's adjoint_synthesis has none and is
        # the transpose over the whole set of coefficients, m < 0 included.
        weights = np.repeat(t["ring_weight"], t["ring_count"])
        twice, halved = ducc_factors(p, t)
        if method == "synthesis":
            return ducc_synthesis(p, t, x)
        if method == "adjoint_synthesis":
            return ducc_adjoint(p, t, x)
        if method == "analysis":
            return ducc_adjoint(p, t, weights * x)
        if method == "synthesis_gradient":
            a = twice * ducc_adjoint(p, t, x)
            return np.where(halved, a.real / 2, a)
        if method == "analysis_gradient":
            evaluated = p | {"nyquist": "evaluated"}
            return weights * ducc_synthesis(evaluated, t, x / twice)
        return np.array([
            sht.pseudo_analysis(
                map=np.ascontiguousarray(lane), maxiter=1000, epsilon=1e-15, **ducc_rings(p, t))[0]
            for lane in x])

    return compute


def ducc_legendre(p, t):
    """alm2leg of one coefficient at a time: the Legendre function of that degree.

    Border: orders are unsigned. With spin the answer comes as the parts of Q and U for E = 1:
    Q = -(lambda_m + (-1)^m lambda_{-m})/2, U = i (lambda_m - (-1)^m lambda_{-m})/2.
    """
    lmax, spin = p["lmax"], p.get("spin", 0)
    result = np.zeros((len(p["orders"]), len(t["theta"]), lmax + 1))
    for row, signed in enumerate(p["orders"]):
        m = abs(signed)
        for l in range(max(m, spin), lmax + 1):
            a = np.zeros((2 if spin else 1, lmax + 1), complex)
            a[0, l] = 1
            parts = sht.alm2leg(
                alm=a, lmax=lmax, spin=spin, theta=t["theta"], mval=np.array([m], np.uint64),
                mstart=np.array([0], np.uint64), **THREADS)[..., 0]
            if spin == 0:
                value = parts[0].real * (-1) ** (m if signed < 0 else 0)
            elif signed >= 0:
                value = (-parts[0] - 1j * parts[1]).real
            else:
                value = (-1) ** m * (-parts[0] + 1j * parts[1]).real
            result[row, :, l] = value
    return {"lambda": result}


def ducc_rotation(p, t):
    # Border: psi, theta, phi are gamma, beta, alpha.
    return {"rotated": ducc0.sht.rotate_alm(
        complex_of(t["coefficients"]), p["lmax"], p["gamma"], p["beta"], p["alpha"], **THREADS)}


def ducc_quadrature(geometry):
    def compute(p, t):
        # Border: weights for sums over the sphere, 4 pi in all; the kit's sum to 2.
        theta = ducc0.misc.GL_thetas(p["count"])
        if geometry == "CC":
            theta = np.pi * np.arange(p["count"]) / (p["count"] - 1)
        weights = sht.get_gridweights(geometry, p["count"]) / (2 * np.pi)
        return {"theta": theta, "cos_theta": np.cos(theta), "weights": weights}

    return compute


def ducc_base(p, scheme="RING"):
    return ducc0.healpix.Healpix_Base(p["nside"], scheme)


def ducc_pixels(p, t):
    # Border: longitudes are wanted in 0 ... 2 pi.
    directions = np.stack([t["theta"], np.mod(t["phi"], 2 * np.pi)], axis=1)
    return {"pixel": ducc_base(p).ang2pix(directions)}


def ducc_centres(p, t):
    return dict(zip(["theta", "phi"], ducc_base(p).pix2ang(np.arange(12 * p["nside"] ** 2)).T))


# --- healpy ------------------------------------------------------------------------------------


def nside_of(t):
    """The nside whose rings the grid is. healpy transforms no others."""
    nside = (len(t["ring_theta"]) + 1) // 4
    if nside and np.sum(t["ring_count"]) == 12 * nside**2:
        theta, _ = healpy.pix2ang(nside, np.cumsum(t["ring_count"]) - t["ring_count"])
        if np.allclose(theta, t["ring_theta"], rtol=0, atol=1e-13):
            return nside
    raise NotOffered("rings that are not HEALPix's")


def healpy_synthesis(p, t, x):
    sizes = dict(lmax=p["lmax"], mmax=order_of(p))
    # Border: alm2map_spin takes E and B with the kit's sign and knows one spin per call.
    if p.get("spin", 0):
        return np.array([healpy.alm2map_spin(
            list(lane), nside_of(t), p["spin"], **sizes) for lane in x])
    return np.array([
        healpy.alm2map(lane[0], nside_of(t), pixwin=False, pol=False, **sizes)
        for lane in x])[:, None]


def healpy_analysis(p, t, x):
    """Sums with the weight 4 pi / npix.

    Border: map2alm improves its answer three times unless it is told iter=0, and may use ring or
    pixel weights."""
    nside_of(t)
    sizes = dict(lmax=p["lmax"], mmax=order_of(p))
    if p.get("spin", 0):
        return np.array([healpy.map2alm_spin(list(lane), p["spin"], **sizes) for lane in x])
    return np.array([
        healpy.map2alm(
            lane[0], iter=0, pol=False, use_weights=False, use_pixel_weights=False, **sizes)
        for lane in x])[:, None]


def healpy_transform(method):
    def compute(p, t, x):
        _, m = degree_and_order(p)
        twice, area = np.where(m > 0, 2, 1), np.pi / (3 * nside_of(t) ** 2)
        if method == "synthesis":
            return healpy_synthesis(p, t, x)
        if method == "adjoint_synthesis":
            return healpy_analysis(p, t, x) / area
        if method == "analysis":
            if not np.allclose(t["ring_weight"], area, rtol=1e-14):
                raise NotOffered("weights that differ from ring to ring")
            return healpy_analysis(p, t, x)
        if method == "synthesis_gradient":
            return twice * healpy_analysis(p, t, x) / area
        if method == "analysis_gradient":
            return area * healpy_synthesis(p, t, x / twice)
        return healpy_least_squares(p, t, x)

    return compute


def healpy_least_squares(p, t, x):
    """map2alm_lsq, which stops when the residual's coefficients are below tol of the answer's."""
    options = dict(lmax=p["lmax"], mmax=p["lmax"], tol=1e-15, maxiter=200)
    if p.get("spin", 0):
        # Border: Q and U only come together with a T map.
        return np.array([
            healpy.map2alm_lsq([0 * q, q, u], pol=True, **options)[0][1:] for q, u in x])
    return np.array([healpy.map2alm_lsq(lane[0], pol=False, **options)[0] for lane in x])[:, None]


def healpy_rotation(p, t):
    # Border: rotates in place; psi, theta, phi are gamma, beta, alpha.
    result = complex_of(t["coefficients"])
    for lane in result:
        healpy.rotate_alm(lane, p["gamma"], p["beta"], p["alpha"], lmax=p["lmax"])
    return {"rotated": result}


def healpy_interpolation(p, t):
    # Border: [4, n]. Beyond the first and the last ring the order of the four is healpy's own.
    pixels, weights = healpy.get_interp_weights(p["nside"], t["theta"], t["phi"])
    return {"pixels": pixels.T, "weights": weights.T}


def healpy_field(p, t):
    # Border: the global state of numpy.random is the only seed.
    np.random.seed(1)
    return {"coefficients": np.array([healpy.synalm(t["cl"]) for _ in range(p["draws"])])}


# --- torch-harmonics ---------------------------------------------------------------------------


def torch_legendre(p, t):
    # Border: sizes are counts; a table of all orders below mmax, from cos(theta).
    lmax, theta = p["lmax"], torch.from_numpy(t["theta"])
    table = legendre.legpoly(max(p["orders"]) + 1, lmax + 1, torch.cos(theta)).numpy()
    return {"lambda": table[p["orders"]].transpose(0, 2, 1)}


def torch_quadrature(function):
    def compute(p, t):
        # Border: nodes are cos(theta) and ascend, from south to north.
        nodes, weights = function(p["count"], -1, 1)
        nodes, weights = (torch.as_tensor(v).numpy()[::-1] for v in (nodes, weights))
        return {"theta": np.arccos(nodes), "cos_theta": nodes, "weights": weights}

    return compute


def to_dense(a, lmax, mmax):
    """[..., lm] -> [..., degrees, orders]."""
    l, m = healpy.Alm.getlm(lmax, np.arange(healpy.Alm.getsize(lmax, mmax)))
    dense = torch.zeros((*a.shape[:-1], lmax + 1, mmax + 1), dtype=torch.complex128)
    dense[..., l, m] = a.to(torch.complex128)
    return dense


def from_dense(dense):
    """[..., degrees, orders] -> [..., lm]."""
    lmax, mmax = dense.shape[-2] - 1, dense.shape[-1] - 1
    l, m = healpy.Alm.getlm(lmax, np.arange(healpy.Alm.getsize(lmax, mmax)))
    return dense[..., l, m]


def torch_modules(rings, longitudes, lmax, mmax, grid):
    """Analysis and synthesis.

    Border: sizes are counts, lmax + 1 and mmax + 1. The synthesis counts the order longitudes/2
    once, without its imaginary part, and has no higher ones. Tables are float64."""
    sizes = dict(lmax=lmax + 1, mmax=mmax + 1, grid=grid, norm="ortho", csphase=True)
    return RealSHT(rings, longitudes, **sizes), InverseRealSHT(rings, longitudes, **sizes)


def torch_grid(p, t):
    """The name of the grid, if torch-harmonics has it."""
    theta, phi0, count, _ = (t[name] for name in GRID)
    if len(set(count)) > 1 or np.any(phi0):
        raise NotOffered("rings of several lengths, or turned")
    if 2 * order_of(p) > count[0] or (
            2 * order_of(p) == count[0] and p["nyquist"] == "evaluated"):
        raise NotOffered("orders beyond the longitudes, or the Nyquist order evaluated")
    names = {"legendre-gauss": quadrature.legendre_gauss_weights,
             "equiangular": quadrature.clenshaw_curtiss_weights}
    for name, function in names.items():
        nodes = torch.as_tensor(function(len(theta), -1, 1)[0]).numpy()
        if np.allclose(np.arccos(nodes[::-1]), theta, rtol=0, atol=1e-7):
            return name
    raise NotOffered("nodes that torch-harmonics does not have")


def torch_transform(method):
    def compute(p, t, x):
        rings, longitudes = len(t["ring_theta"]), int(t["ring_count"][0])
        analysis, synthesis = torch_modules(
            rings, longitudes, p["lmax"], order_of(p), torch_grid(p, t))
        x = torch.from_numpy(x)
        if x.is_complex():
            x = to_dense(x, p["lmax"], order_of(p))
        else:
            x = x.reshape(*x.shape[:2], rings, longitudes)
        function = analysis if method.startswith("analysis") else synthesis
        if method.endswith("_gradient"):
            shape = (p["lmax"] + 1, order_of(p) + 1)
            y = pulled_back(function, x, (rings, longitudes) if x.is_complex() else shape)
        else:
            y = function(x)
        return (from_dense(y) if y.is_complex() else y.flatten(-2)).detach().numpy()

    return compute


def pulled_back(function, output_gradient, shape):
    """Autograd of a linear function: the gradient of its input."""
    dtype = torch.float64 if output_gradient.is_complex() else torch.complex128
    x = torch.zeros((*output_gradient.shape[:2], *shape), dtype=dtype, requires_grad=True)
    function(x).backward(output_gradient)
    return x.grad
