"""SpectralSphere from Python: spherical harmonic transforms and their gradients, functions on the
sphere, layers and networks, on NumPy arrays.

Conventions: orthonormal Y_lm with the Condon-Shortley phase; coefficients of real fields with
m >= 0 in healpy's order; Q and U as healpy has them; gradients of complex numbers are
dL/dRe + i dL/dIm, as in PyTorch.
"""

from . import conformance, errors
from ._library import library as _library
from .conformance import expect_analysis
from .errors import BadInputError, CannotWriteError, MissingInputError, SphereError, UsageError
from .grids import (Grid, Rings, clenshaw_curtis, driscoll_healy, fejer1, fejer2,
                    gauss_legendre, healpix, mcewen_wiaux, octahedral, rings)
from .maps import SkyMap, read_map
from .models import Model, Predictions
from .operations import run
from .transforms import Transform, alm_index, alm_size

__version__ = _library.sphere_version().decode()
__all__ = [
    "BadInputError", "CannotWriteError", "Grid", "MissingInputError", "Model", "Predictions",
    "Rings", "SkyMap", "SphereError", "Transform", "UsageError", "alm_index", "alm_size",
    "clenshaw_curtis", "conformance", "driscoll_healy", "errors", "expect_analysis", "fejer1",
    "fejer2", "gauss_legendre", "healpix", "mcewen_wiaux", "octahedral", "read_map", "rings",
    "run",
]
