"""Records Fixtures/benchmark/cut_sky_posterior.safetensors: the exact posterior of observed pixels.

Three noise-free skies of task T2 at nside 16 behind the documented cap of f_sky 0.05. Pixels and
spherical harmonics are healpy's, the likelihood is NumPy's: a Cholesky factor of the covariance at
every point of a square around the truth, far beyond the posterior, with the floor of the
documents. Nothing is interpolated.

    observed (152,)            RING numbers of the observed pixels
    maps (3, 2, 152)           float32: Q and U there
    truths (3, 2)              ell_e, ell_b
    optimal, mean, deviation (3, 2)
                               of the marginal posteriors: the median weighted by 1/theta, the mean,
                               the standard deviation
    coarse_floor (3, 2)        optimal for a floor of 1e-2 of the rms: the negative control
"""

import healpy as hp
import numpy as np

from recording import Recorder

NSIDE, LMAX, SEED = 16, 47, 52
CENTRE = (2.001074, 1.695120)
F_SKY = 0.05
PRIOR = (5.0, 20.0)
FLOOR, COARSE_FLOOR = 1e-6, 1e-2
TRUTHS = np.array([[9.3, 15.8], [12.1, 7.4], [17.2, 18.3]])
STEP, REACH = 0.04, 80


def spectrum(peak):
    degrees = np.arange(LMAX + 1)
    values = np.exp(-((degrees - peak) ** 2) / 50) + 1e-5
    values[:2] = 0
    return values


def observed_pixels():
    distance = np.arccos(np.clip(
        hp.ang2vec(*CENTRE) @ np.array(hp.pix2vec(NSIDE, np.arange(12 * NSIDE**2))), -1, 1))
    return np.flatnonzero(distance <= np.arccos(1 - 2 * F_SKY))


def responses(pixels):
    """Q and U at the pixels for every real coefficient of unit variance: [field][degree]."""
    fields = ([], [])
    for field in range(2):
        for degree in range(LMAX + 1):
            columns = []
            for order in range(degree + 1 if degree >= 2 else 0):
                for unit in (1, 1j) if order else (1,):
                    alm = np.zeros((2, hp.Alm.getsize(LMAX)), complex)
                    # Real and imaginary parts have half of the variance each.
                    alm[field, hp.Alm.getidx(LMAX, degree, order)] = unit * (
                        np.sqrt(0.5) if order else 1)
                    qu = hp.alm2map_spin(alm, NSIDE, 2, LMAX)
                    columns.append(np.concatenate([qu[0][pixels], qu[1][pixels]]))
            fields[field].append(np.array(columns).T if columns else None)
    return fields


def covariances(field, peaks):
    blocks = [None if y is None else y @ y.T for y in field]
    return [
        sum(c * block for c, block in zip(spectrum(peak), blocks) if block is not None)
        for peak in peaks]


def marginals(log_likelihood):
    density = np.exp(log_likelihood - log_likelihood.max())
    edge = max(density[0].max(), density[-1].max(), density[:, 0].max(), density[:, -1].max())
    assert edge < 1e-6, f"the square cuts the posterior at {edge}"
    return density.sum(axis=1), density.sum(axis=0)


def weighted_median(points, density):
    weights = density / points
    total = np.concatenate([[0], np.cumsum(0.5 * (weights[1:] + weights[:-1]))])
    return np.interp(0.5 * total[-1], total, points)


def estimates(fields, data, truth, floor):
    axes = [truth[k] + STEP * np.arange(-REACH, REACH + 1) for k in range(2)]
    axes = [axis[(axis >= PRIOR[0]) & (axis <= PRIOR[1])] for axis in axes]
    parts = [covariances(fields[k], axes[k]) for k in range(2)]
    degrees = np.arange(2, LMAX + 1)
    middle = spectrum(sum(PRIOR) / 2)[2:]
    variance = np.sum((2 * degrees + 1) / (4 * np.pi) * middle)
    noise = floor**2 * variance * np.eye(len(data))
    log_likelihood = np.empty((len(axes[0]), len(axes[1])))
    for i, first in enumerate(parts[0]):
        for j, second in enumerate(parts[1]):
            factor = np.linalg.cholesky(first + second + noise)
            white = np.linalg.solve(factor, data)
            log_likelihood[i, j] = -0.5 * white @ white - np.log(np.diag(factor)).sum()
    found = []
    for axis, density in zip(axes, marginals(log_likelihood)):
        share = density / density.sum()
        mean = share @ axis
        found.append(
            (weighted_median(axis, density), mean, np.sqrt(share @ (axis - mean) ** 2)))
    return np.array(found)


def main():
    recorder = Recorder(
        "benchmark", __file__, ["healpy", "numpy"], ["CutSkyEstimatorTests"],
        __doc__.split("\n", maxsplit=1)[0])
    pixels = observed_pixels()
    assert len(pixels) == 152
    fields = responses(pixels)
    maps, fine, coarse = [], [], []
    for sky, truth in enumerate(TRUTHS):
        np.random.seed(SEED + sky)
        alm = [hp.synalm(spectrum(peak), LMAX) for peak in truth]
        qu = hp.alm2map_spin(alm, NSIDE, 2, LMAX)
        rounded = np.array([component[pixels] for component in qu], np.float32)
        data = rounded.astype(np.float64).ravel()
        maps.append(rounded)
        fine.append(estimates(fields, data, truth, FLOOR))
        coarse.append(estimates(fields, data, truth, COARSE_FLOOR)[:, 0])
    fine = np.array(fine)
    recorder.save(
        "cut_sky_posterior",
        {
            "observed": pixels.astype(np.int64), "maps": np.array(maps), "truths": TRUTHS,
            "optimal": np.ascontiguousarray(fine[:, :, 0]),
            "mean": np.ascontiguousarray(fine[:, :, 1]),
            "deviation": np.ascontiguousarray(fine[:, :, 2]), "coarse_floor": np.array(coarse),
        },
        {}, seed=SEED,
        conventions="T2 at nside 16, cap of f_sky 0.05, no noise; parameters ell_e, ell_b under "
        f"uniform priors; floor {FLOOR:g} of the rms of Q at the centre of the prior",
        tolerance="0.005 of the posterior's standard deviation: sums over a square of step 0.04")


if __name__ == "__main__":
    main()
