"""Records Fixtures/regression/spectra_*.csv: power spectra of the shipped example maps by healpy.

`anafast` with lmax 31 and three iterations, as `sphere spectrum` computes by default; T of
Fixtures/maps/t1, E and B of the full-sky maps of Fixtures/maps/t2. The maps are read back from the
files, in uK and in double precision. One csv per map: l,TT or l,EE,BB,EB.
"""

import io

import healpy
import numpy as np
from astropy.io import fits

from recording import FIXTURES, Recorder

LMAX = 31


def read(path, columns):
    """Columns of a map in uK and RING order."""
    with fits.open(path) as file:
        header = file[1].header
        unit = {"uK": 1.0, "K": 1e6}[header["TUNIT1"]]
        fields = [np.asarray(file[1].data.field(k), dtype=np.float64).ravel() for k in columns]
        if header["ORDERING"] == "NESTED":
            fields = [healpy.reorder(field, n2r=True) for field in fields]
        if header.get("POLCCONV") == "IAU":
            fields[-1] = -fields[-1]
    return [unit * field for field in fields]


def text(names, spectra):
    lines = io.StringIO()
    lines.write(",".join(["l"] + names) + "\n")
    for ell in range(LMAX + 1):
        lines.write(",".join([str(ell)] + [repr(float(s[ell])) for s in spectra]) + "\n")
    return lines.getvalue().encode()


def main():
    recorder = Recorder(
        "regression", __file__, ["healpy", "astropy", "numpy"], ["regression"],
        __doc__.splitlines()[0])
    options = dict(seed=0, conventions="C_l in uK^2; origin: healpy", tolerance="1e-12 of each spectrum")
    for number in range(8):
        t, = read(FIXTURES / f"maps/t1/map{number}.fits", [0])
        cl = healpy.anafast(t, lmax=LMAX, iter=3)
        recorder.save_bytes(f"spectra_t1_map{number}.csv", text(["TT"], [cl]), **options)
    for number in (4, 5):
        q, u = read(FIXTURES / f"maps/t2/map{number}.fits", [0, 1])
        zero = np.zeros_like(q)
        tt, ee, bb, te, eb, tb = healpy.anafast([zero, q, u], lmax=LMAX, iter=3)
        recorder.save_bytes(
            f"spectra_t2_map{number}.csv", text(["EE", "BB", "EB"], [ee, bb, eb]), **options)


if __name__ == "__main__":
    main()
