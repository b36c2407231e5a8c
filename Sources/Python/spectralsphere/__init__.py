"""SpectralSphere from Python: spherical harmonic transforms and their gradients, functions on the
sphere, layers and networks, on NumPy arrays.

Conventions: orthonormal Y_lm with the Condon-Shortley phase; coefficients of real fields with
m >= 0 in healpy's order; Q and U as healpy has them; gradients of complex numbers are
dL/dRe + i dL/dIm, as in PyTorch.
"""

from . import errors
from ._library import library as _library
from .errors import BadInputError, CannotWriteError, MissingInputError, SphereError, UsageError
from .grids import Grid, Rings, clenshaw_curtis, gauss_legendre, healpix, rings
from .operations import run
from .transforms import Transform, alm_index, alm_size

__version__ = _library.sphere_version().decode()
__all__ = [
    "BadInputError", "CannotWriteError", "Grid", "MissingInputError", "Rings", "SphereError",
    "Transform", "UsageError", "alm_index", "alm_size", "clenshaw_curtis", "errors",
    "gauss_legendre", "healpix", "rings", "run",
]
