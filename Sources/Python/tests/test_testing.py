"""The conformance kit in tests: what passes, what fails and under which name, what shrinks."""

import re
import sys
import unittest

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import spectralsphere as sphere
from spectralsphere import testing
from spectralsphere.testing import (Absent, AbsentWarning, assert_conforms, cases, each_case,
                                    reference_case, strategies)
from spectralsphere.testing import _cases

pytest_plugins = "pytester"
# The same examples in every run; slow machines are no failure.
RANDOM = {"derandomize": True, "deadline": None, "database": None,
          "suppress_health_check": list(HealthCheck)}
ONE_OF_EACH = list({case.operation: case for case in reversed(cases())}.values())


def own(case):
    """The library itself, as a port."""
    return sphere.run(case.operation, case.parameters, case.tensors)


def b_negated(case):
    """A port whose B has the other sign."""
    tensors = case.tensors
    for name in {"b", "b_gradient"} & set(tensors):
        tensors[name] = -tensors[name]
    outputs = sphere.run(case.operation, case.parameters, tensors)
    return {name: -value if name in ("b", "b_gradient") else value
            for name, value in outputs.items()}


def conjugated(case):
    """A port whose coefficients come out as their conjugates."""
    return {name: value * [1, -1] if _cases.is_complex(case.operation, name) else value
            for name, value in own(case).items()}


def conjugates_first(case):
    """A port that reads gradients of coefficients as their conjugates."""
    tensors = {name: value * [1, -1] if name.endswith("s_gradient") else value
               for name, value in case.tensors.items()}
    return sphere.run(case.operation, case.parameters, tensors)


def nyquist_twice(case):
    """A port that counts the order of half a ring's points twice."""
    return sphere.run(case.operation, case.parameters | {"nyquist": "evaluated"}, case.tensors)


def failure(*arguments, **options):
    """The text of the AssertionError."""
    with pytest.raises(AssertionError) as caught:
        assert_conforms(*arguments, **options)
    return str(caught.value)


def one(operation, pattern="*", **options):
    return cases(operation, pattern, **options)[0]


# --- Selection -----------------------------------------------------------------------------------


def test_selection():
    assert {case.operation for case in cases("synthesis")} == {"scalar_synthesis",
                                                               "spin_synthesis"}
    assert {case.operation for case in cases("legendre")} == {"legendre"}
    assert {case.operation for case in cases("*iterated_analysis")} == {
        "iterated_analysis", "spin_iterated_analysis"}
    assert {case.parameter("spin") for case in cases("synthesis", spin=(0, 2))} == {0, 2}
    assert all(case.parameters["lmax"] < 16 for case in cases("synthesis", lmax=range(16)))
    assert all(case.grid.kind == "healpix" for case in cases("analysis", grid="healpix"))
    assert [case.id for case in cases(pattern="gauss-legendre-n3")] == ["gauss-legendre-n3"]


