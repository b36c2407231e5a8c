"""Models, maps, expected errors and kits from files of the package's source tree.

SPECTRALSPHERE_TREE names that tree if the tests lie elsewhere; SPHERE the program whose words are
compared.
"""

import json
import os
import pathlib
import subprocess

import numpy as np
import pytest

import spectralsphere as sphere

TREE = os.environ.get("SPECTRALSPHERE_TREE")
FIXTURES = (pathlib.Path(TREE) if TREE else pathlib.Path(__file__).resolve().parents[3]) / "Fixtures"
SPHERE = os.environ.get("SPHERE")
MODEL = FIXTURES / "models/t1-physical-isotropic-noise0.safetensors"
MAPS = [FIXTURES / f"maps/t1/map{k}.fits" for k in range(2)]
program = pytest.mark.skipif(SPHERE is None, reason="SPHERE does not name the program")


@pytest.fixture(scope="module")
def model():
    return sphere.Model(MODEL)


def test_model(model):
    assert (model.nside, model.fields, model.parameters) == (16, ["T"], ["ell_peak"])
    assert model.prior == [5, 20] and model.noise == 0 and model.observed is None


def test_predictions(model):
    """Files and arrays, one map and several, in both types, give the same numbers."""
    files = model.predict_files(MAPS)
    assert files.value.shape == (2, 1) and (files.error > 0).all() and (files.error < 1).all()
    assert files.reason == [None, None] and files.warnings == [[], []]
    maps = np.stack([sphere.read_map(path).t for path in MAPS])
    for values in (maps, maps.astype(np.float32), np.asfortranarray(maps)):
        assert (model.predict(values, nthreads=2).value == files.value).all()
    assert (model.predict(maps[0]).value == files.value[:1]).all()
    assert (model.predict(1.01 * maps).value != files.value).all()
    assert model.predict(maps[:0]).value.shape == (0, 1)


def test_no_estimate(model):
    wild = 1e4 * np.resize(np.arange(7.0), 3072)
    refused = model.predict(wild)
    assert np.isnan(refused.value).all() and np.isnan(refused.error).all()
    assert "unlike the maps of the training" in refused.reason[0]
    forced = model.predict(wild, force=True)
    assert np.isfinite(forced.value).all() and forced.reason == refused.reason


def test_map():
    found = sphere.read_map(MAPS[0])
    assert found.nside == 16 and found.unit == "uK" and found.warnings == []
    assert found.t.shape == (3072,) and found.q is None and found.u is None
    healpy = pytest.importorskip("healpy")
    assert (found.t == healpy.read_map(MAPS[0], dtype=np.float64)).all()


def test_written_by_healpy(tmp_path):
    """Units, order and unobserved pixels of a file that healpy writes."""
    healpy = pytest.importorskip("healpy")
    values = np.random.default_rng(1).standard_normal((3, 48))
    values[:, 5] = healpy.UNSEEN
    healpy.write_map(tmp_path / "map.fits", np.where(values == healpy.UNSEEN, values, values * 1e-3), column_units="mK", nest=True,
                     dtype=np.float64)
    found = sphere.read_map(tmp_path / "map.fits")
    expected = healpy.reorder(np.where(values == healpy.UNSEEN, np.nan, values), n2r=True)
    for a, b in zip((found.t, found.q, found.u), expected):
        assert np.allclose(a, b, rtol=1e-15, atol=0, equal_nan=True)
    only = sphere.read_map(tmp_path / "map.fits", columns=[2, 3])
    assert only.t is None and (only.q == found.q)[~np.isnan(only.q)].all()


def refusals(model):
    maps = np.zeros(3072)
    holes, infinite = maps.copy(), maps.copy()
    holes[3], infinite[3] = np.nan, np.inf
    return [
        (lambda: sphere.Model(FIXTURES / "none.safetensors"), sphere.MissingInputError,
         "there is no such file"),
        (lambda: sphere.Model(MAPS[0]), sphere.BadInputError, "map0.fits"),
        (lambda: sphere.read_map(MODEL), sphere.BadInputError, "safetensors"),
        (lambda: sphere.read_map(FIXTURES), sphere.BadInputError, "regular file"),
        (lambda: sphere.read_map(MAPS[0], hdu=7), sphere.BadInputError, "7"),
        (lambda: model.predict_files([FIXTURES / "formats/tools_map_1.fits"]),
         sphere.BadInputError, "16"),
        (lambda: model.predict(holes), sphere.BadInputError, "1 of the 3072"),
        (lambda: model.predict(infinite), sphere.BadInputError, "infinite"),
        (lambda: model.predict(maps, nthreads=0), sphere.UsageError, "threads is 0"),
        (lambda: model.predict(maps, mask="none.fits"), sphere.MissingInputError, "none.fits"),
        (lambda: model.predict(np.zeros(12)), ValueError, "3072"),
        (lambda: model.predict(np.zeros(3072, int)), TypeError, "float64 or float32"),
        (lambda: model.predict_files(MAPS[0]), TypeError, "a list"),
        (lambda: sphere.expect_analysis(8, 10), sphere.UsageError, "16...512"),
        (lambda: sphere.conformance.check(FIXTURES / "none", "x"), sphere.MissingInputError,
         "manifest.json"),
    ]


