"""Measures what HEALPix's pixel weights leave: Docs/data/exactness-pixel-weights.csv.

The package has no pixel weights. They are data files of HEALPix, for nside = 32, 64, ..., which healpy
downloads on demand; the folder with healpix_full_weights_nside_0032.fits ... is given:

    python Fixtures/generators/pixel_weight_errors.py --weights full_weights

The protocol is that of `sphere study exactness --largest-nside 512`: coefficients uniform in [-1, 1] of
every degree and order, m = 0 real, to the map and back, and the relative L2 error of the stored numbers.
ducc0 transforms; in float32 maps and coefficients are float32 and Legendre functions double. One case
is compared with healpy.map2alm(use_pixel_weights=True, iter=0), which must give the same to 1e-12.

Columns are those of Docs/data/exactness-large.csv. exactness_table.py makes a source file of both.
"""

import argparse
import math
import pathlib
import shutil
import tempfile

import ducc0
import healpy
import numpy as np
from astropy.io import fits

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OUTPUT = ROOT / "Docs/data/exactness-pixel-weights.csv"
# The weights are exact up to 1.5 nside and not at 1.5 nside + 1, which is measured too.
RATIOS = [0.5, 0.75, 1, 1.25, 1.5, "edge", 1.5625, 1.625, 1.75, 2, 2.25, 2.5, 2.75, 3]
NSIDES = [32, 64, 128, 256, 512]
TYPES = {"Double": (np.float64, np.complex128), "Float": (np.float32, np.complex64)}
COLUMNS = (
    "grid,nside,spin,precision,method,lmax,mmax,lmax_over_nside,relative_l2,standard_error,trials,"
    "largest_error,iterations,converged,measured_by")


def weight_map(folder, nside):
    """The weights of all pixels. The file has those of an eighth of the northern rings and the
    equator: pixels have the same weight as their images under a quarter turn, under the reflection of
    longitudes in the middle of a quarter, and in the other hemisphere."""
    name = folder / f"healpix_full_weights_nside_{nside:04d}.fits"
    packed = np.asarray(fits.getdata(name).field(0), dtype=np.float64).ravel()
    rings = []
    taken = 0
    for ring in range(1, 2 * nside + 1):
        quarter = min(ring, nside)
        # Whether the first pixel lies half a step from longitude 0: always in the caps.
        half = ring < nside or (ring - nside) % 2 == 0
        k = np.arange(quarter)
        image = quarter - 1 - k if half else (quarter - k) % quarter
        orbit = np.minimum(k, image)
        count = orbit.max() + 1
        rings.append(np.tile(1 + packed[taken:taken + count][orbit], 4))
        taken += count
    assert taken == packed.size, f"{name}: {packed.size} weights, {taken} expected"
    return np.concatenate(rings + rings[-2::-1])


def draw(numbers, lmax, spin):
    """Uniform coefficients, [component, coefficient], m-major."""
    degrees, orders = healpy.Alm.getlm(lmax)
    components = 2 if spin else 1
    real, imaginary = numbers.uniform(-1, 1, (2, components, orders.size))
    return np.where(degrees < spin, 0, real + 1j * np.where(orders == 0, 0, imaginary))


def stored(a):
    """Real and imaginary parts of all stored coefficients."""
    return np.concatenate([a.real.ravel(), a.imag.ravel()]).astype(np.float64)


def errors(nside, lmax, spin, precision, weights, trials, seed, threads):
    real, complex_type = TYPES[precision]
    rings = ducc0.healpix.Healpix_Base(nside, "RING").sht_info()
    settings = dict(spin=spin, lmax=lmax, nthreads=threads, **rings)
    relative, largest = [], 0
    numbers = np.random.default_rng([seed, lmax])
    for _ in range(trials):
        a = draw(numbers, lmax, spin).astype(complex_type)
        field = ducc0.sht.synthesis(alm=a, **settings)
        weighted = (field * weights.astype(real)).astype(real)
        found = ducc0.sht.adjoint_synthesis(map=weighted, **settings)
        found = (found * real(4 * math.pi / weights.size)).astype(complex_type)
        difference = stored(found) - stored(a)
        relative.append(np.linalg.norm(difference) / np.linalg.norm(stored(a)))
        largest = max(largest, np.abs(difference).max())
    squares = np.square(relative)
    root = math.sqrt(squares.mean())
    return root, squares.std(ddof=1) / (2 * root * math.sqrt(trials)), largest


def check_against_healpy(folder, nside, lmax):
    """healpy's own analysis with these weights gives the same."""
    a = draw(np.random.default_rng(1), lmax, 0)[0]
    field = healpy.alm2map(a, nside, lmax=lmax)
    with tempfile.TemporaryDirectory() as scratch:
        expected = pathlib.Path(scratch) / "full_weights"
        shutil.copytree(folder, expected)
        healpys = healpy.map2alm(
            field, lmax=lmax, iter=0, use_pixel_weights=True, datapath=scratch)
    weighted = field * weight_map(folder, nside)
    own = healpy.map2alm(weighted, lmax=lmax, iter=0)
    assert np.linalg.norm(own - healpys) <= 1e-12 * np.linalg.norm(healpys), "other weights"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT)
    arguments = parser.parse_args()
    for nside in [32, 64]:
        check_against_healpy(arguments.weights, nside, nside)
    measured_by = f"ducc0 {ducc0.__version__} with healpy's weights"
    lines = [COLUMNS]
    for nside in NSIDES:
        weights = weight_map(arguments.weights, nside)
        for ratio in RATIOS:
            if ratio == "edge":
                ratio = 1.5 + 1 / nside
            lmax = 3 * nside - 1 if ratio == 3 else round(ratio * nside)
            trials = min(16, max(2, 200_000 // (lmax + 1) ** 2))
            for spin in [0, 2]:
                for precision in TYPES:
                    error, standard_error, largest = errors(
                        nside, lmax, spin, precision, weights, trials, arguments.seed,
                        arguments.threads)
                    lines.append(
                        f"HEALPix,{nside},{spin},{precision},pixel weights,{lmax},{lmax},"
                        f"{float(ratio):.8g},{error:.6e},{standard_error:.6e},{trials},"
                        f"{largest:.6e},0,yes,{measured_by}")
        print(f"nside {nside}", flush=True)
    arguments.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
