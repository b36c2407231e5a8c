"""Every fault of faults.json is caught by the case that it names.

    python -m unittest test_faults    [KIT: the kit, default Fixtures/conformance]

A restated fault runs here, once right and once wrong. A fault of a library is looked up in the
results of the scoreboard, where the library itself failed the case.
"""

import json
import os
import pathlib
import sys
import unittest

import numpy as np
from safetensors.numpy import load_file

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
sys.path.insert(0, str(HERE))
import restated  # noqa: E402
from measures import error, share  # noqa: E402

KIT = pathlib.Path(os.environ.get("KIT", ROOT / "Fixtures" / "conformance"))
FAULTS = json.loads((HERE / "faults.json").read_text())


def worst(case, tensors, operation):
    """The largest share of a tolerance among the outputs; infinite for numbers that are not."""
    inputs = {item["name"]: tensors["input." + item["name"]] for item in case["inputs"]}
    with np.errstate(all="ignore"):
        results = operation(case["parameters"], inputs)
    shares = []
    for output in case["outputs"]:
        value = np.asarray(results[output["name"]])
        value = restated.pairs(value) if np.iscomplexobj(value) else value
        shares.append(share(output, error(output, value, tensors)))
    return max(shares)


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        manifest = json.loads((KIT / "manifest.json").read_text())
        cls.cases = {case["id"]: case for case in manifest["cases"]}

    def test_number(self):
        self.assertGreaterEqual(len(FAULTS), 20)
        names = [fault["name"] for fault in FAULTS]
        self.assertEqual(len(set(names)), len(names))
        restatements = {fault["name"] for fault in FAULTS if fault["kind"] == "restated"}
        self.assertEqual(restatements, set(restated.RESTATED))

    def test_flags(self):
        flagged = [fault for fault in FAULTS if fault["flag"]]
        self.assertGreaterEqual(len(flagged), 20)
        for fault in flagged:
            with self.subTest(fault["name"]):
                self.assertIn(fault["flag"], self.cases[fault["case"]]["faults"])

    def test_restatements(self):
        for fault in FAULTS:
            if fault["kind"] != "restated":
                continue
            with self.subTest(fault["name"]):
                case = self.cases[fault["case"]]
                operation, right, wrong = restated.RESTATED[fault["name"]]
                self.assertEqual(case["operation"].replace("spin2_", "spin_"), operation)
                tensors = load_file(KIT / case["file"])
                self.assertLessEqual(worst(case, tensors, right), 1)
                self.assertGreater(worst(case, tensors, wrong), 1)

    def test_libraries(self):
        for fault in FAULTS:
            if fault["kind"] != "library":
                continue
            with self.subTest(fault["name"]):
                path = ROOT / "Docs" / "data" / "scoreboard" / f"{fault['run']}.json"
                result = json.loads(path.read_text())
                records = {one["case"]: one for one in result["cases"]}
                self.assertEqual(records[fault["case"]]["state"], "failed as expected")
                if fault["report"]:
                    self.assertEqual(records[fault["case"]]["report"], fault["report"])


if __name__ == "__main__":
    unittest.main()
