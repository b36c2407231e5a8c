"""Records HEALPix pixel windows and Gaussian beams as healpy has them.

The pixel windows are data files of HEALPix, for nside = 2, 4, 8, ... and l <= 4 nside; healpy 1.20
downloads them on demand, its older packages contain them. The folder with the files
pixel_window_n0002.fits ... is healpy/data unless --windows says otherwise:

    pip download --no-deps healpy==1.16.6
    unzip healpy-1.16.6-*.whl 'healpy/data/pixel_window_n*'
    python Fixtures/generators/windows.py

Files:

    Fixtures/spectra/windows.safetensors            pixel.<nside>.t, pixel.<nside>.p [l]; beam.fwhm
                                                    [beam] in radians; beam.t, beam.p [beam, l]
    Sources/SkyMaps/Tables/PixelWindow+Values.swift        the pixel windows for the program
"""

import argparse
import pathlib
import shutil
import sys
import tempfile

import healpy
import numpy as np

from recording import FIXTURES, Recorder

NSIDES = [2, 4, 8, 16, 32, 64, 128]
BEAMS_IN_DEGREES = [0.1, 1, 5, 20]
BEAM_LMAX = 128

SOURCE = '''\
// Written by Fixtures/generators/windows.py: the pixel windows of HEALPix for `PixelWindow`, the
// numbers of Fixtures/spectra/windows.safetensors. HarmonicWindowOracleTests compares the two.

extension PixelWindow {{
  /// w_l of T, l = 0...4 nside, by nside.
  static let temperatureValues: [Int: [Double]] = [
{temperature}
  ]

  /// w_l of E and B, l = 0...4 nside, by nside.
  static let polarisationValues: [Int: [Double]] = [
{polarisation}
  ]
}}
'''


def windows(folder):
    """nside -> (T, P) as healpy.pixwin reads them."""
    with tempfile.TemporaryDirectory() as scratch:
        expected = pathlib.Path(scratch) / "pixel_window_functions"
        expected.mkdir()
        for nside in NSIDES:
            shutil.copy(folder / f"pixel_window_n{nside:04d}.fits", expected)
        return {
            nside: [
                np.array(values, dtype=np.float64) for values in healpy.pixwin(
                    nside, pol=True, lmax=4 * nside, datapath=scratch)
            ] for nside in NSIDES
        }


def swift_dictionary(values):
    lines = []
    for nside, numbers in values.items():
        texts = [repr(float(number)) for number in numbers]
        lines.append(f"    {nside}: [")
        lines += [
            f"      {', '.join(texts[k:k + 4])}," for k in range(0, len(texts), 4)
        ]
        lines.append("    ],")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--windows", type=pathlib.Path, default=pathlib.Path("healpy/data"))
    arguments, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    recorder = Recorder(
        "spectra", __file__, ["healpy", "numpy"],
        ["HarmonicWindowOracleTests", "PixelWindowDefinitionTests"], __doc__.splitlines()[0])
    recorded = windows(arguments.windows)
    widths = np.radians(BEAMS_IN_DEGREES)
    beams = [healpy.gauss_beam(width, lmax=BEAM_LMAX, pol=True) for width in widths]
    tensors = {
        "beam.fwhm": widths,
        "beam.t": np.stack([beam[:, 0] for beam in beams]),
        "beam.p": np.stack([beam[:, 1] for beam in beams]),
    }
    for nside, (temperature, polarisation) in recorded.items():
        tensors[f"pixel.{nside}.t"] = temperature
        tensors[f"pixel.{nside}.p"] = polarisation
    recorder.save(
        "windows", tensors, {"lmax": f"4 nside; beams {BEAM_LMAX}"}, seed="none",
        conventions="factors of a_lm, not of C_l; P is E and B; beams by full width at half maximum "
        "in radians",
        tolerance="pixel windows equal; beams to rounding")
    folder = FIXTURES.parent if recorder.root == FIXTURES else recorder.root
    folder = folder / "Sources" / "SkyMaps" / "Tables"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "PixelWindow+Values.swift").write_text(
        SOURCE.format(
            temperature=swift_dictionary({n: recorded[n][0] for n in NSIDES}),
            polarisation=swift_dictionary({n: recorded[n][1] for n in NSIDES})),
        encoding="utf-8")


if __name__ == "__main__":
    main()
