"""Faults of public libraries restated in NumPy: each a wrong operation beside the right one.

RESTATED: key -> (operation, right, wrong); both are functions of p, the parameters, and t, the
input tensors, as in Fixtures/generators/ports/kit.py. Where the NumPy backend has the operation,
the right one is its own, and the wrong one mostly a fault of faults.py there.
"""

import math
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402,F401  (puts the NumPy backend on the path)
import faults as conventions  # noqa: E402
import kit  # noqa: E402
import numpy_backend as backend  # noqa: E402
import numpy_sphere as sphere  # noqa: E402
from common import complex_of, places  # noqa: E402
from wrong_conventions import patched  # noqa: E402


def own(operation):
    """The NumPy backend's operation; its names of spin transforms may be those of version 1."""
    names = [operation, operation.replace("spin_", "spin2_")]
    return next(backend.OPERATIONS[name] for name in names if name in backend.OPERATIONS)


def convention(operation, fault):
    """A fault of faults.py."""
    _, replacements = conventions.FAULTS[fault]

    def wrong(p, t):
        with patched(replacements()):
            return own(operation)(p, t)

    return operation, own(operation), wrong


def pairs(z):
    return np.stack([z.real, z.imag], axis=-1)


def matrices(p, t):
    options = {name: p[name] for name in ("mmax", "spin", "nyquist") if name in p}
    return sphere.transform(*[t[name] for name in kit.GRID], p["lmax"], **options)


def reals(z):
    """Re and Im in turn."""
    return np.ascontiguousarray(z).reshape(len(z), -1)


# --- Transforms ----------------------------------------------------------------------------------


def gradient_of_analysis_unscaled(p, t):
    """The transpose of the unweighted sums over all orders: no 4 pi/npix, no 1/(2 - delta_m0)."""
    m = places(p["lmax"], p.get("mmax", p["lmax"]))[1]
    twice = np.where(m > 0, 2, 1)[:, None]
    right = own("scalar_analysis_gradient")(
        p, t | {"coefficients_gradient": t["coefficients_gradient"] * twice})
    weights = np.repeat(t["ring_weight"], t["ring_count"])
    return {"field_gradient": right["field_gradient"] / weights}


