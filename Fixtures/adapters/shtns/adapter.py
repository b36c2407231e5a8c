"""SHTns (its Python module shtns) against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import numpy as np
import shtns

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, order_of, places  # noqa: E402

FLAGS = {
    "gauss_legendre": shtns.sht_quick_init, "fejer1": shtns.sht_reg_dct,
    "clenshaw_curtis": shtns.sht_reg_poles}
SMALLEST = 32  # fewer rings end the process, with the library's own message


def transform_of(p):
    # Border: orthonormal with the Condon-Shortley phase, orders m >= 0; one thread.
    return shtns.sht(p["lmax"], order_of(p), 1, shtns.sht_orthonormal, 1)


def on_grid(p, t, kinds):
    """A transform on the library's own grid.

    Border: polar_opt = 0 leaves out nothing near the poles."""
    grid = Grid(t)
    kind = grid.kind(kinds)
    if grid.rings < SMALLEST or grid.rings % 2 or grid.rings <= p["lmax"]:
        raise Absent(f"an odd number of rings, fewer than {SMALLEST}, or no more than lmax")
    if grid.longitudes() <= 2 * order_of(p):
        raise Absent("orders up to half the points of a ring or beyond")
    sh = transform_of(p)
    sh.set_grid(
        grid.rings, grid.longitudes(), polar_opt=0,
        flags=FLAGS[kind] | shtns.SHT_PHI_CONTIGUOUS)
    return sh, kind


def potentials(p, a):
    """Border: a vector field is grad S + curl T: S = E/sqrt(l(l+1)), T = -B/sqrt(l(l+1))."""
    if p["spin"] != 1:
        raise Absent("spins other than 1")
    l, _ = places(p["lmax"], order_of(p))
    root = np.sqrt(np.maximum(l * (l + 1.0), 1))
    return a / root * np.array([[1], [-1]])


def ready(sh, a):
    """Border: the library takes m = 0 as real; an array of its own."""
    own = sh.spec_array()
    own[:] = a
    own[:sh.lmax + 1].imag = 0
    return own


def by_rings(p, t, vector, a):
    """Ring by ring: SH_to_lat takes any colatitude and any number of points."""
    grid, sh = Grid(t), transform_of(p)
    _, m = places(p["lmax"], order_of(p))
    if grid.rings and np.any(grid.count <= 2 * order_of(p)):
        raise Absent("orders up to half the points of a ring or beyond")
    field = np.zeros((2 if vector else 1, grid.points))
    for j in range(grid.rings):
        # Border: rings start at phi = 0.
        turned = [ready(sh, one * np.exp(1j * m * grid.phi0[j])) for one in a]
        values = [np.zeros(grid.count[j]) for _ in range(3)]
        z = np.cos(grid.theta[j])
        if vector:
            sh.SHqst_to_lat(sh.spec_array(), *turned, z, *values)
            values = values[1:]
        else:
            sh.SH_to_lat(turned[0], z, values[0])
        field[:, grid.start[j]:grid.start[j] + grid.count[j]] = values[:len(field)]
    return field


def synthesised(p, t, vector, a):
    if p.get("nyquist", "evaluated") != "evaluated":
        raise Absent("the order of half the points counted once")
    try:
        sh, _ = on_grid(p, t, FLAGS)
    except Absent:
        return np.array([by_rings(p, t, vector, lane) for lane in a])
    function = sh.synth
    return np.array([
        np.reshape(function(*[ready(sh, one) for one in lane]), (len(lane), -1)) for lane in a])


def synthesis(p, t, a):
    spin = p.get("spin", 0)
    return synthesised(p, t, spin > 0, potentials(p, a) if spin else a)


def analysis(p, t, field):
    if p.get("spin", 0) > 1:
        raise Absent("spins other than 1")
    sh, kind = on_grid(p, t, ["gauss_legendre"])
    Grid(t).require_weights(kind)
    shape = (sh.nlat, sh.nphi)
    a = np.array([
        np.atleast_2d(np.array(sh.analys(*[np.array(one.reshape(shape)) for one in lane])))
        for lane in field])
    if not p.get("spin", 0):
        return a
    l, _ = places(p["lmax"], order_of(p))
    return a * np.sqrt(l * (l + 1.0)) * np.array([[1], [-1]])


def derivatives(p, t):
    a = complex_of(t["coefficients"])
    field = synthesised(p, t, True, np.stack([a, 0 * a], axis=1))
    return {"d_theta": field[:, 0], "d_phi": field[:, 1]}


def require_points(t):
    if not len(t["theta"]):
        raise Absent("no points: the library is called point by point")


def point_synthesis(p, t):
    require_points(t)
    sh = transform_of(p)
    return {"values": np.array([
        [sh.SH_to_point(ready(sh, a), np.cos(theta), phi)
         for theta, phi in zip(t["theta"], t["phi"])]
        for a in complex_of(t["coefficients"])])}


def spin_point_synthesis(p, t):
    require_points(t)
    sh, found = transform_of(p), []
    for e, b in zip(complex_of(t["e"]), complex_of(t["b"])):
        lane = [ready(sh, one) for one in potentials(p, np.stack([e, b]))]
        found.append([sh.SHqst_to_point(sh.spec_array(), *lane, np.cos(theta), phi)[1:]
                      for theta, phi in zip(t["theta"], t["phi"])])
    return dict(zip("qu", np.moveaxis(np.array(found), 2, 0)))


def rotation(p, t):
    turn = shtns.rotation(p["lmax"], order_of(p), shtns.sht_orthonormal)
    # Border: intrinsic angles, the first turn first.
    turn.set_angles_ZYZ(p["gamma"], p["beta"], p["alpha"])
    sh = transform_of(p)
    return {"rotated": np.array([
        turn.apply_real(ready(sh, a)) for a in complex_of(t["coefficients"])])}


def wigner_d(p, t):
    if p["lmax"] > 200:
        raise Absent("matrices of all orders too large for memory")
    result = np.zeros((len(p["m"]), len(t["beta"]), p["lmax"] + 1))
    for place, beta in enumerate(t["beta"]):
        turn = shtns.rotation(p["lmax"], p["lmax"], shtns.sht_orthonormal)
        turn.set_angles_ZYZ(0, beta, 0)
        for l in range(p["lmax"] + 1):
            matrix = np.asarray(turn.wigner_d_matrix(l))
            for k, (m, n) in enumerate(zip(p["m"], p["n"])):
                if max(abs(m), abs(n)) <= l:
                    result[k, place, l] = matrix[l + m, l + n]
    return {"d": result}


def gauss_legendre(p, t):
    if p["count"] < SMALLEST or p["count"] % 2:
        raise Absent(f"an odd number of rings, or fewer than {SMALLEST}")
    sh = shtns.sht(p["count"] - 1, 0, 1, shtns.sht_orthonormal, 1)
    sh.set_grid(p["count"], 1, flags=shtns.sht_quick_init, polar_opt=0)
    half = sh.gauss_wts()  # Border: weights of the northern half
    return {"theta": np.arccos(sh.cos_theta), "cos_theta": sh.cos_theta,
            "weights": np.concatenate([half, half[::-1]])}


OPERATIONS = common.transforms(synthesis=synthesis, analysis=analysis) | common.modes(synthesis) | {
    "scalar_derivatives": derivatives, "point_synthesis": point_synthesis,
    "spin_point_synthesis": spin_point_synthesis, "rotation": rotation, "wigner_d": wigner_d,
    "gauss_legendre": gauss_legendre,
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["shtns", "numpy"])