@pytest.mark.parametrize("index", range(15))
def test_refusals(model, index):
    call, kind, words = refusals(model)[index]
    with pytest.raises(kind, match=words):
        call()


@program
def test_words_of_the_program(model, tmp_path):
    """An unusable model or map raises what the program prints."""
    damaged = tmp_path / "damaged.safetensors"
    content = bytearray(MODEL.read_bytes())
    content[-9] ^= 1
    damaged.write_bytes(content)
    short = tmp_path / "short.fits"
    short.write_bytes(MAPS[0].read_bytes()[:4000])
    cases = [(damaged, MAPS[0]), (tmp_path / "no.pt", MAPS[0]), (MODEL, short), (MODEL, MODEL),
             (MODEL, tmp_path / "no.fits")]
    for weights, path in cases:
        printed = subprocess.run([SPHERE, "predict", "--model", weights, path],
                                 capture_output=True, text=True)
        with pytest.raises(sphere.SphereError) as raised:
            sphere.Model(weights).predict_files([path])
        assert printed.returncode == raised.value.status
        assert printed.stderr.strip().endswith(str(raised.value)), printed.stderr


@program
def test_answers_of_the_program(model):
    printed = subprocess.run([SPHERE, "predict", "--model", MODEL, "--format", "json", *MAPS],
                             capture_output=True, text=True, check=True).stdout
    answers = [json.loads(line) for line in printed.splitlines()]
    found = model.predict_files(MAPS)
    assert np.allclose(found.value[:, 0], [a["ell_peak"] for a in answers], rtol=1e-7)
    assert np.allclose(found.error[:, 0], [a["ell_peak_error"] for a in answers], rtol=1e-7)


def test_expected_error():
    answer = sphere.expect_analysis(512, 1000, "iter3", spin=2, precision="f32")
    assert 1e-8 < answer["error"] < 1e-5 and answer["origin"] == "interpolated"
    assert sphere.expect_analysis(64, 64)["error"] > sphere.expect_analysis(
        64, 64, "least-squares")["error"]


def test_kit(tmp_path):
    """This library's own outputs pass its kit; wrong ones fail with the fault's name."""
    safetensors = pytest.importorskip("safetensors.numpy")
    kit, outputs = tmp_path / "kit", tmp_path / "outputs"
    sphere.conformance.export(kit, cases=["legendre-*"])
    outputs.mkdir()
    manifest = json.loads((kit / "manifest.json").read_text())
    for sign, passes in ((1, True), (-1, False)):
        for case in manifest["cases"]:
            tensors = safetensors.load_file(kit / case["file"])
            inputs = {name[6:]: value for name, value in tensors.items()
                      if name.startswith("input.")}
            found = sphere.run(case["operation"], case["parameters"], inputs)
            safetensors.save_file({name: sign * value for name, value in found.items()},
                                  outputs / f"{case['id']}.safetensors")
        report = sphere.conformance.check(kit, outputs)
        assert report.passed == passes and len(report.rows) >= len(manifest["cases"])
    assert report.summary["failed_rows"] > len(manifest["cases"]) / 2
    assert report.summary["diagnosis"][0]["text"]
    with pytest.raises(sphere.CannotWriteError, match="nothing is overwritten"):
        sphere.conformance.export(kit)
    one = tmp_path / "one"
    sphere.conformance.write_case(one, "legendre", {"lmax": 3, "orders": [0]}, {"theta": [0.4]})
    assert [case["id"] for case in json.loads((one / "manifest.json").read_text())["cases"]] == [
        "case"]
    assert sphere.conformance.check(one, outputs).summary["failed_rows"] > 0
