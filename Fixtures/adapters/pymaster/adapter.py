"""pymaster (NaMaster) against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import numpy as np
import pymaster

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402
from common import Absent, Grid, order_of, twice  # noqa: E402


def setting(p, t):
    nside = Grid(t).nside()
    if nside & (nside - 1):
        raise Absent("an nside that is no power of two")
    if order_of(p) != p["lmax"]:
        raise Absent("mmax < lmax")
    if p.get("nyquist", "evaluated") != "evaluated":
        raise Absent("the order of half the points counted once")
    return (p.get("spin", 0), pymaster.NmtMapInfo(None, [12 * nside**2]),
            pymaster.NmtAlmInfo(p["lmax"]))


def synthesis(p, t, a):
    where = setting(p, t)
    return np.array([pymaster.alm2map(lane, *where) for lane in a])


def analysis(p, t, field, iterations=0):
    where = setting(p, t)
    Grid(t).require_equal_weights()
    return np.array([
        pymaster.map2alm(np.ascontiguousarray(lane), *where, n_iter=iterations)
        for lane in field])


def unweighted(p, t, field):
    """Border: map2alm has the weight 4 pi / npix."""
    where = setting(p, t)
    return np.array([
        pymaster.map2alm(np.ascontiguousarray(lane), *where, n_iter=0)
        for lane in field]) * Grid(t).points / (4 * np.pi)


def masked_analysis(p, t, field):
    setting(p, t)
    Grid(t).require_equal_weights()
    if p.get("spin", 0) not in (0, 2):
        raise Absent("fields of spins other than 0 and 2")
    found = []
    for lane in field:
        one = pymaster.NmtField(
            t["mask"], list(lane), spin=p.get("spin", 0), n_iter=0, lmax=p["lmax"],
            lmax_mask=p["lmax"])
        found.append(one.get_alms())
    return np.array(found)


def mode_coupling(p, t):
    """Border: a matrix of as many degrees as the spectrum has; filled with 0 to 2 lmax."""
    spectrum = np.zeros(max(len(t["mask_spectrum"]), 2 * p["lmax"] + 1))
    spectrum[:len(t["mask_spectrum"])] = t["mask_spectrum"]
    matrix = pymaster.get_general_coupling_matrix(spectrum, 0, 0, 0, 0)
    return {"matrix": matrix[:p["lmax"] + 1, :p["lmax"] + 1]}


OPERATIONS = common.transforms(
    synthesis=synthesis, analysis=analysis, adjoint_synthesis=unweighted,
    synthesis_gradient=lambda p, t, x: twice(p) * unweighted(p, t, x),
    analysis_gradient=lambda p, t, x: Grid(t).point_weights * synthesis(p, t, x / twice(p)),
    iterated_analysis=lambda p, t, x: analysis(p, t, x, p["iterations"]),
    masked_analysis=masked_analysis,
) | common.modes(synthesis) | {"mode_coupling": mode_coupling}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["pymaster", "ducc0", "healpy", "numpy"])
