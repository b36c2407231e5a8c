"""What `run` says of adapters that do something wrong: each has a name, none is a skip.

    python -m unittest test_run [in this folder; SPHERE: the program, default .build/release/sphere]

Toy adapters write the answers of the program itself and spoil some of them.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

import runner

SPHERE = os.environ.get("SPHERE", str(runner.ROOT / ".build" / "release" / "sphere"))
CASES = ["gauss-legendre-n1", "gauss-legendre-n32", "gauss-legendre-n33",
         "healpix-centres-nside4", "healpix-pixels-nside4"]

TOY = """
import json, os, pathlib, shutil, signal, struct, sys, time
kit, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[3])
right = pathlib.Path({right!r})
ids = sys.argv[5:]

def tensors(path):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + size]), data[8 + size:]

def write(path, header, data):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)

def note(name, value):
    (output / (name + ".json")).write_text(json.dumps(value))

for one in ids:
    print(one, flush=True)
    target = output / (one + ".safetensors")
    shutil.copy(right / target.name, target)
    if one == {spoilt!r}:
{deed}
"""


class Adapters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.kit = pathlib.Path(cls.folder.name) / "kit"
        cls.right = pathlib.Path(cls.folder.name) / "right"
        for arguments in (["export", "--output", cls.kit, "--cases", *CASES],
                          ["run", cls.kit, "--output", cls.right]):
            subprocess.run(
                [SPHERE, "conformance", *arguments], check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def result(self, deed, expected=(), spoilt="gauss-legendre-n32", **limits):
        """The records by case, the surprises and the unused entries of a toy adapter."""
        path = pathlib.Path(self.folder.name) / "toy.py"
        path.write_text(TOY.format(
            right=str(self.right), spoilt=spoilt, deed=textwrap.indent(deed, " " * 8)))
        result, surprises, unused = runner.run(
            "toy", [sys.executable, str(path)], self.kit, SPHERE, list(expected), **limits)
        json.loads(runner.written(result))
        return {one["case"]: one for one in result["cases"]}, surprises, unused

    def assert_fault(self, name, deed, spoilt="gauss-legendre-n32", text="", others="passed",
                     **limits):
        records, surprises, _ = self.result(deed, spoilt=spoilt, **limits)
        record = records[spoilt]
        self.assertEqual(record["state"], "failed unexpectedly")
        self.assertEqual(record["fault"], name)
        self.assertIn(text, record["text"])
        self.assertIn(record, surprises)
        for case in set(records) - {spoilt}:
            self.assertEqual(records[case]["state"], others)

    def test_right(self):
        records, surprises, _ = self.result("pass")
        self.assertEqual([one["state"] for one in records.values()], ["passed"] * len(CASES))
        self.assertEqual(surprises, [])

    def test_hang(self):
        self.assert_fault("hang", "time.sleep(600)", case_limit=1, text="no answer in 1 s")

    def test_hang_that_talks(self):
        deed = "while True: time.sleep(0.1); print('still here', flush=True)"
        self.assert_fault("hang", deed, case_limit=1)

    def test_the_whole_takes_too_long(self):
        records, surprises, _ = self.result("time.sleep(600)", limit=1)
        self.assertEqual(records["gauss-legendre-n32"]["fault"], "hang")
        self.assertEqual(records["healpix-centres-nside4"]["text"], "not reached in time")
        self.assertEqual(len(surprises), len(CASES) - 1)

    def test_crash(self):
        self.assert_fault("crash", "os.kill(os.getpid(), signal.SIGSEGV)", text="SIGSEGV")

    def test_exception(self):
        self.assert_fault("crash", "raise ValueError('no such grid')", text="no such grid")

    def test_raised_by_the_library(self):
        deed = "target.unlink(); note('raised', {one: 'ValueError: no such grid'})"
        self.assert_fault("raised", deed, text="no such grid")

    def test_does_not_start(self):
        _, surprises, _ = runner.run(
            "toy", [sys.executable, "-c", "import no_such_library"], self.kit, SPHERE, [])
        self.assertEqual({one["fault"] for one in surprises}, {"did not start"})
        self.assertEqual(len(surprises), len(CASES))
        self.assertIn("no_such_library", surprises[0]["text"])

    def test_nothing_is_written(self):
        _, surprises, _ = runner.run(
            "toy", [sys.executable, "-c", "pass"], self.kit, SPHERE, [])
        self.assertEqual([one["fault"] for one in surprises], ["missing file"] * len(CASES))

    def test_missing_file(self):
        self.assert_fault("missing file", "target.unlink()")

    def test_unreadable_file(self):
        self.assert_fault("unreadable file", "target.write_text('no tensors')")

    def test_cut_file(self):
        self.assert_fault("unreadable file", "target.write_bytes(target.read_bytes()[:-8])")

    def test_empty_file(self):
        self.assert_fault("unreadable file", "target.write_bytes(b'')")

    def test_folder_in_place_of_a_file(self):
        self.assert_fault("unreadable file", "target.unlink(); target.mkdir()")
        self.assert_fault("crash", "target.unlink(); target.mkdir(); sys.exit(3)")

    def test_messages_have_no_paths(self):
        self.assert_fault("unreadable file", "target.write_text('no tensors')",
                          text="read: gauss-legendre-n32.safetensors")

    def test_too_few_files(self):
        _, surprises, _ = self.result("sys.exit(0)")
        self.assertEqual(
            [(one["case"], one["fault"]) for one in surprises],
            [(case, "missing file") for case in CASES[2:]])

    def test_missing_tensor(self):
        deed = ("h, d = tensors(target)\n"
                "last = max(h, key=lambda name: h[name]['data_offsets'][0])\n"
                "write(target, h, d[:h.pop(last)['data_offsets'][0]])")
        self.assert_fault("missing tensor", deed)

    def test_unlisted_tensor(self):
        deed = ("h, d = tensors(target)\n"
                "h['more'] = {'dtype': 'F64', 'shape': [1], 'data_offsets': [len(d), len(d) + 8]}\n"
                "write(target, h, d + bytes(8))")
        self.assert_fault("unlisted tensor", deed)

    def test_wrong_type(self):
        deed = "h, d = tensors(target); h['theta']['dtype'] = 'I64'; write(target, h, d)"
        self.assert_fault("wrong type", deed)

    def test_type_that_no_output_has(self):
        deed = ("h, d = tensors(target); h['theta'] |= {'dtype': 'F16', 'shape': [128]}\n"
                "write(target, h, d)")
        self.assert_fault("wrong type", deed)

    def test_floats_in_place_of_integers(self):
        deed = "h, d = tensors(target); h['pixel']['dtype'] = 'F64'; write(target, h, d)"
        self.assert_fault("wrong type", deed, spoilt="healpix-pixels-nside4")

    def test_wrong_shape(self):
        deed = "h, d = tensors(target); h['theta']['shape'] = [2, 16]; write(target, h, d)"
        self.assert_fault("wrong shape", deed)

    def test_not_finite(self):
        deed = "h, d = tensors(target); write(target, h, struct.pack('<d', float('nan')) + d[8:])"
        self.assert_fault("not finite", deed, text="nan")

    def test_infinite(self):
        deed = "h, d = tensors(target); write(target, h, struct.pack('<d', -float('inf')) + d[8:])"
        self.assert_fault("not finite", deed, text="inf")

    def test_not_finite_in_float32(self):
        deed = ("h, d = tensors(target)\n"
                "at = h['theta']['data_offsets'][0]\n"
                "values = [float('nan'), *struct.unpack('<32d', d[at:at + 256])[1:]]\n"
                "h = {name: {'dtype': 'F32', 'shape': [32],"
                " 'data_offsets': [128 * k, 128 * k + 128]}\n"
                "     for k, name in enumerate(sorted(h))}\n"
                "write(target, h, struct.pack('<32f', *values) * len(h))")
        self.assert_fault("not finite", deed, text="nan")

    def test_out_of_tolerance(self):
        deed = "h, d = tensors(target); write(target, h, struct.pack('<d', 0.5) + d[8:])"
        self.assert_fault("out of tolerance", deed)

    def test_too_many_files(self):
        records, surprises, _ = self.result("shutil.copy(target, output / 'more.safetensors')")
        self.assertEqual([one["fault"] for one in surprises], ["unknown file"])
        self.assertEqual(surprises[0]["case"], "more.safetensors")

    def test_talk_that_is_no_text(self):
        deed = "sys.stdout.buffer.write(bytes([255, 10])); sys.stdout.flush()"
        self.assert_fault("crash", deed + "; sys.stderr.buffer.write(bytes([255])); os._exit(3)")
        self.assertEqual(self.result(deed)[1], [])

    def test_absent_is_said_by_the_adapter(self):
        records, surprises, _ = self.result("target.unlink(); note('absent', {one: 'no weights'})")
        self.assertEqual(records["gauss-legendre-n32"]["state"], "absent")
        self.assertEqual(surprises, [])

    def test_absent_but_written(self):
        self.assert_fault("absent, but written", "note('absent', {one: 'no weights'})")

    def test_absent_case_that_the_kit_does_not_have(self):
        records, surprises, _ = self.result("note('absent', {'more': 'why not'})")
        self.assertEqual([one["fault"] for one in surprises], ["unknown file"])

    def test_notes_that_are_no_json(self):
        records, surprises, _ = self.result("(output / 'absent.json').write_text('{')")
        self.assertEqual(surprises, [])

    def test_notes_of_another_kind(self):
        names = "('absent', 'raised', 'seconds', 'versions')"
        for deed in (f"[note(name, [1]) for name in {names}]",
                     "note('absent', {one: 3}), note('seconds', {one: 'long'})"):
            self.assertEqual(self.result(deed)[1], [])

    def test_absent_without_a_reason(self):
        self.assert_fault("missing file", "target.unlink(); note('absent', {one: ''})")

    def test_raised_in_no_words(self):
        self.assert_fault("raised", "target.unlink(); note('raised', {one: [3]})", text="[3]")

    def test_expected_failure(self):
        entry = {"cases": "gauss-*-n32", "reason": "known", "report": "https://example.org/1"}
        records, surprises, unused = self.result("target.unlink()", [entry])
        self.assertEqual(records["gauss-legendre-n32"]["state"], "failed as expected")
        self.assertEqual(records["gauss-legendre-n32"]["report"], "https://example.org/1")
        self.assertEqual((surprises, unused), ([], []))

    def test_passes_though_expected_to_fail(self):
        entry = {"cases": "gauss-legendre-*", "reason": "known"}
        records, surprises, _ = self.result("target.unlink()", [entry])
        self.assertEqual(
            [one["state"] for one in surprises], ["passed unexpectedly"] * 2)

    def test_marginal_failures_may_pass(self):
        entry = {"cases": "gauss-legendre-n3?", "reason": "near it", "marginal": True}
        records, surprises, unused = self.result("target.unlink()", [entry])
        self.assertEqual(records["gauss-legendre-n32"]["state"], "failed as expected")
        self.assertEqual(records["gauss-legendre-n33"]["state"], "passed")
        self.assertEqual((surprises, unused), ([], []))

    def test_fails_in_another_output_than_expected(self):
        deed = "h, d = tensors(target); h['theta']['dtype'] = 'I64'; write(target, h, d)"
        entry = {"cases": "gauss-legendre-n32", "output": "weights", "reason": "known"}
        records, surprises, unused = self.result(deed, [entry])
        self.assertEqual([one["state"] for one in surprises], ["failed unexpectedly"])
        self.assertEqual(unused, ["gauss-legendre-n32"])

    def test_an_entry_that_fits_no_case(self):
        _, surprises, unused = self.result("pass", [{"cases": "fejer*", "reason": "known"}])
        self.assertEqual((surprises, unused), ([], ["fejer*"]))


if __name__ == "__main__":
    unittest.main()