@pytest.mark.parametrize("arguments, options, text", [
    (["synthesiss"], {}, "no operation 'synthesiss'; it has adam, band_powers"),
    (["synthesis", "nothing*"], {}, "has an id like 'nothing*'; there is scalar-synthesis-"),
    (["synthesis"], {"spin": 9}, "has spin = 9; there is 0, 1, 2, 3"),
    (["synthesis"], {"colour": 1}, "has colour = 1; there is None"),
    (["synthesis"], {"grid": "cube"}, "expected some of healpix, gauss_legendre"),
    (["legendre"], {"grid": "healpix"}, "has the grid 'healpix'; there is None"),
])
def test_selections_of_nothing(arguments, options, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        cases(*arguments, **options)


def test_kits_that_are_none(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match="make one with"):
        cases(kit=tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": "spectral-sphere-conformance", '
                                            '"version": 1}')
    monkeypatch.setenv("SPECTRALSPHERE_KIT", str(tmp_path))
    with pytest.raises(ValueError, match="version 1, expected .* version 2; export"):
        cases()


def test_known_cases_have_to_be_there():
    with pytest.raises(ValueError, match="no case has an id like 'legendre-lmax3'"):
        each_case("legendre", known={"legendre-lmax3": "no reason"})
    with pytest.raises(ValueError, match="no case has an id"):
        assert_conforms(own, "legendre", known={"x": ""})


def test_complex_tensors():
    """Wherever the last two axes are those of coefficients, and nowhere else but for modes."""
    for case in cases():
        p = case.parameters
        for item in case.entry["inputs"] + case.entry["outputs"]:
            shape = item["shape"]
            coefficients = len(shape) > 2 and shape[-1] == 2 and "lmax" in p and (
                shape[-2] == len(case.lm[0]))
            pairs = _cases.is_complex(case.operation, item["name"])
            assert pairs == coefficients or (
                pairs and shape[-1] == 2 and case.operation in (
                    "scalar_modes", "spin_modes", "spin_harmonics")), (case.id, item)


def test_inputs_are_copies():
    case = one("scalar_synthesis")
    case.inputs["coefficients"][:] = 0
    case.parameters["lmax"] = 0
    assert np.any(case.inputs["coefficients"]) and case.parameters["lmax"] == 12
    assert case.inputs["coefficients"].dtype == complex
    assert case.inputs["coefficients"].shape == (2, 91)


def test_grids_are_where_the_points_are():
    kinds = {"healpix-nside3": ("healpix", 3, None), "odd": ("clenshaw_curtis", None, 15),
             "driscoll-healy": ("driscoll_healy", None, 24),
             "octahedral": ("octahedral", None, None), "poles": ("rings", None, None)}
    for name, expected in kinds.items():
        grid = one("scalar_analysis", f"*-{name}").grid
        assert (grid.kind, grid.nside, grid.nphi) == expected
        assert grid.own_weights == (grid.kind != "rings")
    assert one("legendre").grid is None


# --- Verdicts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=lambda case: case.operation)
def test_every_operation_passes_and_can_fail(case):
    outputs = own(case)
    assert_conforms(case, outputs)
    for name, values in outputs.items():
        wrong = {key: value.copy() for key, value in outputs.items()}
        if values.size:
            wrong[name].flat[np.argmax(np.abs(values))] += 1 if values.dtype == int else 0.5
        else:
            wrong[name] = np.zeros((1, *values.shape))
        if case.operation == "gaussian_field":
            wrong[name] *= 2
        assert f"{case.id} {name}: " in failure(case, wrong)


def test_complex_arrays_and_pairs_are_the_same():
    case = one("spin_analysis")
    pairs = own(case)
    assert_conforms(case, pairs)
    assert_conforms(case, {name: _cases.complex_of(value) for name, value in pairs.items()})


NAMED = {
    "NaN": (lambda x: x * np.nan, "element 0 is nan"),
    "shape": (lambda x: x[:, 1:], r"the shape is \[2, 389\], expected \[2, 390\]"),
    "float32": (lambda x: x.astype("f4"), "the type is float32, expected float64"),
    "longdouble": (lambda x: x.astype("g"), "the type is .*128, expected float64"),
    "complex": (lambda x: x + 0j, "the type is complex128, expected float64"),
    "integers": (lambda x: x.astype(int), "the type is int64, expected float64"),
    "mask": (lambda x: np.ma.masked_array(x, x > 0), "is a masked array"),
    "none": (lambda x: None, "the outputs are None, expected a dict with field"),
    "ragged": (lambda x: [[1.0], [1.0, 2.0]], "the output is a list, which NumPy does not read"),
    "missing": (lambda x: {}, "field: the tensor is missing"),
    "extra": (lambda x: {"field": x, "more": x}, "more: the manifest lists no such output"),
    "text": (lambda x: {"field": x, "note": "fast"}, "note: the case has no such output"),
}


@pytest.mark.parametrize("name", NAMED)
def test_named_failures(name):
    wrong, text = NAMED[name]
    case = one("scalar_synthesis")
    assert re.search(text, failure(case, wrong(own(case)["field"]))), name


def test_other_types_of_coefficients():
    case = one("scalar_analysis")
    a = _cases.complex_of(own(case)["coefficients"])
    assert "complex64, expected complex128" in failure(case, a.astype("c8"))
    assert "float64, expected complex128" in failure(case, a.real)
    assert_conforms(case, a.astype("c8"), dtype=np.float32)
    pixels = one("healpix_nested_to_ring")
    assert "float64, expected whole numbers" in failure(pixels, own(pixels)["ring"] * 1.0)
    assert_conforms(pixels, own(pixels)["ring"].astype(np.int32))
    several = one("spin_analysis")
    assert "expected a dict with e, b" in failure(several, a)


def test_precision():
    """An error of 1e-5 passes as bf16 alone, and an unknown name is refused."""
    case = one("scalar_synthesis")
    field = own(case)["field"] * (1 + 1e-5)
    assert "tolerance" in failure(case, field)
    assert_conforms(case, field, precision="bf16")
    with pytest.raises(sphere.UsageError):
        assert_conforms(case, field, precision="half")


def test_faults_of_all_cases():
    text = failure(b_negated, "synthesis", spin=(1, 2, 3), lmax=range(13))
    assert re.search(r"(\d+) cases fail; \1 of them are right if the fault is 'b-sign': B", text)
    assert "worst at" in text and "more outputs fail" in text
    text = failure(conjugated, "analysis", lmax=range(1, 13), pattern="*gauss*")
    assert "right if the fault is 'not-conjugated'" in text
    assert "'nyquist-twice'" in failure(nyquist_twice, "synthesis", nyquist="once")


def test_exceptions_are_failures():
    def breaks(case):
        raise RuntimeError("no such\ngrid")

    text = failure(breaks, "scalar_modes")
    assert "scalar-modes" in text and "raised RuntimeError: no such grid" in text


def test_absent_cases_are_told():
    def partly(case):
        if case.grid.kind != "healpix":
            raise Absent("HEALPix only")
        if case.parameters["lmax"] > 10:
            pytest.skip("too many degrees")
        return own(case)

    with pytest.warns(AbsentWarning, match=r"31 of 35 .*: HEALPix only \(28\); too many"):
        outcome = assert_conforms(partly, "scalar_synthesis")
    assert set(outcome.absent.values()) == {"HEALPix only", "too many degrees"}
    assert len(outcome.passed) + len(outcome.absent) == 35

    def nothing(case):
        raise Absent("nothing is offered")

    assert "none of the 6 cases was judged: nothing is offered (6)" in failure(nothing, "legendre")
    assert issubclass(Absent, unittest.SkipTest)


def test_known_failures_are_strict():
    def wrong(case):
        return {"lambda": own(case)["lambda"] * (2 if case.id.endswith("lmax64") else 1)}

    outcome = assert_conforms(wrong, "legendre", known={"*-lmax64": "twice"})
    assert outcome.known == {"legendre-lmax64": "twice"} and len(outcome.passed) == 5
    text = failure(wrong, "legendre", known={"legendre-lmax*": "twice"})
    assert "legendre-lmax1: passes, but is known to fail (twice)" in text
    assert "legendre-lmax64 lambda" in failure(wrong, "legendre")


def test_ducc0_passes():
    ducc0 = pytest.importorskip("ducc0")

    def synthesis(case):
        grid, p = case.grid, case.parameters
        names = ("e", "b") if case.parameter("spin") else ("coefficients",)
        parts = np.stack([case.inputs[name] for name in names], axis=1)
        if p.get("nyquist") == "once":
            raise Absent("an order of half a ring counts twice")
        fields = [ducc0.sht.synthesis(
            alm=lane, theta=grid.rings.theta, phi0=grid.rings.phi0,
            nphi=grid.rings.nphi.astype(np.uint64), ringstart=grid.ringstart.astype(np.uint64),
            lmax=p["lmax"], mmax=p["mmax"], spin=case.parameter("spin")) for lane in parts]
        shape = len(parts), len(names), grid.npix
        return dict(zip(("q", "u") if len(names) > 1 else ("field",),
                        np.reshape(fields, shape).swapaxes(0, 1)))

    with pytest.warns(AbsentWarning, match="2 of"):
        outcome = assert_conforms(synthesis, "synthesis", grid=["healpix", "gauss_legendre",
                                                                "clenshaw_curtis"],
                                  pattern="*")
    assert len(outcome.passed) > 40


# --- One's own inputs ----------------------------------------------------------------------------


def test_reference_cases():
    grid = sphere.healpix(1).rings
    inputs = {"coefficients": np.array([[1, 2j, 0]]), "ring_theta": grid.theta,
              "ring_phi0": grid.phi0, "ring_count": grid.nphi, "ring_weight": grid.weight}
    case = reference_case("scalar_synthesis", {"lmax": 1, "mmax": 1}, inputs)
    assert_conforms(case, own(case))
    assert "2 times" in failure(case, 2 * own(case)["field"])
    assert "healpix" in repr(case) and "coefficients[0] l 1, m 0 = 0+2j" in repr(case)
    with pytest.raises(TypeError, match="ring_theta .* expected real numbers"):
        reference_case("scalar_synthesis", {"lmax": 1, "mmax": 1},
                       inputs | {"ring_theta": grid.theta + 0j})
    with pytest.raises(sphere.SphereError):
        reference_case("scalar_synthesis", {"lmax": 5, "mmax": 1}, inputs)


@given(strategies.transform_cases("synthesis", nyquist=["evaluated", "once"]))
@settings(max_examples=60, **RANDOM)
def test_random_synthesis_passes(case):
    assert_conforms(case, own(case))


@given(strategies.transform_cases("analysis"))
@settings(max_examples=40, **RANDOM)
def test_random_analysis_passes(case):
    assert_conforms(case, own(case))


@given(strategies.transform_cases("spin_analysis_gradient"))
@settings(max_examples=30, **RANDOM)
def test_random_gradients_pass(case):
    assert case.operation == "spin_analysis_gradient" and case.parameters["spin"] > 0
    assert_conforms(case, own(case))


def shrunk(port, operation, **options):
    """The smallest failing case, and the text of its failure."""
    smallest = []

    @given(strategies.transform_cases(operation, max_lmax=4, max_lanes=1,
                                      grids=strategies.grids(max_nside=2, max_rings=4, max_nphi=6),
                                      **options))
    @settings(max_examples=60, **RANDOM)
    def check(case):
        smallest[:] = [case]
        assert_conforms(case, port(case))

    with pytest.raises(AssertionError) as caught:
        check()
    return smallest[0], str(caught.value)


def test_wrong_sign_of_b_shrinks_to_one_mode():
    case, text = shrunk(b_negated, "spin_synthesis")
    assert not np.any(case.inputs["e"]) and np.argwhere(case.inputs["b"]).shape == (1, 2)
    l, m = case.lm
    place = np.argwhere(case.inputs["b"])[0, 1]
    assert (l[place], m[place], case.inputs["b"][0, place]) == (1, 0, 1)
    assert (case.parameters, case.grid.npix) == ({"lmax": 1, "mmax": 1, "spin": 1}, 1)
    assert re.search(r"cases that failed so far, .* would be right if the fault is 'b-sign'", text)
    assert "eb-sign" not in text


def test_conjugated_gradient_shrinks_to_one_mode():
    case, text = shrunk(conjugates_first, "scalar_analysis_gradient")
    a = case.inputs["coefficients_gradient"]
    place = np.flatnonzero(a[0])
    assert len(place) == 1 and a[0, place[0]] in (1, 1j)
    assert case.lm[0][place[0]] == case.lm[1][place[0]] == 1
    assert "the fault is 'complex-gradient'" in text


def test_conjugated_analysis_shrinks_to_one_point():
    case, text = shrunk(conjugated, "scalar_analysis")
    assert np.count_nonzero(case.inputs["field"]) == 1 and case.inputs["field"].max() == 1
    assert case.parameters["lmax"] == 1
    assert "the fault is 'not-conjugated'" in text


def test_nyquist_twice_shrinks_to_one_mode():
    case, text = shrunk(nyquist_twice, "scalar_synthesis", nyquist=["once"])
    place = np.flatnonzero(case.inputs["coefficients"][0])
    assert len(place) == 1 and case.lm[1][place[0]] == 1
    assert case.grid.rings.nphi.tolist() == [2] and case.parameters["lmax"] == 1
    assert "the fault is 'nyquist-twice'" in text


# --- The plugin ----------------------------------------------------------------------------------


MODULE = """
import numpy as np, pytest, spectralsphere as sphere
from spectralsphere.testing import Absent, assert_conforms, each_case

@each_case("spin_synthesis", spin=2, lmax=range(9), known={"*-no-lanes": "nothing comes back"})
def test_synthesis(case):
    if case.grid.kind == "fejer1":
        raise Absent("no such rings")
    if case.grid.kind == "fejer2":
        raise RuntimeError("stopped")
    if not case.inputs["e"].size:
        assert_conforms(case, {})
    tensors = case.tensors
    tensors["b"] = SIGN * tensors["b"]
    assert_conforms(case, sphere.run(case.operation, case.parameters, tensors))
"""


def test_plugin_names_the_fault_of_all_cases(pytester):
    pytester.makepyfile(MODULE.replace("SIGN", "-1"))
    result = pytester.runpytest_inprocess("-p", "spectralsphere_pytest", "-q")
    result.stdout.fnmatch_lines([
        "*conformance (spectralsphere)*",
        "test_plugin_*.py: *[0-9] fail, 1 fail as is known, 1 not offered",
        "  not offered: no such rings (1)",
        "  * cases fail; * of them are right if the fault is 'b-sign': B has the other sign"])
    assert result.parseoutcomes()["skipped"] == result.parseoutcomes()["xfailed"] == 1


def test_plugin_counts_what_passes(pytester):
    pytester.makepyfile(MODULE.replace("SIGN", "1"))
    result = pytester.runpytest_inprocess("-p", "spectralsphere_pytest", "-q")
    result.stdout.fnmatch_lines(["*.py: * pass, 1 fail, 1 fail as is known, 1 not offered"])
    result.stdout.no_fnmatch_line("*the fault is*")


def test_plugin_takes_kit_and_precision(pytester, tmp_path):
    sphere.conformance.export(tmp_path / "kit", seed=5, cases=["scalar-synthesis-odd"])
    pytester.makepyfile("""
import spectralsphere as sphere
from spectralsphere.testing import assert_conforms, cases
def test_one():
    case, = cases()
    assert_conforms(case, 1.00001 * sphere.run(case.operation, case.parameters,
                                               case.tensors)["field"])
""")
    options = ["-p", "spectralsphere_pytest", "--spectralsphere-kit", str(tmp_path / "kit")]
    pytester.runpytest_inprocess(*options).assert_outcomes(failed=1)
    pytester.runpytest_inprocess(*options, "--spectralsphere-precision=bf16").assert_outcomes(
        passed=1)


def test_plugin_is_silent_elsewhere(pytester):
    pytester.makepyfile("def test_nothing():\n    assert True")
    result = pytester.runpytest_inprocess("-p", "spectralsphere_pytest")
    result.stdout.no_fnmatch_line("*spectralsphere)*")
    result.assert_outcomes(passed=1)


def test_package_does_not_need_pytest(pytester):
    result = pytester.run(sys.executable, "-c", "import sys, spectralsphere; print(sorted({'pytest', "
                          "'hypothesis', 'safetensors', 'spectralsphere.testing'} & "
                          "set(sys.modules)))")
    result.stdout.fnmatch_lines(["[[]]"])


def test_exported_names():
    assert set(testing.__all__) <= set(dir(testing))
