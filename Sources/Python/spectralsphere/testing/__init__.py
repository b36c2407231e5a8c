"""The conformance kit in a library's own tests.

    from spectralsphere.testing import assert_conforms, each_case

    @each_case("synthesis", spin=0, grid="healpix")
    def test_synthesis(case):
        assert_conforms(case, my_synthesis(case.inputs["coefficients"], case.grid.nside))

A failure says which outputs are wrong, where they are worst, and which known faults that points
to. `spectralsphere.testing.strategies` makes random cases for Hypothesis. pytest, Hypothesis and
safetensors come with `pip install spectralsphere[testing]`.
"""

from ._cases import Case, cases, each_case, reference_case
from ._grids import CaseGrid
from ._judge import Absent, AbsentWarning, Outcome, assert_conforms

__all__ = ["Absent", "AbsentWarning", "Case", "CaseGrid", "Outcome", "assert_conforms", "cases",
           "each_case", "reference_case"]
