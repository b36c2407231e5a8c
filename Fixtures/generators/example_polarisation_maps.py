"""Records Fixtures/maps/t2: example Q and U maps of task t2, drawn and written by healpy.

Six maps in uK at nside 16 with C_l^EE and C_l^BB = exp(-(l - peak)^2/50) + 1e-5 uK^2 for l = 2..47, each
with its own peak, no noise. Random numbers, synthesis and FITS are healpy's (`synfast` with
new=True). The first four observe the published cap of f_sky 0.1 at least: one as T, Q, U with UNSEEN
pixels, one as Q and U in a partial-sky table, one NESTED, and one that observes twice as much. The
last two are full-sky maps, the second with POLCCONV IAU and U flipped. truth.csv has the peaks.
"""

import csv
import io
import pathlib
import tempfile

import healpy
import numpy as np

from recording import Recorder

SEED = 20250
NSIDE, LMAX = 16, 47
CENTRE = (2.001074, 1.695120)
# peaks of E and B, f_sky, kind
MAPS = [
    ((6.4, 14.2), 0.1, "tqu"),
    ((9.9, 8.3), 0.1, "partial"),
    ((17.6, 11.5), 0.1, "nested"),
    ((12.8, 18.7), 0.2, "qu"),
    ((7.2, 16.1), 1.0, "qu"),
    ((13.5, 10.6), 1.0, "iau"),
]
Q_AND_U = ["Q_POLARISATION", "U_POLARISATION"]


def spectrum(peak):
    ell = np.arange(LMAX + 1)
    return np.where(ell < 2, 0, np.exp(-((ell - peak) ** 2) / 50) + 1e-5)


def fits_bytes(fields, observed, kind):
    fields = [np.where(observed, field, healpy.UNSEEN) for field in fields]
    names, options = Q_AND_U, {}
    if kind == "tqu":
        names = ["TEMPERATURE"] + Q_AND_U
    else:
        fields = fields[1:]
    if kind == "nested":
        fields = [healpy.reorder(field, r2n=True) for field in fields]
        options["nest"] = True
    if kind == "iau":
        fields[1] = -fields[1]
        options["extra_header"] = [("POLCCONV", "IAU")]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "map.fits"
        healpy.write_map(
            path, fields, column_names=names, column_units="uK", dtype=np.float32,
            partial=kind == "partial", **options)
        return path.read_bytes()


def main():
    recorder = Recorder(
        "maps", __file__, ["healpy", "astropy", "numpy"], ["PolarisationWorkflowTests"],
        __doc__.splitlines()[0])
    (recorder.root / "maps" / "t2").mkdir(exist_ok=True)
    np.random.seed(SEED)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["file", "ell_e", "ell_b"])
    conventions = "C_l in uK^2; COSMO unless POLCCONV says IAU; file,ell_e,ell_b"
    centre = healpy.ang2vec(*CENTRE)
    directions = np.array(healpy.pix2vec(NSIDE, np.arange(12 * NSIDE**2)))
    for number, (peaks, fraction, kind) in enumerate(MAPS):
        zero = np.zeros(LMAX + 1)
        spectra = [spectrum(10), spectrum(peaks[0]), spectrum(peaks[1]), zero, zero, zero]
        fields = healpy.synfast(spectra, NSIDE, lmax=LMAX, new=True, pol=True)
        observed = centre @ directions >= 1 - 2 * fraction
        name = f"map{number}.fits"
        recorder.save_bytes(
            f"t2/{name}", fits_bytes(fields, observed, kind), seed=SEED,
            conventions=conventions,
            tolerance="example; predictions within 5 of their error bars")
        writer.writerow([name, *peaks])
    recorder.save_bytes(
        "t2/truth.csv", table.getvalue().encode(), seed=SEED, conventions=conventions,
        tolerance="exact")


if __name__ == "__main__":
    main()
