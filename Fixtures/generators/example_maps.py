"""Records Fixtures/maps/t1: example maps of task t1, drawn and written by healpy, with their peaks.

Eight full-sky temperature maps in uK at nside 16 with C_l = exp(-(l - peak)^2/50) + 1e-5 uK^2 for
l = 0..47, monopole and dipole included, no noise. They go the whole way through independent code:
random numbers, synthesis and FITS are healpy's. Two are NESTED, one is in K and one in float64, so
that the conventions of files are exercised too; truth.csv has the peaks.
"""

import csv
import io
import pathlib
import tempfile

import healpy
import numpy as np

from recording import Recorder

SEED = 20240
NSIDE, LMAX = 16, 47
# peak, keywords of healpy.write_map, factor from uK to the unit of the file
MAPS = [
    (6.2, {}, 1),
    (8.1, {}, 1),
    (9.7, {"nest": True}, 1),
    (11.4, {"column_units": "K"}, 1e-6),
    (13.3, {}, 1),
    (15.0, {"dtype": np.float64}, 1),
    (16.8, {"nest": True}, 1),
    (18.9, {}, 1),
]


def fits_bytes(values, keywords):
    """The file that healpy writes, without the date that astropy may add."""
    options = {"dtype": np.float32, "column_units": "uK", **keywords}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "map.fits"
        healpy.write_map(path, values, column_names=["TEMPERATURE"], **options)
        return path.read_bytes()


def main():
    recorder = Recorder(
        "maps", __file__, ["healpy", "astropy", "numpy"], ["WorkflowTests"],
        __doc__.splitlines()[0])
    (recorder.root / "maps" / "t1").mkdir(exist_ok=True)
    np.random.seed(SEED)
    ell = np.arange(LMAX + 1)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["file", "ell_peak"])
    conventions = "C_l in uK^2; RING unless ORDERING says NESTED; file,ell_peak"
    for number, (peak, keywords, factor) in enumerate(MAPS):
        spectrum = np.exp(-((ell - peak) ** 2) / 50) + 1e-5
        values = factor * healpy.synfast(spectrum, NSIDE, lmax=LMAX)
        if keywords.get("nest"):
            values = healpy.reorder(values, r2n=True)
        name = f"map{number}.fits"
        recorder.save_bytes(
            f"t1/{name}", fits_bytes(values, keywords), seed=SEED, conventions=conventions,
            tolerance="example; predictions within 5 of their error bars")
        writer.writerow([name, peak])
    recorder.save_bytes(
        "t1/truth.csv", table.getvalue().encode(), seed=SEED, conventions=conventions,
        tolerance="exact")


if __name__ == "__main__":
    main()
