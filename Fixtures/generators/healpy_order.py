"""Records what healpy's synalm draws from spectra in the wrong order and in the right one.

synalm takes a list of six spectra by position. With new=True it is TT, EE, BB, TE, EB, TB; with its
default, new=False, it is TT, TE, TB, EE, EB, BB. The published networks of tasks t2 and t3 were
trained on maps of the list TT, EE, BB, TE, EB, TB drawn with the default. Both draws are recorded
for the same list and the same seeds: `wrong.*` with new=False, `right.*` with new=True.

The list is that of task t2: TT = 1e-5 at every l, EE and BB with one peak each from l = 2 on, no
cross spectra. Arrays: spectra.tt, .ee, .bb [l]; wrong.t, .e, .b and right.t, .e, .b
[seed, coefficient, (re, im)], m-major.
"""

import warnings

import healpy
import numpy as np

from recording import Recorder

LMAX = 47
PEAK_E, PEAK_B = 8.25, 14.5
SEEDS = [31, 32, 33, 34]


def peaked(peak):
    ell = np.arange(LMAX + 1)
    spectrum = np.exp(-((ell - peak) ** 2) / 50) + 1e-5
    spectrum[:2] = 0
    return spectrum


def draw(spectra, new):
    """[field, seed, coefficient, (re, im)] of T, E and B."""
    drawn = []
    for seed in SEEDS:
        np.random.seed(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            alm = np.asarray(healpy.synalm(spectra, lmax=LMAX, new=new))
        drawn.append(np.stack([alm.real, alm.imag], axis=-1))
    return np.stack(drawn, axis=1)


def main():
    recorder = Recorder(
        "spectra", __file__, ["healpy", "numpy"], ["PublishedSkyOracleTests"],
        __doc__.splitlines()[0])
    zero = np.zeros(LMAX + 1)
    tt, ee, bb = np.full(LMAX + 1, 1e-5), peaked(PEAK_E), peaked(PEAK_B)
    spectra = [tt, ee, bb, zero, zero, zero]
    tensors = {"spectra.tt": tt, "spectra.ee": ee, "spectra.bb": bb}
    for order, new in [("wrong", False), ("right", True)]:
        for field, values in zip("teb", draw(spectra, new)):
            tensors[f"{order}.{field}"] = np.ascontiguousarray(values)
    recorder.save(
        "healpy_order", tensors, {"lmax": str(LMAX)}, seed=SEEDS,
        conventions="C_l in uK^2; coefficients m-major, E and B of HEALPix; list TT, EE, BB, TE, "
        "EB, TB; wrong: new=False, right: new=True",
        tolerance="ratios of fields: rounding; power and correlation: five standard errors")


if __name__ == "__main__":
    main()
