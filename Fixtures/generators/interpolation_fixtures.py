"""Records Fixtures/transforms/equiangular_analysis: ducc0's analysis of fields on equiangular rings.

Clenshaw-Curtis rings with both poles, for case `s<spin>_l<lmax>_<nlat>x<nlon>`; 1 component for spin 0,
2 for the others; rings from north to south, first longitude 0:

    <case>.field       white noise [components, points], which no harmonics fit
    <case>.analysis    ducc0's analysis_2d up to lmax = nlat - 2, [components, count, 2] (re, im), m-major
                       as healpy orders them; E and B with HEALPix's signs for spin > 0

That analysis interpolates along the meridians before it integrates. For lmax < nlat - 2 it takes fewer
rings in between, and the noise beyond lmax enters its result; the cases have lmax = nlat - 2. For a field with degrees up to lmax it
gives the coefficients back, which is asserted here.
"""

import ducc0
import numpy as np

from recording import Recorder
from spin_fixtures import random_coefficients
from transform_fixtures import PACKAGES, real_pairs, relative

# (spin, lmax, nlat, nlon)
CASES = [
    (0, 0, 2, 2), (0, 1, 3, 4), (0, 7, 9, 16), (0, 6, 8, 14), (0, 18, 20, 48), (0, 30, 32, 64),
    (1, 7, 9, 16), (2, 7, 9, 16), (2, 18, 20, 40), (3, 10, 12, 22),
]


def main():
    recorder = Recorder(
        "transforms", __file__, PACKAGES[:1] + ["numpy"], ["EquiangularAnalysisOracleTests"], __doc__)
    random = np.random.default_rng(51)
    tensors = {}
    for spin, lmax, nlat, nlon in CASES:
        case = f"s{spin}_l{lmax}_{nlat}x{nlon}"
        sizes = dict(spin=spin, lmax=lmax, geometry="CC")
        components = 1 if spin == 0 else 2
        field = random.standard_normal((components, nlat, nlon))
        analysis = ducc0.sht.experimental.analysis_2d(map=field, **sizes)
        a = random_coefficients(spin, lmax, lmax, random)[:components]
        synthesis = ducc0.sht.experimental.synthesis_2d(alm=a, ntheta=nlat, nphi=nlon, **sizes)
        back = ducc0.sht.experimental.analysis_2d(map=synthesis, **sizes)
        assert relative(back, a) < 1e-13
        tensors |= {
            f"{case}.field": field.reshape(components, -1),
            f"{case}.analysis": real_pairs(analysis),
        }
    recorder.save(
        "equiangular_analysis", tensors, {}, seed=51,
        conventions="orthonormal harmonics, HEALPix's E and B; colatitude from the north pole, m >= 0",
        tolerance="relative L2 per tensor: 1e-12 in float64")


if __name__ == "__main__":
    main()
