"""Records Fixtures/healpix: pixel functions as healpy computes them.

pixels, for nside N in 1, 2, 3, 4, 8, 16 (N = 3 in RING only):
  centres_N (12 N^2, 2): theta, phi of every pixel in RING order; ring2nest_N: NESTED numbers;
  points (P, 2): theta, phi of the test directions; ring_N, nest_N: the pixel that contains each.
  The directions are the published sampling grid (first 2048), poles, the boundaries |z| = 2/3,
  corners and edges of the faces, centres, pixels' corners, and random ones, also with phi outside
  0...2 pi. ring_8192, nest_8192, ring_100: the same at a high and at an odd resolution.
queries:
  interpolation_points (P, 2), pixels_N (4, P), weights_N (4, P): get_interp_weights in RING;
  disc_centres (D, 2), disc_radii (D): query_disc; disc_N: all results one after the other,
  disc_counts_N: how many pixels each has. The first four discs are the published masks, whose sizes
  at nside 16 are 1536, 611, 310, 152.
resampling: map_16, a random map, and its get_interp_val at three grids with 64 longitudes, theta_j:
  published (j pi/32, j < 32), clenshaw_curtis (j pi/31, j < 32), shifted (j + 1/2) pi/32.
"""

import healpy as hp
import numpy as np

from recording import Recorder

SEED = 20190517
SIZES = [1, 2, 3, 4, 8, 16]


def is_power_of_two(n):
    return n & (n - 1) == 0


def product_points(thetas):
    theta, phi = np.meshgrid(thetas, [2 * np.pi * k / 64 for k in range(64)], indexing="ij")
    return np.stack([theta.ravel(), phi.ravel()], axis=1)


def published_points():
    return product_points([j * np.pi / 32 for j in range(32)])


def special_points():
    points = []
    longitudes = [k * np.pi / 8 for k in range(-3, 20)] + [1e-17, -1e-17, 2 * np.pi - 1e-15]
    colatitudes = [0, 1e-12, 0.0099, 0.01, 0.0101, 1.0, np.pi / 2]
    colatitudes += [3.13, 3.1316, np.pi - 1e-9, np.pi]
    for z in (2 / 3, -2 / 3):
        theta = np.arccos(z)
        colatitudes += [theta, np.nextafter(theta, 0), np.nextafter(theta, 4)]
    points += [(t, p) for t in colatitudes for p in longitudes]
    for n in (1, 2, 4):
        points += [tuple(p) for p in np.stack(hp.pix2ang(n, np.arange(12 * n * n)), axis=1)]
        corners = hp.boundaries(n, np.arange(12 * n * n), step=2)  # corners and edge midpoints
        theta, phi = hp.vec2ang(corners.transpose(0, 2, 1).reshape(-1, 3))
        points += list(zip(theta, phi))
    return np.array(points)


def random_points(rng, count):
    theta = np.arccos(rng.uniform(-1, 1, count))
    return np.stack([theta, rng.uniform(-10, 10, count)], axis=1)


def main():
    recorder = Recorder(
        "healpix", __file__, ["healpy", "numpy"], ["HealpixOracleTests"], __doc__)
    exact = "exact: integers and bits"
    conventions = "theta colatitude, phi eastward, radians; RING unless the name says nest"
    rng = np.random.default_rng(SEED)

    points = np.concatenate([published_points(), special_points(), random_points(rng, 2000)])
    theta, phi = points.T
    pixels = {"points": points}
    for n in SIZES:
        indices = np.arange(12 * n * n)
        pixels[f"centres_{n}"] = np.stack(hp.pix2ang(n, indices), axis=1)
        if is_power_of_two(n):
            pixels[f"ring2nest_{n}"] = hp.ring2nest(n, indices).astype(np.int64)
    for n in SIZES + [100, 8192]:
        pixels[f"ring_{n}"] = hp.ang2pix(n, theta, phi).astype(np.int64)
        if is_power_of_two(n):
            pixels[f"nest_{n}"] = hp.ang2pix(n, theta, phi, nest=True).astype(np.int64)
    recorder.save("pixels", pixels, {}, seed=SEED, conventions=conventions, tolerance=exact)

    points = np.concatenate([special_points(), random_points(rng, 500)])
    theta, phi = points.T
    queries = {"interpolation_points": points}
    for n in SIZES:
        numbers, weights = hp.get_interp_weights(n, theta, phi)
        queries[f"pixels_{n}"] = numbers.astype(np.int64)
        queries[f"weights_{n}"] = weights

    discs = [(2.001074, 1.695120, np.arccos(1 - 2 * f)) for f in (0.5, 0.2, 0.1, 0.05)]
    discs += [(t, p, r) for t in (0, 0.1, 1.3, np.pi / 2, 3.0, np.pi) for p in (0, 5.9)
              for r in (0.05, 0.31, 1.0, 2.2, 3.1)]
    discs += [(np.arccos(rng.uniform(-1, 1)), rng.uniform(0, 7), rng.uniform(0, 3.1))
              for _ in range(20)]
    queries["disc_centres"] = np.array(discs)[:, :2].copy()
    queries["disc_radii"] = np.array(discs)[:, 2].copy()
    for n in SIZES:
        found = [hp.query_disc(n, hp.ang2vec(t, p), r) for t, p, r in discs]
        queries[f"disc_{n}"] = np.concatenate(found).astype(np.int64)
        queries[f"disc_counts_{n}"] = np.array([len(f) for f in found], np.int64)
    assert list(queries["disc_counts_16"][:4]) == [1536, 611, 310, 152]
    recorder.save(
        "queries", queries, {}, seed=SEED, conventions=conventions,
        tolerance="discs exact; weights 64 nside rounding errors")

    resampling = {"map_16": rng.standard_normal(12 * 16 * 16)}
    for name, thetas in [
        ("published", [j * np.pi / 32 for j in range(32)]),
        ("clenshaw_curtis", [j * np.pi / 31 for j in range(32)]),
        ("shifted", [(j + 0.5) * np.pi / 32 for j in range(32)]),
    ]:
        points = product_points(np.minimum(thetas, np.pi))
        resampling[name] = hp.get_interp_val(resampling["map_16"], *points.T)
    recorder.save(
        "resampling", resampling, {}, seed=SEED, conventions=conventions,
        tolerance="1024 rounding errors of the largest pixel", used_by=["ResamplerFixtureTests"])


if __name__ == "__main__":
    main()
