"""Records Fixtures/transforms/healpy_weights.safetensors: healpy's ring weights and what they give.

    ring_weights.n<nside>        1 + the numbers of healpy's own file weight_ring_n<nside>.fits, one for each
                                 ring from the north pole to the equator
    n<nside>_l<lmax>.coefficients        random a_lm, uniform in [-1, 1], m = 0 real, [count, 2], m-major
    n<nside>_l<lmax>.iter0, .iter3       healpy.map2alm of healpy.alm2map of them, without weights
    n<nside>_l<lmax>.weights             the same with use_weights=True, iter=0

The weights are those files' or, where a nside has none in the package, nothing is recorded.
"""

import pathlib

import healpy
import numpy as np
from astropy.io import fits

from recording import Recorder

NSIDES = [2, 4, 8, 16, 32]
CASES = [(4, 8), (8, 12), (8, 23)]


def ring_weights(nside):
    folder = pathlib.Path(healpy.__file__).parent / "data"
    table = fits.getdata(folder / f"weight_ring_n{nside:05d}.fits")
    return 1 + np.asarray(table["TEMPERATURE WEIGHTS"], dtype=np.float64).ravel()[: 2 * nside]


def pairs(values):
    return np.stack([values.real, values.imag], axis=-1)


def main():
    recorder = Recorder(
        "transforms", __file__, ["healpy", "numpy", "astropy"], ["QuadratureWeightOracleTests"],
        __doc__.splitlines()[0])
    numbers = np.random.default_rng(20260)
    tensors = {f"ring_weights.n{nside}": ring_weights(nside) for nside in NSIDES}
    for nside, lmax in CASES:
        _, orders = healpy.Alm.getlm(lmax)
        real, imaginary = numbers.uniform(-1, 1, (2, orders.size))
        a = real + 1j * np.where(orders == 0, 0, imaginary)
        field = healpy.alm2map(a, nside, lmax=lmax)
        name = f"n{nside}_l{lmax}"
        tensors[f"{name}.coefficients"] = pairs(a)
        for label, options in [
            ("iter0", dict(iter=0)), ("iter3", dict(iter=3)),
            ("weights", dict(iter=0, use_weights=True)),
        ]:
            tensors[f"{name}.{label}"] = pairs(healpy.map2alm(field, lmax=lmax, **options))
    recorder.save(
        "healpy_weights", tensors, {}, seed=20260,
        conventions="orthonormal Y_lm, Condon-Shortley phase, m >= 0; RING order",
        tolerance="1e-12 relative L2")


if __name__ == "__main__":
    main()
