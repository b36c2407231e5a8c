"""spherical against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import numpy as np
import quaternionic
import spherical

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, complex_of, order_of, places  # noqa: E402


def wigner_d(p, t):
    """Border: the library's d has the rows m', columns m; it is called with exp(i beta)."""
    if p["lmax"] > 128:
        raise Absent("planes of all orders too large for memory")
    wigner = spherical.Wigner(p["lmax"])
    result = np.zeros((len(p["m"]), len(t["beta"]), p["lmax"] + 1))
    for place, beta in enumerate(t["beta"]):
        table = wigner.d(np.exp(1j * beta))
        for k, (m, n) in enumerate(zip(p["m"], p["n"])):
            for l in range(max(abs(m), abs(n)), p["lmax"] + 1):
                result[k, place, l] = table[wigner.dindex(l, m, n)]
    return {"d": result}


def harmonics(wigner, spin, theta, phi):
    """Border: directions are rotations; sYlm has the kit's sign, [l (l + 1) + m]."""
    return wigner.sYlm(spin, quaternionic.array.from_spherical_coordinates(theta, phi))


def spin_harmonics(p, t):
    y = np.zeros(len(t["l"]), complex)
    for k, (l, m, theta, phi) in enumerate(zip(t["l"], t["m"], t["theta"], t["phi"])):
        wigner = spherical.Wigner(int(l))
        y[k] = harmonics(wigner, p["spin"], theta, phi)[wigner.Yindex(int(l), int(m))]
    return {"y": y}


def legendre(p, t):
    """Border: the harmonic at phi = 0."""
    spin, lmax = p.get("spin", 0), p["lmax"]
    if lmax > 128:
        raise Absent("tables of all orders too large for memory")
    wigner = spherical.Wigner(lmax)
    result = np.zeros((len(p["orders"]), len(t["theta"]), lmax + 1))
    for place, theta in enumerate(t["theta"]):
        y = harmonics(wigner, spin, theta, 0.0).real
        for row, m in enumerate(p["orders"]):
            for l in range(max(abs(m), spin), lmax + 1):
                result[row, place, l] = y[wigner.Yindex(l, m)]
    return {"lambda": result}


def wigner_3j(p, t):
    # Border: indexed by l1 from 0.
    first = max(abs(p["l2"] - p["l3"]), abs(p["m2"] + p["m3"]))
    w = spherical.Wigner3jCalculator(p["l2"], p["l3"]).calculate(
        p["l2"], p["l3"], p["m2"], p["m3"])
    return {"w": np.array(w[first:p["l2"] + p["l3"] + 1])}


def point_synthesis(p, t):
    """Border: the values of a spin-weighted function at rotations; all orders are given."""
    spin = p.get("spin", 0)
    if not len(t["theta"]):
        raise Absent("no points: the library is called point by point")
    l, m = places(p["lmax"], order_of(p))
    wigner = spherical.Wigner(p["lmax"])
    y = np.array([
        harmonics(wigner, spin, theta, phi) for theta, phi in zip(t["theta"], t["phi"])])

    def full(a):
        a = np.where(m == 0, a.real, a)
        whole = np.zeros((len(a), (p["lmax"] + 1) ** 2), complex)
        whole[:, l * (l + 1) - m] = (-1.0) ** m * np.conj(a)
        whole[:, l * (l + 1) + m] = a
        return whole

    if not spin:
        return {"values": (full(complex_of(t["coefficients"])) @ y.T).real}
    field = -(full(complex_of(t["e"])) + 1j * full(complex_of(t["b"]))) @ y.T
    return {"q": field.real, "u": field.imag}


OPERATIONS = {
    "wigner_d": wigner_d, "spin_harmonics": spin_harmonics, "legendre": legendre,
    "spin_legendre": legendre, "wigner_3j": wigner_3j, "point_synthesis": point_synthesis,
    "spin_point_synthesis": point_synthesis,
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["spherical", "numpy"])
