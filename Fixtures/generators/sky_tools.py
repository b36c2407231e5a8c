"""Records Fixtures/tools/healpy.safetensors: what healpy makes of maps that are smoothed, brought
to another nside, freed of their dipole and turned into other coordinates.

The map `map` is white noise of T, Q, U at nside 4 with a monopole of 3 and a dipole (1, -2, 0.5)
in T. `holes` is the same with pixels 0...19, 77 and 140 UNSEEN. No pixel or ring weights anywhere.

    smooth_t                  smoothing(T, fwhm 30 degrees)
    smooth_tqu                smoothing(T, Q, U, fwhm 30 degrees)
    smooth_lmax               the same with lmax 6, iter 1
    smooth_holes              smoothing of `holes`
    smooth_window             smoothing with beam_window = `window`, lmax 8
    alm, alm_window           random T, lmax 8, and almxfl of it by `window`
    mean, mean_pess           ud_grade of `holes` to nside 2, without and with pess
    mean_power                ud_grade of `holes` to nside 2 with power -2
    fine, fine_power          ud_grade of `map` to nside 8, without and with power 2
    coarse                    harmonic_ud_grade of `map` to nside 2
    coarse_plain              the same without pixel windows, fwhm_in 10, fwhm_out 40 degrees
    coarse_effective          the same with fwhm_out=None
    harmonic_fine             harmonic_ud_grade of `map` to nside 8, lmax 11
    dipole, dipole_cut        remove_dipole of T of `holes`: the map, without and with gal_cut 20
    fit, fit_cut              monopole and dipole of these
    monopole, fit_monopole    remove_monopole of T of `holes`
    rotated_GC ...            Rotator(coord=GC).rotate_map_alms(`map`, lmax 8) for six pairs
    matrix_GC ...             Rotator.mat for six pairs, rows
    pixel_GC                  Rotator.rotate_map_pixel of T of `map`

healpy 1.20 downloads its pixel windows; here they are those that windows.py recorded.
"""

import healpy
import numpy as np
from safetensors.numpy import load_file

from recording import FIXTURES, Recorder

SEED = 20261201
FRAMES = ("GC", "CG", "GE", "EG", "CE", "EC")


def use_recorded_windows():
    """Lets healpy take its pixel windows from Fixtures/spectra/windows.safetensors."""
    recorded = load_file(FIXTURES / "spectra" / "windows.safetensors")

    def pixel_window(nside, pol=False, lmax=None):
        fields = [recorded[f"pixel.{nside}.{field}"][: lmax + 1] for field in "tp"]
        return tuple(fields) if pol else fields[0]

    healpy.sphtfunc.pixwin = pixel_window


def main():
    use_recorded_windows()
    recorder = Recorder("tools", __file__, ["healpy", "numpy", "astropy"], [
        "MapFilterOracleTests", "DipoleFitOracleTests", "SkyFrameOracleTests"], __doc__)
    generator = np.random.default_rng(SEED)
    out = {}
    sky = generator.normal(size=(3, 192))
    x, y, z = healpy.pix2vec(4, np.arange(192))
    sky[0] += 3 + x - 2 * y + 0.5 * z
    holes = sky.copy()
    holes[:, list(range(20)) + [77, 140]] = healpy.UNSEEN
    out["map"], out["holes"] = sky, holes

    wide = np.radians(30)
    out["smooth_t"] = healpy.smoothing(sky[0], fwhm=wide)
    out["smooth_tqu"] = healpy.smoothing(sky, fwhm=wide)
    out["smooth_lmax"] = healpy.smoothing(sky, fwhm=wide, lmax=6, iter=1)
    out["smooth_holes"] = healpy.smoothing(holes, fwhm=wide)
    window = 1 / (1 + 0.1 * np.arange(9.0) ** 2)
    out["window"] = window
    out["smooth_window"] = healpy.smoothing(sky, beam_window=window, lmax=8)
    degree, order = healpy.Alm.getlm(8)
    alm = generator.normal(size=degree.size) + 1j * generator.normal(size=degree.size)
    alm[order == 0] = alm[order == 0].real
    out["alm"] = np.stack([alm.real, alm.imag], axis=1)
    filtered = healpy.almxfl(alm, window)
    out["alm_window"] = np.stack([filtered.real, filtered.imag], axis=1)

    out["mean"] = healpy.ud_grade(holes, 2)
    out["mean_pess"] = healpy.ud_grade(holes, 2, pess=True)
    out["mean_power"] = healpy.ud_grade(holes, 2, power=-2)
    out["fine"] = healpy.ud_grade(sky, 8)
    out["fine_power"] = healpy.ud_grade(sky, 8, power=2)
    plain = {"use_pixel_weights": False}
    out["coarse"] = healpy.harmonic_ud_grade(sky, 2, **plain)
    out["coarse_plain"] = healpy.harmonic_ud_grade(
        sky, 2, pixwin=False, fwhm_in=np.radians(10), fwhm_out=np.radians(40), **plain)
    out["coarse_effective"] = healpy.harmonic_ud_grade(sky, 2, fwhm_out=None, **plain)
    out["harmonic_fine"] = healpy.harmonic_ud_grade(sky, 8, lmax=11, **plain)

    out["dipole"], mono, vector = healpy.remove_dipole(holes[0], fitval=True)
    out["fit"] = np.array([mono, *vector])
    out["dipole_cut"], mono, vector = healpy.remove_dipole(holes[0], fitval=True, gal_cut=20)
    out["fit_cut"] = np.array([mono, *vector])
    out["monopole"], mono = healpy.remove_monopole(holes[0], fitval=True)
    out["fit_monopole"] = np.array([mono])

    for pair in FRAMES:
        rotator = healpy.Rotator(coord=list(pair))
        out[f"rotated_{pair}"] = rotator.rotate_map_alms(
            sky, use_pixel_weights=False, lmax=8)
        out[f"matrix_{pair}"] = rotator.mat
    out["pixel_GC"] = healpy.Rotator(coord=["G", "C"]).rotate_map_pixel(sky[0])
    recorder.save(
        "healpy", {name: np.ascontiguousarray(values) for name, values in out.items()}, {},
        seed=str(SEED), conventions="healpy's: RING, COSMO, m-major; see sky_tools.py",
        tolerance="1e-12 relative L2")


if __name__ == "__main__":
    main()
