"""SciPy's special functions against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import numpy as np
from scipy import special

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, complex_of, order_of, places, twice  # noqa: E402


def legendre(p, t):
    # Border: a first axis of derivatives.
    lmax, orders = p["lmax"], np.array(p["orders"])
    degrees = np.arange(lmax + 1)
    return {"lambda": special.sph_legendre_p(
        degrees, orders[:, None, None], t["theta"][:, None])[0]}


def spin_harmonics(p, t):
    if p["spin"]:
        raise Absent("spins other than 0")
    # Border: (degree, order, colatitude, longitude); sph_harm before had another order.
    return {"y": special.sph_harm_y(t["l"], t["m"], t["theta"], t["phi"])}


def gauss_legendre(p, t):
    # Border: nodes are cos(theta) and ascend, from south to north.
    nodes, weights = special.roots_legendre(p["count"])
    return {"theta": np.arccos(nodes[::-1]), "cos_theta": nodes[::-1], "weights": weights[::-1]}


def table(p, t, derivatives=0):
    """Y_lm at the points, [places, points], and the derivatives by theta and phi."""
    l, m = places(p["lmax"], order_of(p))
    if len(l) * len(t["theta"]) > 3e7:
        raise Absent("a table of all harmonics at all points too large for memory")
    return special.sph_harm_y(
        l[:, None], m[:, None], t["theta"], t["phi"], diff_n=derivatives)


def point_synthesis(p, t):
    # Border: the library has the functions; the sum over them is the caller's.
    a = twice(p) * complex_of(t["coefficients"])
    return {"values": np.real(a @ table(p, t))}


def point_gradient(p, t):
    a, back = twice(p) * complex_of(t["coefficients"]), t["values_gradient"]
    y, slopes = table(p, t, derivatives=1)
    found = {"coefficients_gradient": twice(p) * (back @ np.conj(y).T)}
    found["coefficients_gradient"][:, :p["lmax"] + 1].imag = 0
    for k, name in enumerate(["theta_gradient", "phi_gradient"]):
        found[name] = np.sum(np.real(a @ slopes[..., k]) * back, axis=0)
    return found


OPERATIONS = {
    "legendre": legendre, "spin_harmonics": spin_harmonics, "gauss_legendre": gauss_legendre,
    "point_synthesis": point_synthesis, "point_synthesis_gradient": point_gradient,
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["scipy", "numpy"])
