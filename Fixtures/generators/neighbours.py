"""Records Fixtures/healpix/neighbours.safetensors: the eight neighbours of HEALPix pixels, from healpy.

    ring_N, nested_N (pixels, 8)    neighbours of every pixel of nside N = 1, 2, 4 and, RING, 3 and 16, in
                                    the order SW, W, NW, N, NE, E, SE, S; -1 where there is none
    nested_16 (280, 8)              the same for every eleventh pixel of nside 16
"""

import healpy as hp
import numpy as np

from recording import Recorder


def neighbours(nside, pixels, nest):
    return np.ascontiguousarray(hp.get_all_neighbours(nside, pixels, nest=nest).T.astype(np.int64))


def main():
    recorder = Recorder(
        "healpix", __file__, ["healpy", "numpy"], ["NeighbourOracleTests"],
        __doc__.split("\n", maxsplit=1)[0])
    tensors = {}
    for nside in (1, 2, 3, 4, 16):
        pixels = np.arange(12 * nside * nside)
        tensors[f"ring_{nside}"] = neighbours(nside, pixels, nest=False)
        if nside != 3:
            step = 11 if nside == 16 else 1
            tensors[f"nested_{nside}"] = neighbours(nside, pixels[::step], nest=True)
    recorder.save(
        "neighbours", tensors, {}, seed=0,
        conventions="pixel numbers in RING or NESTED as named; order SW, W, NW, N, NE, E, SE, S",
        tolerance="exact: integers")


if __name__ == "__main__":
    main()
