"""Records Fixtures/formats/tools_*.fits: what healpy writes and computes for the map tools.

Coefficients, written by healpy.write_alm (float64):
    tools_alm_t.fits         T, lmax 11
    tools_alm_teb.fits       T, E, B, lmax 11 (three tables)
    tools_alm_eb.fits        E, B of the file before (two tables)
    tools_alm_mmax.fits      T, lmax 8, mmax 5, float32: a_lm = l + m/16 - i m l/32
Maps, written by healpy.write_map (float64):
    tools_synth_t.fits       alm2map of tools_alm_t, nside 8
    tools_synth_teb.fits     alm2map of tools_alm_teb, nside 4
    tools_synth_eb.fits      alm2map_spin of tools_alm_eb, nside 4
    tools_map_1.fits         white noise T, Q, U, nside 4, uK, galactic, RING
    tools_map_1_nested.fits  the same map, NESTED
    tools_map_1_iau.fits     the same map with POLCCONV = IAU, U with the other sign
    tools_map_2.fits         another one, no unit
    tools_map_partial.fits   tools_map_1 with pixels 0...29 UNSEEN, as a partial-sky table
    tools_mask.fits          weights 0...1 of nside 4
Answers (.gz: compressed, to be small):
    tools_alm_iter0.fits.gz      map2alm of tools_map_1, lmax 8, iter 0
    tools_alm_iter3.fits.gz      the same with iter 3
    tools_alm_iter3_mmax.fits.gz the same with mmax 5
    tools_alm_zeroed.fits.gz     map2alm of the maps of tools_map_partial, iter 3
    tools_cl.fits            write_cl of anafast of tools_map_1, lmax 8: healpy's own column names
    tools_cl_t.fits          write_cl of the first of these
    tools_cl_cross.fits      anafast of tools_map_1 and tools_map_2
    tools_cl_masked.fits     anafast of tools_map_1 times the mask, over the mean of mask squared
    tools_rotated.fits       alm2map of rotate_alm(tools_alm_teb, psi -50, theta 35, phi 20 degrees)
    tools_interpolated.fits  get_interp_val of T of tools_map_1 at the pixel centres of nside 8
"""

import gzip
import os
import tempfile

import healpy
import numpy as np

from recording import Recorder

SEED = 20261124
CONVENTIONS = "healpy's: orthonormal, COSMO, m-major; see map_tools.py"


def written(writer, *arguments, **options):
    """The bytes of a file that a function of healpy writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file.fits")
        writer(path, *arguments, **options)
        with open(path, "rb") as file:
            return file.read()


def map_bytes(maps, units="uK", extra=(), **options):
    return written(
        healpy.write_map, maps, dtype=np.float64, column_units=units, extra_header=list(extra),
        **options)


def random_alm(generator, lmax, first_degree):
    degree, order = healpy.Alm.getlm(lmax)
    alm = generator.normal(size=degree.size) + 1j * generator.normal(size=degree.size)
    alm[order == 0] = alm[order == 0].real
    alm[degree < first_degree] = 0
    return alm


def main():
    files, tools, program = "AlmFileFixtureTests", "MapToolsOracleTests", "MapToolTests"
    recorder = Recorder("formats", __file__, ["healpy", "astropy", "numpy"], [tools], __doc__)
    generator = np.random.default_rng(SEED)

    def save(name, data, used_by):
        if name.endswith(".gz"):
            data = gzip.compress(data, mtime=0)
        ending = ".fits.gz" if name.endswith(".gz") else ".fits"
        recorder.save_bytes(
            f"tools_{name.removesuffix('.gz')}{ending}", data, seed=str(SEED), conventions=CONVENTIONS,
            tolerance="1e-12 relative L2", used_by=used_by)

    # Coefficients and their maps.
    teb = [random_alm(generator, 11, first) for first in (0, 2, 2)]
    save("alm_t", written(healpy.write_alm, teb[0]), [files, tools, program])
    save("alm_teb", written(healpy.write_alm, teb), [files, tools, program])
    save("alm_eb", written(healpy.write_alm, teb[1:]), [files, tools, program])
    degree, order = healpy.Alm.getlm(8)
    save("alm_mmax", written(
        healpy.write_alm, degree + order / 16 - 1j * order * degree / 32, mmax=5,
        out_dtype=np.float32), [files])
    save("synth_t", map_bytes(healpy.alm2map(teb[0], 8)), [tools, program])
    save("synth_teb", map_bytes(healpy.alm2map(teb, 4)), [tools, program])
    save("synth_eb", map_bytes(healpy.alm2map_spin(teb[1:], 4, 2, 11)), [tools, program])

    # Maps with power at all degrees.
    first, second = generator.normal(size=(2, 3, 192))
    save("map_1", map_bytes(first, coord="G"), [tools, program])
    save("map_1_nested", map_bytes(
        healpy.reorder(first, r2n=True), nest=True, coord="G"), [tools, program])
    save("map_1_iau", map_bytes(
        [first[0], first[1], -first[2]], coord="G", extra=[("POLCCONV", "IAU")]), [tools, program])
    save("map_2", map_bytes(second, units=None), [tools, program])
    partial = first.copy()
    partial[:, :30] = healpy.UNSEEN
    save("map_partial", map_bytes(partial, partial=True), [tools, program])
    mask = np.clip(generator.uniform(-0.3, 1.3, size=192), 0, 1)
    save("mask", map_bytes(mask, units=None, column_names=["MASK"]), [tools, program])

    # Answers.
    options = {"lmax": 8, "use_pixel_weights": False}
    for name, maps, more in [
        ("iter0", first, {"iter": 0}), ("iter3", first, {"iter": 3}),
        ("zeroed", partial, {"iter": 3}),
    ]:
        alm = healpy.map2alm(maps, **options, **more)
        save(f"alm_{name}.gz", written(healpy.write_alm, alm), [tools, program])
    alm = healpy.map2alm(first, mmax=5, iter=3, **options)
    save("alm_iter3_mmax.gz", written(
        healpy.write_alm, alm, lmax=8, mmax=5, mmax_in=5), [tools, program])
    spectra = healpy.anafast(first, iter=3, **options)
    save("cl", written(healpy.write_cl, spectra), ["SpectraFileTests", tools, program])
    save("cl_t", written(healpy.write_cl, spectra[0]), ["SpectraFileTests"])
    save("cl_cross", written(
        healpy.write_cl, healpy.anafast(first, second, iter=3, **options)), [tools, program])
    masked = healpy.anafast(first * mask, iter=3, **options) / np.mean(mask**2)
    save("cl_masked", written(healpy.write_cl, masked), [tools, program])
    rotated = [alm.copy() for alm in teb]
    healpy.rotate_alm(rotated, *np.array([-50.0, 35.0, 20.0]) * np.pi / 180)
    save("rotated", map_bytes(healpy.alm2map(rotated, 4)), [tools, program])
    theta, phi = healpy.pix2ang(8, np.arange(768))
    save("interpolated", map_bytes(
        healpy.get_interp_val(first[0], theta, phi)), ["MapResamplingTests", program])


if __name__ == "__main__":
    main()
