"""Records Fixtures/formats/cases/*.fits: files as other programs write them, and healpy's answers.

Maps of nside 8 from one Gaussian sky of T, Q and U, with the marks of real files:
    unit_on_some_columns   T in K_CMB, Q and U without TUNIT
    units_kelvin           the same numbers, all in K_CMB
    cut4                   HEALPix's cut-sky table: PIXEL, SIGNAL, N_OBS, SERROR
    cut4_q                 the same with EXTNAME = Q_POLARISATION
    signal_hits            SIGNAL, HITS
    several_maps           a table HITS and a table MAP
    bad_data               BAD_DATA = -32768 at some pixels
    scaled_unseen          UNSEEN times 1e6 at the same pixels
    integer_null           TNULL1 = -999 in a column of int16 at the same pixels
    coordsys_g, coordsys_galactic   COORDSYS G and GALACTIC, two skies
    primary_keywords       COORDSYS, POLCCONV = IAU in the primary header, U with the other sign
    wmap_unit              TUNIT mK,thermodynamic, N_OBS in counts
    apodised_mask          weights 0...1 with rounding beyond both ends
    mask_columns           GAL020, GAL040, GAL080
    checksum               CHECKSUM and DATASUM of astropy
Spectra and coefficients:
    spectra_nan            write_cl of four spectra, NaN at l = 0 and 1
    spectra_ell            ELL, TT, EE from l = 2
    spectra_nine           TT ... BT of two skies, HEALPix's nine names
    alm_sparse             T, lmax 10, rows that are zero left out
    alm_iau                T, E, B with POLCCONV = IAU
answers.safetensors holds anafast (lmax 16, iter 3) of the maps as they have to be read, in muK^2, and the
standard deviation of alm2map of alm_sparse at nside 8.
"""

import io

import healpy
import numpy as np
from astropy.io import fits

from recording import Recorder, encode_safetensors

SEED = 20261128
NSIDE = 8
LMAX = 2 * NSIDE
COUNT = 12 * NSIDE * NSIDE
CONVENTIONS = "healpy's: RING, COSMO, muK; see real_maps.py"


def table(columns, cards=(), name=None):
    """A binary table of (name, format, unit, values)."""
    hdu = fits.BinTableHDU.from_columns(
        [fits.Column(name=n, format=f, unit=u, array=v) for n, f, u, v in columns])
    for key, value in cards:
        hdu.header[key] = value
    if name:
        hdu.header["EXTNAME"] = name
    return hdu


def healpix(columns, cards=(), name=None):
    return table(
        columns, [("PIXTYPE", "HEALPIX"), ("ORDERING", "RING"), ("NSIDE", NSIDE), *cards], name)


def file_bytes(hdus, primary=(), **options):
    first, buffer = fits.PrimaryHDU(), io.BytesIO()
    for key, value in primary:
        first.header[key] = value
    fits.HDUList([first, *hdus]).writeto(buffer, **options)
    return buffer.getvalue()


def anafast(maps, second=None):
    return np.atleast_2d(healpy.anafast(maps, second, lmax=LMAX, iter=3, pol=True))


