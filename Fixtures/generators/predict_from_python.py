"""Asks `sphere predict` for the peak of maps that healpy makes: the example of Docs/Exchange.md.

    python Fixtures/generators/predict_from_python.py --model MODEL.safetensors --peak 8 --peak 12.5
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import healpy
import numpy as np


def peaked_map(peak, nside=16, lmax=47):
    """A temperature map in uK with C_l = exp(-(l - peak)^2 / 50) + 1e-5 uK^2, l = 0..lmax."""
    ell = np.arange(lmax + 1)
    return healpy.synfast(np.exp(-((ell - peak) ** 2) / 50) + 1e-5, nside, lmax=lmax)


def predict(program, model, maps):
    """One dictionary per file: file, ell_peak, ell_peak_error, warnings."""
    command = [program, "predict", "--model", model, "--format", "json", *maps]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=".build/release/sphere", help="the program sphere")
    parser.add_argument("--model", required=True, help="a T1 model, .safetensors or .pt")
    parser.add_argument("--peak", type=float, action="append", help="true peak (may be repeated)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    np.random.seed(arguments.seed)
    peaks = arguments.peak or [8.0, 12.5, 17.0]
    with tempfile.TemporaryDirectory() as folder:
        files = [str(pathlib.Path(folder) / f"map{k}.fits") for k in range(len(peaks))]
        for file, peak in zip(files, peaks):
            healpy.write_map(file, peaked_map(peak), dtype=np.float32, column_units="uK")
        for peak, found in zip(peaks, predict(arguments.program, arguments.model, files)):
            print(f"true {peak:6.3f}   predicted {found['ell_peak']:.3f}"
                  f" +- {found['ell_peak_error']:.3f}", *found["warnings"])


if __name__ == "__main__":
    main()
