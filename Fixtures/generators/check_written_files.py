"""Checks that files written by this project are read unchanged by healpy, safetensors and PyTorch.

    SPHERE_WRITTEN_FILES=/tmp/written swift test --filter WrittenFilesFixtureTests
    python Fixtures/generators/check_written_files.py /tmp/written

Values are formulas, repeated here, and compared exactly. Without a folder, the recorded files in
Fixtures/formats are checked. Prints one line per file and exits 1 if anything differs.
`--record` copies the files to Fixtures/formats, with their entries in the manifest, once all agree.
"""

import argparse
import pathlib
import sys
from importlib import metadata as installed

import healpy
import numpy as np
import safetensors.torch
import torch
from astropy.io import fits
from safetensors import safe_open

import manifest

FORMATS = manifest.FIXTURES / "formats"


def expected_tensors():
    ramp = (torch.arange(12, dtype=torch.float64) - 6).reshape(2, 3, 2) / 8
    types = [torch.float64, torch.float32, torch.float16, torch.bfloat16]
    return {str(dtype)[6:]: ramp.to(dtype) for dtype in types} | {
        "int64": torch.tensor([-2**63, -1, 2**60 + 1]),
        "uint8": torch.tensor([0, 1, 255], dtype=torch.uint8),
        "bool": torch.tensor([False, True]),
        "scalar": torch.tensor(7),
        "empty": torch.zeros(0, 5),
        "blocks.0.wéight": (torch.arange(70000) % 251).to(torch.uint8).reshape(700, 100),
    }


def compare_tensors(found):
    expected = expected_tensors()
    assert sorted(found) == sorted(expected), sorted(found)
    for name, tensor in expected.items():
        assert found[name].dtype == tensor.dtype, name
        assert found[name].shape == tensor.shape, name
        assert torch.equal(found[name], tensor), name


def check_safetensors(path):
    compare_tensors(safetensors.torch.load_file(path))
    with safe_open(path, framework="pt") as file:
        assert file.metadata() == {"task": "t1", "note": 'a "quoted"\nline \U0001F30D'}


def check_torch(path):
    found = torch.load(path, weights_only=True)
    assert type(found) is dict and list(found) == list(expected_tensors())
    compare_tensors(found)
    compare_tensors(torch.load(path, weights_only=True, mmap=True))


def check_map(path, nside, dtype, nested):
    maps, header = healpy.read_map(path, field=None, nest=None, h=True)
    header = dict(header)
    pixel = np.arange(12 * nside**2, dtype=np.float64)
    expected = np.array([pixel / 3, -pixel / 7, pixel]).astype(dtype)
    expected[1, [0, 5]] = healpy.UNSEEN
    assert maps.dtype == dtype and maps.shape == expected.shape
    assert np.array_equal(maps, expected)
    assert header["ORDERING"] == ("NESTED" if nested else "RING")
    assert header["NSIDE"] == nside and header["LASTPIX"] == 12 * nside**2 - 1
    assert header["TUNIT1"] == "uK" and header["TTYPE3"] == "U_POLARISATION"
    assert header.get("COORDSYS") == ("G" if nested else None)
    assert header.get("POLCCONV") == ("COSMO" if nested else None)
    assert healpy.read_map(path, nest=nested)[3] == expected[0, 3]


def check_alm(path):
    for k, first in [(1, 0), (2, 2), (3, 2)]:
        found, mmax = healpy.read_alm(path, hdu=k, return_mmax=True)
        assert mmax == 4 and found.size == healpy.Alm.getsize(5, 4)
        degree, order = healpy.Alm.getlm(5)
        keep = order <= 4
        degree, order = degree[keep], order[keep]
        real, imaginary = k * (degree + order / 7), k * -(order / (degree + 1))
        there = degree >= first
        assert np.array_equal(found.real, np.where(there, real, 0)), k
        assert np.array_equal(found.imag, np.where(there, imaginary, 0)), k
    together = healpy.read_alm(path, hdu=(1, 2, 3))
    assert np.array_equal(together[2], healpy.read_alm(path, hdu=3))
    with fits.open(path) as file:
        assert [part.name for part in file[1:]] == ["TEMPERATURE", "GRADIENT", "CURL"]
        assert file[1].header["MAX-LPOL"] == 5 and file[1].header["MAX-MPOL"] == 4


def check_cl(path):
    number, degree = np.arange(1, 7)[:, None], np.arange(7)
    assert np.array_equal(healpy.read_cl(path), number / (degree + 1))
    with fits.open(path) as file:
        assert file[1].columns.names == ["TT", "EE", "BB", "TE", "EB", "TB"]
        assert file[1].columns.units[0] == "uK^2" and file[1].header["MASKSQ"] == 0.3


def check_rings(path):
    with fits.open(path) as file:
        data, header = file[1].data, file[1].header
        assert np.array_equal(data["THETA"], [0.5, 1, 2, 2.5])
        assert np.array_equal(data["WEIGHT"], [0.1, 0.2, 0.3, 0.4])
        expected = (np.arange(24) / 3).reshape(4, 6)
        expected[1, 1] = healpy.UNSEEN
        assert np.array_equal(data["TEMPERATURE"], expected)
        assert (header["GRIDTYPE"], header["NLAT"], header["NLON"], header["PHI0"]) == (
            "GAUSS-LEGENDRE", 4, 6, 0)


CHECKS = {
    "written.safetensors": check_safetensors,
    "written.pt": check_torch,
    "written_ring.fits": lambda path: check_map(path, 16, np.float32, nested=False),
    "written_nested.fits": lambda path: check_map(path, 4, np.float64, nested=True),
    "written_alm.fits": check_alm,
    "written_cl.fits": check_cl,
    "written_rings.fits": check_rings,
}


def record(folder):
    names = ["healpy", "astropy", "numpy", "safetensors", "torch"]
    for name in CHECKS:
        (FORMATS / name).write_bytes((folder / name).read_bytes())
        manifest.merge(manifest.FIXTURES, "formats", {
            "path": f"formats/{name}",
            "sha256": manifest.sha256(FORMATS / name),
            "generator": "Tests/SkyMapsTests/WrittenFilesFixtureTests.swift",
            "command": "SPHERE_WRITTEN_FILES=F swift test --filter WrittenFilesFixtureTests; "
            "python Fixtures/generators/check_written_files.py F --record",
            "packages": {package: installed.version(package) for package in names},
            "seed": "none",
            "conventions": "origin: self, checked by the packages; values are formulas",
            "tolerance": "exact",
            "used_by": ["WrittenFilesFixtureTests"],
        })


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=FORMATS)
    parser.add_argument("--record", action="store_true", help="copy the files to Fixtures/formats")
    arguments = parser.parse_args()
    failed = False
    for name, check in CHECKS.items():
        try:
            check(arguments.folder / name)
            print(f"{name}: read unchanged")
        except Exception as error:  # one line per file, whatever a reader raises
            failed = True
            print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
    if failed:
        sys.exit(1)
    if arguments.record:
        record(arguments.folder)


if __name__ == "__main__":
    main()