def high_orders_dropped(p, t):
    """Rings of n points take the orders up to n/2 only, in place of folding the others."""
    a = complex_of(t["coefficients"])
    m = places(p["lmax"], p.get("mmax", p["lmax"]))[1]
    theta, phi0, count, weight = (t[name] for name in kit.GRID)
    field = []
    for j in range(len(theta)):
        ring = dict(zip(kit.GRID, (x[j:j + 1] for x in (theta, phi0, count, weight))))
        kept = np.where(m <= count[j] // 2, a, 0)
        field.append(own("scalar_synthesis")(p, t | ring | {"coefficients": pairs(kept)})["field"])
    return {"field": np.concatenate([np.asarray(f).real for f in field], axis=-1)}


def triangle(p, t):
    """Degrees above mmax are left out without a word."""
    l, _ = places(p["lmax"], p["mmax"])
    kept = np.where((l <= p["mmax"])[:, None], t["coefficients"], 0)
    return own("scalar_synthesis")(p, t | {"coefficients": kept})


def iterated(p, t, iterations=None):
    """a = A f, and then a += A (f - S a)."""
    matrix, field = matrices(p, t), t["field"]
    a = field @ matrix["analysis"]
    for _ in range(p["iterations"] if iterations is None else iterations):
        a = a + (field - a @ matrix["synthesis"]) @ matrix["analysis"]
    return {"coefficients": a.reshape(len(a), -1, 2)}


def iterated_gradient(p, t, iterations=None):
    """The transpose: sum over k of A^T (1 - S^T A^T)^k."""
    matrix, z = matrices(p, t), reals(t["coefficients_gradient"])
    field = term = z @ matrix["analysis"].T
    for _ in range(p["iterations"] if iterations is None else iterations):
        term = term - term @ matrix["synthesis"].T @ matrix["analysis"].T
        field = field + term
    return {"field_gradient": field}


def masked_gradient(p, t, mask=True):
    field = reals(t["coefficients_gradient"]) @ matrices(p, t)["analysis"].T
    return {"field_gradient": field * t["mask"] if mask else field}


def least_squares_by_quadrature(p, t):
    a = t["field"] @ matrices(p, t)["analysis"]
    return {"coefficients": a.reshape(len(a), -1, 2)}


def scaled_coefficients(factor):
    """Synthesis of coefficients that are taken for those of other functions."""

    def wrong(p, t):
        l, _ = places(p["lmax"], p["mmax"])
        return own("scalar_synthesis")(
            p, t | {"coefficients": t["coefficients"] * factor(l)[:, None]})

    return "scalar_synthesis", own("scalar_synthesis"), wrong


def zero_filled(p, t):
    """Unobserved points stay 0; the last channel is the mask."""
    observed = t["x"][:, -1:] > 0
    found = own("mean_inpainting")(p, t)
    output = np.where(observed, t["x"], 0)
    output[:, -1] = t["x"][:, -1]
    return found | {"output": output}


def masked(p, t, unseen=None):
    field = t["mask"] * t["field"]
    if unseen is not None:
        field = np.where(t["mask"] > 0, field, unseen)
    return {"coefficients": (field @ matrices(p, t)["analysis"]).reshape(len(field), -1, 2)}


def noisy_adjoint(p, t):
    """An adjoint whose tables are those of another rounding, 1e-5 off."""
    found = own("scalar_adjoint_synthesis")(p, t)["coefficients"]
    found = pairs(found) if np.iscomplexobj(found) else found
    return {"coefficients": found * (1 + 1e-5 * np.sin(np.arange(found.size))).reshape(found.shape)}


# --- Functions -----------------------------------------------------------------------------------


def single_recurrence(p, t):
    """The usual recurrence over degrees from P_mm, all in single precision without scaling."""
    one, lmax = np.float32, p["lmax"]
    x, s = np.cos(t["theta"]).astype(one), np.sin(t["theta"]).astype(one)
    result = np.zeros((len(p["orders"]), len(x), lmax + 1))
    for row, m in enumerate(p["orders"]):
        last, value = np.zeros(len(x), one), np.full(len(x), np.sqrt(1 / (4 * np.pi)), one)
        for k in range(1, m + 1):
            value = -one(np.sqrt((2 * k + 1) / (2 * k))) * s * value
        for l in range(m, lmax + 1):
            result[row, :, l] = value
            up = np.sqrt((4 * (l + 1) ** 2 - 1) / ((l + 1) ** 2 - m**2))
            back = np.sqrt(max(4 * l**2 - 1, 0) / (l**2 - m**2)) if l > m else np.inf
            last, value = value, one(up) * (x * value - one(1 / back) * last)
    return {"lambda": result}


def wigner(p, t):
    return {"d": np.array([
        sphere.wigner(p["lmax"], m, n, t["beta"]).T for m, n in zip(p["m"], p["n"])])}


def wigner_by_factorials(p, t):
    """Wigner's alternating sum with factorials in double precision."""
    result = np.zeros((len(p["m"]), len(t["beta"]), p["lmax"] + 1))
    factorial = [float(math.factorial(k)) if k < 171 else math.inf for k in range(
        2 * p["lmax"] + 1)]
    cosine, sine = np.cos(t["beta"] / 2), np.sin(t["beta"] / 2)
    for row, (m, n) in enumerate(zip(p["m"], p["n"])):
        for l in range(max(abs(m), abs(n)), p["lmax"] + 1):
            root = np.sqrt(
                factorial[l + m] * factorial[l - m] * factorial[l + n] * factorial[l - n])
            for k in range(max(0, n - m), min(l + n, l - m) + 1):
                below = factorial[l + n - k] * factorial[k] * (
                    factorial[m - n + k] * factorial[l - m - k])
                result[row, :, l] += (-1.0) ** (m - n + k) * root / below * (
                    cosine ** (2 * l + n - m - 2 * k) * sine ** (m - n + 2 * k))
    return {"d": result}


def spin_harmonics(p, t, exchanged=False):
    l, m = (t["m"], t["l"]) if exchanged else (t["l"], t["m"])
    y = np.zeros(len(l), complex)
    for k in range(len(l)):
        if abs(m[k]) <= l[k]:
            y[k] = sphere.legendre(int(l[k]), int(m[k]), t["theta"][k:k + 1], p["spin"])[
                l[k], 0] * np.exp(1j * m[k] * t["phi"][k])
    return {"y": y}


def nodes_in_single(p, t):
    right = own("clenshaw_curtis")(p, t)
    return {name: np.asarray(value, np.float32).astype(float) for name, value in right.items()}


def point_gradient(p, t, on_axis=1.0):
    """By the Legendre functions and their derivative in theta; `on_axis`: 1/sin(theta) there."""
    l, m = places(p["lmax"], p["mmax"])
    theta, phi = t["theta"], t["phi"]
    wave = np.exp(1j * np.outer(m, phi))
    orders = range(p["mmax"] + 2)
    table = np.array([sphere.legendre(p["lmax"], k, theta) for k in orders])
    # 2 d lambda_m / d theta
    #   = sqrt((l-m)(l+m+1)) lambda_{m+1} - sqrt((l+m)(l-m+1)) lambda_{m-1}, all of degree l.
    below = np.where((m > 0)[:, None], table[abs(m - 1), l], -table[1, l])
    slope = (np.sqrt((l - m) * (l + m + 1))[:, None] * table[m + 1, l]
             - np.sqrt((l + m) * (l - m + 1))[:, None] * below) / 2
    if on_axis != 1:
        with np.errstate(all="ignore"):  # d/dtheta by a division by sin(theta)
            slope = slope * (np.sin(theta) / np.sin(theta))
    twice = np.where(m > 0, 2, 1)
    a, back = twice * complex_of(t["coefficients"]), t["values_gradient"]
    y = table[m, l] * wave
    z = twice * (back @ np.conj(y).T)
    z[:, :p["lmax"] + 1].imag = 0
    return {"coefficients_gradient": z,
            "theta_gradient": np.sum(np.real(a @ (slope * wave)) * back, axis=0),
            "phi_gradient": np.sum(np.real(a @ (1j * m[:, None] * y)) * back, axis=0)}


# --- Pixels, spectra, random numbers -------------------------------------------------------------


def no_wrap(p, t):
    """Interpolation along a ring that does not close at phi = 0: the last pixel stands twice."""
    nside = p["nside"]
    pixels, weights = sphere.healpix_interpolation(nside, t["theta"], t["phi"])
    _, _, count, start = sphere.healpix_rings(nside)
    first, last = start, start + count - 1
    for west in (0, 2):
        crosses = np.isin(pixels[:, west], last) & np.isin(pixels[:, west + 1], first)
        pixels[crosses, west + 1] = pixels[crosses, west]
    values = np.einsum("xnk,nk->xn", t["field"][:, pixels], weights)
    return {"values": values}


def nested_read_as_ring(p, t):
    order = sphere.healpix_ring_to_nested(p["nside"], np.arange(12 * p["nside"] ** 2))
    return own("resample_containing_pixel")(p, t | {"field": t["field"][:, order]})


def smoothing(p, t, spin=None):
    l, _ = places(p["lmax"])
    s, sigma = p["spin"] if spin is None else spin, p["fwhm"] / np.sqrt(8 * np.log(2))
    return {"smoothed": t["coefficients"] * np.exp(
        -(l * (l + 1) - s * s) * sigma**2 / 2)[:, None]}


def same_seed(p, t):
    """Every other worker starts from the same seed."""
    found = np.array(own("gaussian_field")(p, t)["coefficients"])
    half = len(found) // 2
    found[half:2 * half] = found[:half]
    return {"coefficients": found}


RESTATED = {
    "gradient of HEALPix analysis": (
        "scalar_analysis_gradient", own("scalar_analysis_gradient"), gradient_of_analysis_unscaled),
    "high orders dropped": ("scalar_synthesis", own("scalar_synthesis"), high_orders_dropped),
    "forced triangle": ("scalar_synthesis", own("scalar_synthesis"), triangle),
    "three iterations": (
        "iterated_analysis", iterated, lambda p, t: iterated(p, t, iterations=3)),
    "gradient of one iteration": (
        "iterated_analysis_gradient", iterated_gradient,
        lambda p, t: iterated_gradient(p, t, iterations=1)),
    "gradient without the mask": (
        "masked_analysis_gradient", masked_gradient,
        lambda p, t: masked_gradient(p, t, mask=False)),
    "quadrature for a fit": (
        "least_squares_analysis", own("least_squares_analysis"), least_squares_by_quadrature),
    "normalised to 4 pi": scaled_coefficients(lambda l: np.full(len(l), np.sqrt(4 * np.pi))),
    "Schmidt's normalisation": scaled_coefficients(
        lambda l: np.sqrt(4 * np.pi / (2 * l + 1))),
    "holes filled with 0": ("mean_inpainting", own("mean_inpainting"), zero_filled),
    "Nyquist order twice": convention("scalar_synthesis", "Nyquist order twice"),
    "pixels around a pole": convention(
        "healpix_interpolation", "pixels opposite each other at a pole exchanged"),
    "pixels from the cosine": convention(
        "healpix_pixel_of_direction", "pixels from the cosine of the colatitude"),
    "unseen values": (
        "masked_analysis", masked, lambda p, t: masked(p, t, unseen=-1.6375e30)),
    "adjoint of another rounding": (
        "scalar_adjoint_synthesis", own("scalar_adjoint_synthesis"), noisy_adjoint),
    "Legendre recurrence in single precision": ("legendre", own("legendre"), single_recurrence),
    "Wigner d by factorials": ("wigner_d", wigner, wigner_by_factorials),
    "degree and order exchanged": (
        "spin_harmonics", spin_harmonics, lambda p, t: spin_harmonics(p, t, exchanged=True)),
    "quadrature in single precision": ("clenshaw_curtis", own("clenshaw_curtis"), nodes_in_single),
    "NaN on the axis": (
        "point_synthesis_gradient", point_gradient,
        lambda p, t: point_gradient(p, t, on_axis=np.nan)),
    "rings that do not close": ("resample_bilinear", own("resample_bilinear"), no_wrap),
    "NESTED read as RING": (
        "resample_containing_pixel", own("resample_containing_pixel"), nested_read_as_ring),
    "spin fields smoothed as scalars": (
        "smoothing", smoothing, lambda p, t: smoothing(p, t, spin=0)),
    "the same seed twice": ("gaussian_field", own("gaussian_field"), same_seed),
    "first longitudes of rings ignored": convention(
        "scalar_synthesis", "first longitudes of rings ignored"),
    "no Condon-Shortley phase": convention("scalar_synthesis", "no Condon-Shortley phase"),
    "coefficients l-major": convention("scalar_synthesis", "coefficients l-major"),
    "latitude in place of colatitude": convention(
        "scalar_synthesis", "latitude in place of colatitude"),
    "U of the IAU": convention("spin_synthesis", "U of the IAU"),
    "sign of E and B": convention("spin_synthesis", "+(E + iB) in place of -(E + iB)"),
    "imaginary part of m = 0": convention(
        "scalar_synthesis", "imaginary part of m = 0 enters the field"),
    "m = 0 with half the variance": convention("gaussian_field", "m = 0 with half the variance"),
}
