"""Records Fixtures/rotations/healpy.safetensors: coefficients rotated by healpy.

healpy.rotate_alm(alm, psi, theta, phi) is alpha = phi, beta = theta, gamma = psi: the field turns
first by psi about z, then by theta about y, then by phi about z. This script checks it with a beam
towards one direction, which afterwards points to the rotated one.

For every case `l<lmax>_<number>`: angles [alpha, beta, gamma]; T, E, B before (one set per lmax, at
`l<lmax>.T` and so on) and after. healpy is given (T, E, B) in one call and rotates E and B as it
does T. Coefficients are [count, 2] (re, im), m-major; E and B have no l < 2.
"""

import math

import healpy
import numpy as np

from recording import Recorder

ANGLES = {
    5: [(0.3, 0.7, -1.1), (0, 1, 0)],
    47: [
        (1.9, 1.1, -2.3), (-0.4, 2.9, 0.2), (0.9, math.pi / 2, 0), (0, 0, 1.3), (2.5, 0.02, -3.0),
        (0.3, -0.8, 5.0),
    ],
}


def real_pairs(a):
    return np.ascontiguousarray(np.stack([a.real, a.imag], axis=-1))


def random_coefficients(lmax, least, random):
    size = healpy.Alm.getsize(lmax)
    a = random.standard_normal(size) + 1j * random.standard_normal(size)
    l, m = healpy.Alm.getlm(lmax)
    a[m == 0] = a[m == 0].real
    a[l < least] = 0
    return a


def rotated(alms, angles):
    alpha, beta, gamma = angles
    result = [a.copy() for a in alms]
    healpy.rotate_alm(result, gamma, beta, alpha)
    return result


def check_convention():
    """A beam towards n becomes a beam towards R n."""
    lmax, angles, n = 40, (0.5, 0.8, -1.9), healpy.ang2vec(0.6, 2.0)
    def about(axis, angle):
        c, s = math.cos(angle), math.sin(angle)
        return np.array({
            "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]], "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]]}[axis])
    matrix = about("z", angles[0]) @ about("y", angles[1]) @ about("z", angles[2])
    nside = 64
    directions = np.array(healpy.pix2vec(nside, np.arange(12 * nside**2))).T
    a = healpy.map2alm(np.exp(20 * (directions @ n - 1)), lmax=lmax)
    after = healpy.alm2map(rotated([a], angles)[0], nside, lmax=lmax)
    expected = np.exp(20 * (directions @ (matrix @ n) - 1))
    assert np.max(np.abs(after - expected)) < 2e-3, np.max(np.abs(after - expected))


def main():
    check_convention()
    recorder = Recorder(
        "rotations", __file__, ["healpy", "numpy"], ["WignerRotationFixtureTests"], __doc__)
    random = np.random.default_rng(3300)
    tensors = {}
    for lmax, cases in ANGLES.items():
        before = [random_coefficients(lmax, least, random) for least in (0, 2, 2)]
        for name, a in zip("TEB", before):
            tensors[f"l{lmax}.{name}"] = real_pairs(a)
        for number, angles in enumerate(cases):
            case = f"l{lmax}_{number}"
            tensors[case + ".angles"] = np.array(angles, float)
            for name, a in zip("TEB", rotated(before, angles)):
                if name == "T" or number < 2:
                    tensors[f"{case}.{name}"] = real_pairs(a)
    recorder.save(
        "healpy", tensors, {}, seed=3300,
        conventions="angles alpha = phi, beta = theta, gamma = psi of healpy.rotate_alm; m-major",
        tolerance="4 (lmax + 5) u relative L2")


if __name__ == "__main__":
    main()