def main():
    maps_suite, program = "RealMapFixtureTests", "RealFileTests"
    recorder = Recorder(
        "formats", __file__, ["healpy", "astropy", "numpy"], [maps_suite], __doc__)
    (recorder.root / "formats" / "cases").mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(SEED)
    degree = np.arange(LMAX + 1)
    power = 300 / (degree + 1.0) ** 1.5
    np.random.seed(SEED % 2**32)

    def sky():
        cl = [power, 0.5 * power, 0.2 * power, 0.3 * power, 0 * power, 0 * power]
        return healpy.synfast(cl, NSIDE, lmax=LMAX, new=True, pol=True)

    t, q, u = sky()
    second = sky()
    pixels = np.arange(COUNT)
    cut = pixels % 7 == 3
    hits = generator.integers(1, 50, COUNT)
    answers = {}

    def save(name, data, used_by=None):
        recorder.save_bytes(
            f"cases/{name}.fits", data, seed=str(SEED), conventions=CONVENTIONS,
            tolerance="1e-10 relative", used_by=used_by or [maps_suite])

    def temperature(values, form="D", unit="uK"):
        return ("TEMPERATURE", form, unit, values)

    # Units.
    kelvin = [("TEMPERATURE", "D", "K_CMB", t * 1e-6)]
    for name, unit in [("unit_on_some_columns", None), ("units_kelvin", "K_CMB")]:
        columns = kelvin + [
            ("Q_POLARISATION", "D", unit, q * 1e-6), ("U_POLARISATION", "D", unit, u * 1e-6)]
        save(name, file_bytes([healpix(columns)]), [maps_suite, program])
    answers["units_kelvin"] = anafast([t, q, u])
    milli = [(n, "E", "mK,thermodynamic", (v * 1e-3).astype(np.float32)) for n, v in [
        ("TEMPERATURE", t), ("Q_POLARISATION", q), ("U_POLARISATION", u)]]
    save("wmap_unit", file_bytes([healpix([*milli, ("N_OBS", "E", "counts", hits)])]))
    answers["wmap_unit"] = anafast([column[3].astype(np.float64) * 1e3 for column in milli])

    # What is no Stokes parameter.
    kept = pixels[pixels >= COUNT // 3]
    partial = np.where(pixels >= COUNT // 3, t.astype(np.float32), 0).astype(np.float64)
    cards = [("OBJECT", "PARTIAL"), ("INDXSCHM", "EXPLICIT"), ("GRAIN", 1)]
    columns = [
        ("PIXEL", "J", None, kept), ("SIGNAL", "E", "uK", t[kept].astype(np.float32)),
        ("N_OBS", "J", None, hits[kept]),
        ("SERROR", "E", "uK", (1 / np.sqrt(hits[kept])).astype(np.float32))]
    for name, title in [("cut4", "TEMPERATURE"), ("cut4_q", "Q_POLARISATION")]:
        save(name, file_bytes([healpix(columns, cards, title)]))
    answers["cut4"] = anafast(partial) / np.mean(pixels >= COUNT // 3)
    save("signal_hits", file_bytes([
        healpix([("SIGNAL", "D", None, t), ("HITS", "J", None, hits)])]))
    answers["signal_hits"] = anafast(t)
    save("several_maps", file_bytes([
        healpix([("HITS", "D", None, hits)], name="HITS"), healpix([temperature(t)], name="MAP")]),
        [maps_suite, program])

    # Pixels that were not observed.
    masked = np.where(cut, 0, t)
    answers["masked"] = anafast(masked) / np.mean(~cut)
    save("bad_data", file_bytes([
        healpix([temperature(np.where(cut, -32768.0, t))], [("BAD_DATA", -32768.0)])]))
    save("scaled_unseen", file_bytes([
        healpix([temperature(np.where(cut, healpy.UNSEEN * 1e6, t))])]))
    integers = np.where(cut, -999, np.round(t)).astype(np.int16)
    save("integer_null", file_bytes([healpix([temperature(integers, "I")], [("TNULL1", -999)])]))
    answers["integer_null"] = anafast(np.where(cut, 0, np.round(t))) / np.mean(~cut)

    # Coordinates and signs.
    save("coordsys_g", file_bytes([healpix([temperature(t)], [("COORDSYS", "G")])]))
    save("coordsys_galactic", file_bytes([
        healpix([temperature(second[0])], [("COORDSYS", "GALACTIC")])]))
    answers["coordsys"] = anafast(t, second[0])
    save("primary_keywords", file_bytes(
        [healpix([temperature(t), ("Q_POLARISATION", "D", "uK", q),
                  ("U_POLARISATION", "D", "uK", -u)])],
        [("COORDSYS", "GALACTIC"), ("POLCCONV", "IAU")]))

    # Masks.
    theta, _ = healpy.pix2ang(NSIDE, pixels)
    weights = np.clip(1.2 - np.abs(theta - 1.6), 0, 1)
    rounded = weights + np.where(weights == 1, 1.7e-6, np.where(weights == 0, -7.5e-15, 0))
    save("apodised_mask", file_bytes([healpix([("T", "D", None, rounded)])]))
    answers["apodised_mask"] = anafast(t * weights) / np.mean(weights**2)
    caps = [(f"GAL{share:03d}", "I", None, (np.abs(theta - np.pi / 2) > 1.2 - share / 100))
            for share in (20, 40, 80)]
    save("mask_columns", file_bytes([healpix(caps)]), [maps_suite, program])
    answers["gal040"] = anafast(t * caps[1][3]) / np.mean(caps[1][3])

    # Checksums.
    save("checksum", file_bytes([healpix([temperature(t)])], checksum=True))

    # Spectra.
    spectra = anafast([t, q, u])
    broken = spectra[:4].copy()
    broken[:, :2] = np.nan
    names = ["TEMPERATURE", "GRADIENT", "CURL", "G-T", "C-T", "C-G", "T-G", "T-C", "G-C"]
    rows = table(
        [(n, "D", None, v) for n, v in zip(names, broken)], [("CREATOR", "healpy")])
    save("spectra_nan", file_bytes([rows]), [maps_suite, program])
    save("spectra_ell", file_bytes([table([
        ("ELL", "J", None, degree[2:]), ("TT", "D", None, spectra[0][2:]),
        ("EE", "D", None, spectra[1][2:])])]), [maps_suite, program])
    answers["spectra"] = spectra
    first, other = (healpy.map2alm(m, lmax=LMAX, iter=3) for m in ([t, q, u], second))
    pairs = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2), (1, 0), (2, 0), (2, 1)]
    nine = np.array([healpy.alm2cl(first[i], other[k]) for i, k in pairs])
    save("spectra_nine", file_bytes([
        table([(n, "D", None, v) for n, v in zip(names, nine)])]))
    answers["nine"] = nine

    # Coefficients.
    lmax = 10
    l, m = healpy.Alm.getlm(lmax)
    alm = generator.normal(size=l.size) + 1j * generator.normal(size=l.size) * (m > 0)
    alm[(l + m) % 3 == 0] = 0
    chosen = np.flatnonzero(alm)

    def coefficients(values, places, cards):
        index = l[places] ** 2 + l[places] + m[places] + 1
        return table([
            ("index", "J", None, index), ("real", "D", None, values.real),
            ("imag", "D", None, values.imag)], cards)

    save("alm_sparse", file_bytes([
        coefficients(alm[chosen], chosen, [("MAX-LPOL", lmax), ("MAX-MPOL", lmax)])]),
        [maps_suite, program])
    answers["alm_sparse"] = np.array([np.std(healpy.alm2map(alm, NSIDE, lmax=lmax))])
    every = np.arange(l.size)
    save("alm_iau", file_bytes([
        coefficients(np.where(l < first_degree, 0, alm), every, [("POLCCONV", "IAU")])
        for first_degree in (0, 2, 2)]))

    recorder.save_bytes(
        "cases/answers.safetensors",
        encode_safetensors(
            {name: np.ascontiguousarray(value, dtype=np.float64)
             for name, value in answers.items()},
            {"conventions": CONVENTIONS, "generator": recorder.generator}),
        seed=str(SEED), conventions=CONVENTIONS, tolerance="1e-10 relative")


if __name__ == "__main__":
    main()
