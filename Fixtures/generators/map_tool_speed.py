"""Prints how the map tools agree with healpy and how long both take, for Docs/MapTools.md.

    python Fixtures/generators/map_tool_speed.py --sphere .build/release/sphere

T, Q and U of nside 128, lmax 383, from a spectrum that falls as 1/(l (l + 1)), with a monopole and
a dipole in T. Each pair is run one after the other, the given number of times; the time is the
shortest. Both read a FITS file and write one; the program's time includes its start, healpy's does
not. The difference is relative L2, the largest of the fields. Pixel windows are those that
windows.py recorded.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--sphere", required=True, type=pathlib.Path)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--repeat", type=int, default=3)
arguments = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(arguments.threads)

import healpy  # noqa: E402  (after the number of threads is set)
import numpy as np  # noqa: E402

from sky_tools import use_recorded_windows  # noqa: E402

NSIDE = 128


def sky():
    np.random.seed(1)
    degree = np.arange(3 * NSIDE)
    cl = 1 / np.maximum(1, degree * (degree + 1.0))
    cl[:2] = 0
    maps = np.array(healpy.synfast(
        [cl, cl / 4, cl / 9, cl / 4], NSIDE, new=True, lmax=3 * NSIDE - 1))
    x, y, z = healpy.pix2vec(NSIDE, np.arange(maps.shape[1]))
    maps[0] += 2 + x - y + 0.5 * z
    return maps


def main():
    use_recorded_windows()
    os.chdir(tempfile.mkdtemp())
    sphere = str(arguments.sphere)
    write = lambda name, maps: healpy.write_map(  # noqa: E731
        name, maps, dtype=np.float64, overwrite=True, column_units="uK", coord="G")
    write("map.fits", sky())
    write("t.fits", sky()[0])
    read = lambda: healpy.read_map("map.fits", field=None, dtype=np.float64)  # noqa: E731
    temperature = lambda: healpy.read_map("t.fits", dtype=np.float64)  # noqa: E731
    plain = {"use_pixel_weights": False}
    rotator = healpy.Rotator(coord=["G", "C"])
    cases = [
        ("smooth --fwhm 60", "map", lambda: healpy.smoothing(read(), fwhm=np.radians(1))),
        ("downgrade --nside 64 --method pixel", "map", lambda: healpy.ud_grade(read(), 64)),
        ("downgrade --nside 64 --method harmonic", "map",
         lambda: healpy.harmonic_ud_grade(read(), 64, **plain)),
        ("upgrade --nside 256 --method pixel", "map", lambda: healpy.ud_grade(read(), 256)),
        ("remove-dipole --gal-cut 20", "t",
         lambda: healpy.remove_dipole(temperature(), gal_cut=20)),
        ("coordinates --to C", "map", lambda: rotator.rotate_map_alms(read(), **plain)),
        ("coordinates --to C --method pixel", "t", lambda: rotator.rotate_map_pixel(temperature())),
    ]
    print(f"{arguments.threads} threads, shortest of {arguments.repeat}")
    print("| command | difference | sphere, s | healpy, s |\n|---|---|---|---|")
    for command, name, reference in cases:
        words = [sphere, *command.split(), f"{name}.fits", "--output", "out.fits"]
        if "dipole" not in command:
            words += ["--threads", str(arguments.threads)]
        ours, theirs = [], []
        for _ in range(arguments.repeat):
            start = time.perf_counter()
            subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            expected = reference()
            write("healpy.fits", expected)
            theirs.append(time.perf_counter() - start)
        found = np.atleast_2d(healpy.read_map("out.fits", field=None, dtype=np.float64))
        expected = np.atleast_2d(expected)
        error = max(
            np.linalg.norm(a - b) / np.linalg.norm(b) for a, b in zip(found, expected))
        print(f"| `{command}` | {error:.1e} | {min(ours):.2f} | {min(theirs):.2f} |")


if __name__ == "__main__":
    main()
