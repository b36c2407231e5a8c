"""astropy-healpix against the conformance kit.

    python adapter.py KIT --output FOLDER [--cases PATTERN ...]
"""

import pathlib
import sys

import astropy_healpix.healpy as functions
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402

# Border: the module with healpy's names, whose angles are colatitudes in radians.


def interpolation(p, t):
    # Border: [4, n].
    pixels, weights = functions.get_interp_weights(p["nside"], t["theta"], t["phi"])
    return {"pixels": pixels.T, "weights": weights.T}


OPERATIONS = {
    "healpix_centres": lambda p, t: dict(zip(["theta", "phi"], functions.pix2ang(
        p["nside"], np.arange(12 * p["nside"] ** 2)))),
    "healpix_pixel_of_direction": lambda p, t: {
        "pixel": functions.ang2pix(p["nside"], t["theta"], t["phi"])},
    "healpix_nested_to_ring": lambda p, t: {"ring": functions.nest2ring(p["nside"], t["nested"])},
    "healpix_ring_to_nested": lambda p, t: {"nested": functions.ring2nest(p["nside"], t["ring"])},
    "healpix_interpolation": interpolation,
    "resample_containing_pixel": lambda p, t: {
        "values": t["field"][:, functions.ang2pix(p["nside"], t["theta"], t["phi"])]},
    "resample_bilinear": lambda p, t: {"values": np.array([
        functions.get_interp_val(lane, t["theta"], t["phi"]) for lane in t["field"]])},
}

if __name__ == "__main__":
    common.main(__doc__, OPERATIONS, ["astropy-healpix", "numpy"])
