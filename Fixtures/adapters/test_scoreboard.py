"""Docs/Scoreboard.md and the results that it is made from, against the shipped kit.

    python -m unittest test_scoreboard [in this folder]
"""

import json
import re
import unittest

import scoreboard

ROOT = scoreboard.ROOT
MANIFEST = json.loads((ROOT / "Fixtures/conformance/manifest.json").read_text())
RESULTS = [json.loads(path.read_text()) for path in sorted(
    (ROOT / "Docs/data/scoreboard").glob("*.json"))]


def record(**values):
    return {"case": "one", "operation": "legendre", "state": "failed as expected",
            "fault": "out of tolerance", "dtype": "F64"} | values


class Scoreboard(unittest.TestCase):
    def test_every_adapter_has_a_result(self):
        adapters = {path.parent.name for path in scoreboard.HERE.glob("*/adapter.py")}
        self.assertEqual(adapters, {result["library"] for result in RESULTS})

    def test_results_are_of_this_kit(self):
        operations = {case["id"]: case["operation"] for case in MANIFEST["cases"]}
        for result in RESULTS:
            with self.subTest(result["library"]):
                kit = result["kit"]
                self.assertEqual((kit["version"], kit["seed"], kit["set"]), tuple(
                    MANIFEST[name] for name in ("version", "seed", "set")))
                for one in result["cases"]:
                    self.assertEqual(operations.get(one["case"]), one["operation"], one["case"])
                absent = sum(map(scoreboard.total, result["absent"].values()))
                self.assertEqual(len(result["cases"]) + absent, kit["cases"])

    def test_failures_are_expected_and_have_reasons(self):
        for result in RESULTS:
            for one in result["cases"]:
                with self.subTest(library=result["library"], case=one["case"]):
                    self.assertNotIn("unexpectedly", one["state"])
                    self.assertTrue(not scoreboard.failed(one) or one["reason"])

    def test_reasons_are_those_of_the_adapters(self):
        for result in RESULTS:
            path = scoreboard.HERE / result["library"] / "expected-failures.json"
            reasons = {entry["reason"] for entry in json.loads(path.read_text())}
            found = {one["reason"] for one in result["cases"] if "reason" in one}
            self.assertLessEqual(found, reasons, result["library"])

    def test_the_page_is_made_from_the_results(self):
        faults = json.loads((scoreboard.HERE / "faults/faults.json").read_text())
        digest = scoreboard.runner.digest(ROOT / "Fixtures/conformance")
        page = scoreboard.page(RESULTS, faults, MANIFEST, digest)
        self.assertEqual((ROOT / "Docs/Scoreboard.md").read_text(), page)
        for line in page.split("\n"):
            self.assertLessEqual(0 if line.startswith("|") else len(line), 100, line)
            self.assertIsNone(re.search(r"/(root|tmp|home|usr|Users)/", line), line)

    def test_numbers(self):
        texts = {0: "0", 0.0869: "0.087", 1.36: "1.4", 99.6: "100", 363.2: "363", 999.7: "1e3",
                 4e14: "4e14", 2e-8: "2e-8", 1e-10: "1e-10", 0.00123: "0.0012"}
        self.assertEqual({value: scoreboard.short(value) for value in texts}, texts)

    def test_kinds_of_failures(self):
        for values, kind, words in [
                ({"fault": "raised"}, "refused", "raised"),
                ({"fault": "hang"}, "no numbers", "hang"),
                ({"fault": "not finite"}, "no numbers", "not finite"),
                ({"dtype": "I64", "error": 8.0}, "other pixels", "8 numbers differ"),
                ({"share": 1.4, "error": 9e-15}, "below 10", "1.4 tolerances: 9e-15"),
                ({"share": 11, "error": 1e-13}, "below 1e6", "11 tolerances: 1e-13"),
                ({"share": 4e14, "error": 1.0}, "more", "4e14 tolerances: 1"),
                ({"error": 1e300}, "more", "off by 1e300"),
                ({}, "more", "beyond all numbers")]:
            with self.subTest(values):
                self.assertEqual(scoreboard.kind_of(record(**values)), kind)
                self.assertEqual(scoreboard.deviation([record(**values)]), words)

    def test_every_operation_has_a_group(self):
        groups = {scoreboard.group_of(case["operation"]) for case in MANIFEST["cases"]}
        self.assertEqual(groups, {name for name, _ in scoreboard.GROUPS})


if __name__ == "__main__":
    unittest.main()
