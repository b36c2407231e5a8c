"""Records Fixtures/tools/masks.safetensors: apodised masks and coupling matrices from numpy.

Nothing here is taken from the program: masks by the nearest of all masked pixels, coupling matrices
by integrals of Wigner functions and not by 3j symbols.

    mask                      weights of nside 8: 1 or 0.5, and 0 in 60 pixels around a point and
                              in one more
    c1, c2                    apodised over 25 degrees
    smooth                    apodised over 6 degrees: shrunk by 2.5 times that, healpy.smoothing
                              with sigma 6 degrees, times the mask, clipped to 0...1
    spectrum                  W_L of a mask, L = 0...15, positive random numbers
    mixed, even, odd          K_ll' of polarisation up to lmax 12: (2l'+1)/2 times the integrals
                              over x = cos(beta) of xi d^l_20 d^l'_-20, and of half the sum and
                              half the difference of xi d^l_22 d^l'_-2-2 and xi d^l_2-2 d^l'_-22,
                              where xi = sum (2L+1)/4pi W_L P_L
"""

import math

import healpy
import numpy as np

from recording import Recorder

SEED = 20261202
NSIDE = 8
LMAX = 12


def apodised(mask, width, kind):
    vectors = np.array(healpy.pix2vec(NSIDE, np.arange(mask.size)))
    masked = vectors[:, mask == 0]
    cosine = np.clip(vectors.T @ masked, -1, 1).max(axis=1)
    if kind == "smooth":
        shrunk = np.where(np.arccos(cosine) <= 2.5 * width, 0, mask)
        smooth = healpy.smoothing(shrunk, sigma=width)
        return np.clip(mask * smooth, 0, 1)
    x = np.minimum(1, np.sqrt((1 - cosine) / (1 - np.cos(width))))
    if kind == "c1":
        factor = x - np.sin(2 * np.pi * x) / (2 * np.pi)
    else:
        factor = (1 - np.cos(np.pi * x)) / 2
    return mask * np.where(mask > 0, factor, 0)


def wigner(l, m, n, beta):
    """d^l_mn(beta) by Wigner's sum."""
    if l < max(abs(m), abs(n)):
        return np.zeros_like(beta)
    f = math.factorial
    scale = math.sqrt(f(l + m) * f(l - m) * f(l + n) * f(l - n))
    total = np.zeros_like(beta)
    for s in range(max(0, n - m), min(l + n, l - m) + 1):
        below = f(l + n - s) * f(s) * f(m - n + s) * f(l - m - s)
        total += (-1) ** (m - n + s) * scale / below * (
            np.cos(beta / 2) ** (2 * l + n - m - 2 * s) * np.sin(beta / 2) ** (m - n + 2 * s))
    return total


def coupling(spectrum):
    x, weight = np.polynomial.legendre.leggauss(3 * LMAX)
    beta = np.arccos(x)
    degrees = np.arange(spectrum.size)
    xi = np.polynomial.legendre.legval(x, (2 * degrees + 1) / (4 * np.pi) * spectrum)
    d = {(m, n): [wigner(l, m, n, beta) for l in range(LMAX + 1)]
         for m, n in [(2, 0), (-2, 0), (2, 2), (-2, -2), (2, -2), (-2, 2)]}
    shape = (LMAX + 1, LMAX + 1)
    mixed, total, difference = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for l in range(LMAX + 1):
        for k in range(LMAX + 1):
            factor = (2 * k + 1) / 2 * weight * xi
            mixed[l, k] = np.sum(factor * d[2, 0][l] * d[-2, 0][k])
            total[l, k] = np.sum(factor * d[2, 2][l] * d[-2, -2][k])
            difference[l, k] = np.sum(factor * d[2, -2][l] * d[-2, 2][k])
    return {"mixed": mixed, "even": (total + difference) / 2, "odd": (total - difference) / 2}


def main():
    recorder = Recorder("tools", __file__, ["healpy", "numpy"], [
        "MaskApodisationDefinitionTests", "SpinModeCouplingDefinitionTests"], __doc__)
    generator = np.random.default_rng(SEED)
    mask = np.where(generator.uniform(size=12 * NSIDE**2) < 0.5, 0.5, 1.0)
    centre = healpy.ang2vec(1.1, 2.0)
    nearness = np.array(healpy.pix2vec(NSIDE, np.arange(mask.size))).T @ centre
    mask[np.argsort(-nearness)[:60]] = 0
    mask[700] = 0
    out = {"mask": mask}
    for kind, degrees in [("c1", 25), ("c2", 25), ("smooth", 6)]:
        out[kind] = apodised(mask, np.radians(degrees), kind)
    out["spectrum"] = generator.uniform(0.1, 1, size=16)
    out.update(coupling(out["spectrum"]))
    recorder.save(
        "masks", out, {}, seed=str(SEED), conventions="RING; matrices [l, l']; see mask_tools.py",
        tolerance="1e-12 relative L2")


if __name__ == "__main__":
    main()
