"""HEALPix pixel functions as healpy computes them.

Makes Fixtures/healpix/pixels.safetensors and Fixtures/healpix/queries.safetensors.

pixels, for nside N in 1, 2, 3, 4, 8, 16 (N = 3 in RING only):
  centres_N (12 N^2, 2): theta, phi of every pixel in RING order; ring2nest_N: NESTED numbers;
  points (P, 2): theta, phi of the test directions, and ring_N, nest_N: the pixel that contains each.
  The directions are the published sampling grid (first 2048), poles, the boundaries |z| = 2/3,
  corners and edges of the faces, centres, pixels' corners, and random ones, also with phi outside
  0...2 pi. ring_8192, nest_8192, ring_100: the same at a high and at an odd resolution.
queries:
  interpolation_points (P, 2), pixels_N (4, P), weights_N (4, P): get_interp_weights in RING;
  disc_centres (D, 2), disc_radii (D): query_disc; disc_N: all results one after the other,
  disc_counts_N: how many pixels each has. The first four discs are the published masks, whose sizes
  at nside 16 are 1536, 611, 310, 152.
  map_16: a random map; interpolated_16: get_interp_val at interpolation_points.

Run: python Fixtures/generators/healpix.py <output folder>
"""

import sys
from pathlib import Path

import healpy as hp
import numpy as np
from safetensors.numpy import save_file

SIZES = [1, 2, 3, 4, 8, 16]


def is_power_of_two(n):
    return n & (n - 1) == 0


def published_points():
    theta, phi = np.meshgrid(
        [j * np.pi / 32 for j in range(32)], [2 * np.pi * k / 64 for k in range(64)], indexing="ij"
    )
    return np.stack([theta.ravel(), phi.ravel()], axis=1)


def special_points():
    points = []
    longitudes = [k * np.pi / 8 for k in range(-3, 20)] + [1e-17, -1e-17, 2 * np.pi - 1e-15]
    colatitudes = [0, 1e-12, 0.0099, 0.01, 0.0101, 1.0, np.pi / 2, 3.13, 3.1316, np.pi - 1e-9, np.pi]
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
    output = Path(sys.argv[1])
    output.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20190517)

    points = np.concatenate([published_points(), special_points(), random_points(rng, 2000)])
    theta, phi = points.T
    pixels = {"points": points}
    for n in SIZES:
        indices = np.arange(12 * n * n)
        pixels[f"centres_{n}"] = np.stack(hp.pix2ang(n, indices), axis=1)
        if is_power_of_two(n):
            pixels[f"ring2nest_{n}"] = hp.ring2nest(n, indices).astype(np.int32)
    for n in SIZES + [100, 8192]:
        pixels[f"ring_{n}"] = hp.ang2pix(n, theta, phi).astype(np.int32)
        if is_power_of_two(n):
            pixels[f"nest_{n}"] = hp.ang2pix(n, theta, phi, nest=True).astype(np.int32)
    save_file(pixels, output / "pixels.safetensors")

    points = np.concatenate([special_points(), random_points(rng, 500)])
    theta, phi = points.T
    queries = {"interpolation_points": points}
    for n in SIZES:
        numbers, weights = hp.get_interp_weights(n, theta, phi)
        queries[f"pixels_{n}"] = numbers.astype(np.int32)
        queries[f"weights_{n}"] = weights
    queries["map_16"] = rng.standard_normal(12 * 16 * 16)
    queries["interpolated_16"] = hp.get_interp_val(queries["map_16"], theta, phi)

    discs = [(2.001074, 1.695120, np.arccos(1 - 2 * f)) for f in (0.5, 0.2, 0.1, 0.05)]
    discs += [(t, p, r) for t in (0, 0.1, 1.3, np.pi / 2, 3.0, np.pi) for p in (0, 5.9)
              for r in (0.05, 0.31, 1.0, 2.2, 3.1)]
    discs += [(np.arccos(rng.uniform(-1, 1)), rng.uniform(0, 7), rng.uniform(0, 3.1))
              for _ in range(20)]
    queries["disc_centres"] = np.array(discs)[:, :2].copy()
    queries["disc_radii"] = np.array(discs)[:, 2].copy()
    for n in SIZES:
        found = [hp.query_disc(n, hp.ang2vec(t, p), r) for t, p, r in discs]
        queries[f"disc_{n}"] = np.concatenate(found).astype(np.int32)
        queries[f"disc_counts_{n}"] = np.array([len(f) for f in found], np.int32)
    assert list(queries["disc_counts_16"][:4]) == [1536, 611, 310, 152]
    save_file(queries, output / "queries.safetensors")


if __name__ == "__main__":
    main()
