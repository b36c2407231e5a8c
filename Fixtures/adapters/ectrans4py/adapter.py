"""ecTrans (its Python module ectrans4py) against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import ectrans4py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, complex_of, order_of, places  # noqa: E402

GRIDS = 50  # of one process, which the library counts


def setting(p, t):
    """The arguments of a (reduced) Gaussian grid: rings of any lengths from phi = 0."""
    grid = Grid(t)
    if p.get("spin", 0):
        raise Absent("spin fields")
    if order_of(p) != p["lmax"]:
        raise Absent("mmax < lmax")
    if grid.kind(["gauss_legendre"]) and np.any(grid.phi0):
        raise Absent("rings turned in longitude")
    if grid.rings % 2:
        raise Absent("an odd number of rings")
    rings = grid.count.astype(np.int64)
    points, spectral, cut = ectrans4py.trans_inq4py(
        grid.rings, p["lmax"], grid.rings, rings, GRIDS)
    if np.any(np.asarray(cut) < p["lmax"]):
        raise Absent("rings with fewer orders than lmax, which the library leaves out")
    # Border: the number of coefficients is that of complex ones.
    return dict(rings=grid.rings, lmax=p["lmax"], counts=rings, points=int(points),
                size=2 * int(spectral))


def to_spectral(p, a):
    """Border: 4 pi normalised, no Condon-Shortley phase, Re and Im in turn."""
    _, m = places(p["lmax"])
    z = a * (-1.0) ** m / np.sqrt(4 * np.pi)
    return np.stack([z.real, np.where(m > 0, z.imag, 0)], axis=-1).ravel()


def gridded(p, t, a, slopes=False):
    s = setting(p, t)
    return ectrans4py.sp2gp_gauss4py(
        s["rings"], s["lmax"], GRIDS, s["points"], s["rings"], s["counts"], s["size"], slopes,
        False, to_spectral(p, a))


def synthesis(p, t, a):
    return np.array([[np.asarray(gridded(p, t, lane[0])[0]).ravel()] for lane in a])


def analysis(p, t, field):
    s = setting(p, t)
    _, weights = common.named_nodes("gauss_legendre", s["rings"])
    if not np.allclose(t["ring_weight"], 2 * np.pi * weights / s["counts"], rtol=1e-12):
        raise Absent("weights that are not those of the nodes")
    found = []
    for lane in field[:, 0]:
        pairs = np.asarray(ectrans4py.gp2sp_gauss4py(
            s["size"], s["rings"], s["lmax"], GRIDS, s["rings"], s["counts"], s["points"], False,
            lane.copy())).reshape(-1, 2)
        _, m = places(p["lmax"])
        found.append([(pairs[:, 0] + 1j * pairs[:, 1]) * (-1.0) ** m * np.sqrt(4 * np.pi)])
    return np.array(found)


EARTH = 6371229.0


def derivatives(p, t):
    # Border: derivatives are per metre on the Earth, to the north and to the east.
    found = np.array([
        [np.ravel(one) for one in gridded(p, t, a, slopes=True)[1:]]
        for a in complex_of(t["coefficients"])]) * EARTH
    return {"d_theta": -found[:, 0], "d_phi": found[:, 1]}


OPERATIONS = common.transforms("scalar", synthesis=synthesis, analysis=analysis) | (
    common.modes(synthesis)) | {"scalar_derivatives": derivatives}

if __name__ == "__main__":
    ectrans4py.init_env(omp_num_threads=1, unlimited_stack=False)
    common.main(__doc__, OPERATIONS, ["ectrans4py", "numpy"])
