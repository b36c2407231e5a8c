"""sphericart against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import numpy as np
import sphericart

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, complex_of, order_of, places  # noqa: E402


def directions(theta, phi):
    # Border: points in space, of any length.
    return np.stack([
        np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], axis=1)


def real_functions(p, theta, phi, gradients=False):
    """[points, (lmax + 1)^2], l (l + 1) + m."""
    if (p["lmax"] + 1) ** 2 * len(theta) > 3e7:
        raise Absent("a table of all harmonics at all points too large for memory")
    functions = sphericart.SphericalHarmonics(p["lmax"])
    where = directions(theta, phi)
    return functions.compute_with_gradients(where) if gradients else functions.compute(where)


def coefficients(p, a):
    """Border: real functions with sqrt(2) for m > 0 and m < 0, without Condon-Shortley phase."""
    l, m = places(p["lmax"], order_of(p))
    real = np.zeros((*a.shape[:-1], (p["lmax"] + 1) ** 2))
    sign = np.where(m > 0, np.sqrt(2) * (-1.0) ** m, 1)
    real[..., l * (l + 1) - m] = -sign * a.imag
    real[..., l * (l + 1) + m] = sign * a.real
    return real


def complex_gradient(p, real):
    """The transpose of `coefficients`."""
    l, m = places(p["lmax"], order_of(p))
    sign = np.where(m > 0, np.sqrt(2) * (-1.0) ** m, 1)
    imaginary = np.where(m > 0, -sign * real[..., l * (l + 1) - m], 0)
    return sign * real[..., l * (l + 1) + m] + 1j * imaginary


def legendre(p, t):
    """Border: the real function of an order at phi = 0 is sqrt(2) (-1)^m lambda."""
    table = real_functions(p, t["theta"], 0 * t["theta"])
    result = np.zeros((len(p["orders"]), len(t["theta"]), p["lmax"] + 1))
    for row, m in enumerate(p["orders"]):
        l = np.arange(abs(m), p["lmax"] + 1)
        factor = np.sqrt(0.5) * (-1.0 if m > 0 and m % 2 else 1) if m else 1
        result[row][:, l] = factor * table[:, l * (l + 1) + abs(m)]
    return {"lambda": result}


def spin_harmonics(p, t):
    """Border: Y_lm = (-1)^m (R_lm + i R_l,-m)/sqrt(2) for m > 0."""
    if p["spin"]:
        raise Absent("spins other than 0")
    y = np.zeros(len(t["l"]), complex)
    if len(y) == 0:
        return {"y": y}
    for degree in np.unique(t["l"]):
        rows = np.flatnonzero(t["l"] == degree)
        table = real_functions({"lmax": int(degree)}, t["theta"][rows], t["phi"][rows])
        l, m = t["l"][rows], t["m"][rows]
        place, one = l * (l + 1), np.arange(len(rows))
        cosine = table[one, place + abs(m)]
        sine = np.where(m == 0, 0, np.sign(m) * table[one, place - abs(m)])
        factor = np.where(m == 0, 1, np.sqrt(0.5) * np.where(m > 0, (-1.0) ** m, 1))
        y[rows] = factor * (cosine + 1j * sine)
    return {"y": y}


def point_synthesis(p, t):
    # Border: the library has the functions; the sum over them is the caller's.
    a = coefficients(p, complex_of(t["coefficients"]))
    return {"values": a @ real_functions(p, t["theta"], t["phi"]).T}


def point_gradient(p, t):
    theta, phi, back = t["theta"], t["phi"], t["values_gradient"]
    a = coefficients(p, complex_of(t["coefficients"]))
    table, slopes = real_functions(p, theta, phi, gradients=True)
    # Border: derivatives by x, y, z.
    along = np.einsum("xk,ndk->xdn", a, slopes)
    east = np.stack([-np.sin(phi), np.cos(phi), 0 * phi]) * np.sin(theta)
    south = np.stack([
        np.cos(theta) * np.cos(phi), np.cos(theta) * np.sin(phi), -np.sin(theta)])
    return {
        "coefficients_gradient": complex_gradient(p, back @ table),
        "theta_gradient": np.einsum("xdn,dn,xn->n", along, south, back),
        "phi_gradient": np.einsum("xdn,dn,xn->n", along, east, back)}


OPERATIONS = {
    "legendre": legendre, "spin_harmonics": spin_harmonics, "point_synthesis": point_synthesis,
    "point_synthesis_gradient": point_gradient,
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["sphericart", "numpy"])
