"""Records EE and BB as functions of the optical depth tau, computed with CAMB, for task t3.

H0 67.4, ombh2 0.0224, omch2 0.120, As 2.1e-9, ns 0.965, flat, r = 0, lensed; muK^2; l = 0...47.

physical    C_l of a calculation with lmax = 4000, lens_potential_accuracy = 4 (non-linear lensing)
            and lSampleBoost = 2, cut at l = 47.
published   what the published networks were trained with: D_l = l(l+1) C_l / 2 pi in the place of
            C_l, of a calculation that ends near l = 47 (set_for_lmax(47)), whose lensing B modes
            are half of what they should be.

The nodes are the Chebyshev points tau_k = 0.055 - 0.025 cos(k pi / N), k = 0...N, at which
OpticalDepthTable interpolates ln C_l. Files:

    Fixtures/spectra/optical_depth_<name>.fits          columns TAU, EE and BB (48 numbers a row)
    Fixtures/spectra/optical_depth_check.safetensors    CAMB between the nodes, and with higher
                                                        settings at tau = 0.055
    Sources/SkyModels/Tables/OpticalDepthTable+Values.swift    the same tables for the program

Values of tau are spread over processes of one thread each, since CAMB on several threads may
change its last digits from run to run. Five minutes.
"""

import io
import multiprocessing
import os

os.environ["OMP_NUM_THREADS"] = "1"  # read by CAMB when it is imported

import camb
import numpy as np
from astropy.io import fits

from recording import FIXTURES, Recorder

LMAX = 47
LOW, HIGH, INTERVALS = 0.03, 0.08, 24
PHYSICAL_ACCURACY = {"lSampleBoost": 2}
MIDDLE = (LOW + HIGH) / 2
# What "converged" is tested with: lmax, lens_potential_accuracy, accuracy.
HIGHER = {
    "lmax": (6000, 4, PHYSICAL_ACCURACY),
    "lens_potential_accuracy": (4000, 8, PHYSICAL_ACCURACY),
    "accuracy": (4000, 4, {"AccuracyBoost": 1.5, "lSampleBoost": 2}),
}
# Off the nodes: near both ends, where the reionisation bump moves fastest, and in between.
CHECK = [0.0302, 0.0401, 0.0583, 0.0761]


def results(tau, lmax, lens_potential_accuracy, **accuracy):
    parameters = camb.CAMBparams()
    parameters.set_cosmology(H0=67.4, ombh2=0.0224, omch2=0.120, tau=tau)
    parameters.InitPower.set_params(As=2.1e-9, ns=0.965, r=0)
    parameters.set_for_lmax(lmax, lens_potential_accuracy=lens_potential_accuracy)
    if accuracy:
        parameters.set_accuracy(**accuracy)
    return camb.get_results(parameters), parameters


def lensed(tau, raw_cl, lmax, lens_potential_accuracy, **accuracy):
    """[field, l] of EE and BB: C_l if raw_cl, else D_l."""
    data, parameters = results(tau, lmax, lens_potential_accuracy, **accuracy)
    spectra = data.get_cmb_power_spectra(parameters, CMB_unit="muK", raw_cl=raw_cl)
    return np.ascontiguousarray(spectra["lensed_scalar"][: LMAX + 1, 1:3].T)


def physical(tau):
    return lensed(tau, True, 4000, 4, **PHYSICAL_ACCURACY)


def published(tau):
    return lensed(tau, False, LMAX, 0)


def higher(setting):
    lmax, lens_potential_accuracy, accuracy = HIGHER[setting]
    return lensed(MIDDLE, True, lmax, lens_potential_accuracy, **accuracy)


def table_bytes(name, taus, spectra):
    """A FITS file with one row per tau; spectra [row, field, l]."""
    degrees = f"{LMAX + 1}D"
    unit = "uK^2"
    columns = [
        fits.Column(name="TAU", format="D", array=taus),
        fits.Column(name="EE", format=degrees, unit=unit, array=spectra[:, 0]),
        fits.Column(name="BB", format=degrees, unit=unit, array=spectra[:, 1]),
    ]
    table = fits.BinTableHDU.from_columns(columns)
    table.header["EXTNAME"] = "SPECTRA"
    table.header["SKY"] = (name, "physical or published")
    buffer = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), table]).writeto(buffer)
    return buffer.getvalue()


SOURCE = '''\
// Written by Fixtures/generators/camb_tables.py: CAMB's spectra at the nodes of `OpticalDepthTable`
// as in Fixtures/spectra/optical_depth_*.fits. OpticalDepthOracleTests compares the two.

extension OpticalDepthTable {{
  /// The nodes, ascending.
  static let shippedNodes: [Double] = [
{nodes}
  ]

{arrays}}}
'''

ARRAY = '''\
  /// {title}, l = 2...47, node after node, muK^2.
  static let {name}: [Double] = [
{numbers}
  ]
'''


def swift_numbers(values):
    texts = [repr(float(value)) for value in values.reshape(-1)]
    return "\n".join(f"    {', '.join(texts[k:k + 4])}," for k in range(0, len(texts), 4))


def swift_array(name, title, values):
    return ARRAY.format(name=name, title=title, numbers=swift_numbers(values))


def record(pool):
    recorder = Recorder(
        "spectra", __file__, ["camb", "astropy", "numpy"],
        ["OpticalDepthOracleTests"], __doc__.splitlines()[0])
    cosines = np.cos(np.pi * np.arange(INTERVALS + 1) / INTERVALS)
    nodes = MIDDLE - (HIGH - LOW) / 2 * cosines
    nodes[0], nodes[-1] = LOW, HIGH
    check, arrays = {"tau": np.array(CHECK)}, []
    for name, function in [("physical", physical), ("published", published)]:
        print(f"{name}: the nodes", flush=True)
        spectra = np.stack(pool.map(function, nodes, chunksize=1))
        recorder.save_bytes(
            f"optical_depth_{name}.fits", table_bytes(name, nodes, spectra), seed="none",
            conventions="C_l in uK^2, l = 0...47" if name == "physical"
            else "D_l = l(l+1) C_l / 2 pi in uK^2, to be taken for C_l",
            tolerance="equal to the numbers in the program")
        between = np.stack(pool.map(function, CHECK, chunksize=1))
        for index, field in enumerate(["ee", "bb"]):
            check[f"{name}.{field}"] = np.ascontiguousarray(between[:, index])
            arrays.append(swift_array(
                f"{name}{field.upper()}", f"{field.upper()} of the {name} sky",
                spectra[:, index, 2:]))
    check["middle.ee"], check["middle.bb"] = physical(MIDDLE)
    for setting, spectra in zip(HIGHER, pool.map(higher, HIGHER)):
        check[f"higher.{setting}.ee"], check[f"higher.{setting}.bb"] = spectra
    recorder.save(
        "optical_depth_check", check, {"lmax": str(LMAX)}, seed="none",
        conventions="uK^2 [tau, l]; physical C_l, published D_l; middle, higher.<setting>: C_l at "
        "tau 0.055",
        tolerance="1e-5 of C_l between the nodes; 2e-3 of C_l for higher settings")
    folder = FIXTURES.parent if recorder.root == FIXTURES else recorder.root
    folder = folder / "Sources" / "SkyModels" / "Tables"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "OpticalDepthTable+Values.swift").write_text(
        SOURCE.format(nodes=swift_numbers(nodes), arrays="\n".join(arrays)), encoding="utf-8")


def main():
    with multiprocessing.Pool(os.cpu_count()) as pool:
        record(pool)


if __name__ == "__main__":
    main()
