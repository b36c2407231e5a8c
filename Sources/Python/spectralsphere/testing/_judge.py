"""The verdict on outputs: by the library's own check of a kit."""

from __future__ import annotations

import collections
import hashlib
import json
import os
import pathlib
import tempfile
import unittest
import warnings
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from safetensors.numpy import load_file, save

from .. import conformance
from ..conformance import CheckReport
from ._cases import FORMAT, Case, cases, is_complex, kit_cases, reasons

PRECISION_VARIABLE = "SPECTRALSPHERE_PRECISION"
# The folder in which the plugin for pytest collects what was judged.
RECORDS_VARIABLE = "SPECTRALSPHERE_RECORDS"
MOST_ROWS = 20
MOST_FAULTS = 5


class Absent(unittest.SkipTest):
    """The library does not offer a case: raised with the reason. Test runners skip the test."""


class AbsentWarning(UserWarning):
    """Cases that `assert_conforms` did not judge, since the library does not offer them."""


class Outcome(NamedTuple):
    """What `assert_conforms` found of all cases of an operation."""

    passed: list[str]
    """Ids of the cases that pass."""
    known: dict[str, str]
    """Reasons by the ids of those that fail and are known to."""
    absent: dict[str, str]
    """Reasons by the ids of those that the library does not offer."""


class Answers(NamedTuple):
    """Outputs of a case as a file of the kit has them."""

    tensors: dict[str, np.ndarray]
    faults: dict[str, str]
    """Why an output is not among the tensors; under "" why none is."""


# --- Outputs -------------------------------------------------------------------------------------


def answers_of(case: Case, outputs, dtype=np.float64) -> Answers:
    """The outputs of a function as tensors: an array if the case has one output, else a dict."""
    listed = {item["name"]: item for item in case.entry["outputs"]}
    if not isinstance(outputs, Mapping):
        if outputs is None or len(listed) > 1:
            return Answers({}, {"": f"the outputs are {_kind(outputs)}, expected a dict with "
                                    f"{', '.join(listed)}"})
        outputs = {name: outputs for name in listed}
    tensors, faults = {}, {}
    for name, values in outputs.items():
        try:
            tensors[str(name)] = _tensor(case, listed.get(name), name, values, np.dtype(dtype))
        except ValueError as error:
            faults[str(name)] = str(error)
    return Answers(tensors, faults)


def _kind(value):
    return "None" if value is None else f"a {type(value).__name__}"


def _tensor(case, item, name, values, dtype):
    """An output as its tensor. Raises ValueError, which says why it is none."""
    if isinstance(values, np.ma.MaskedArray):
        raise ValueError("the output is a masked array, expected an array without a mask")
    try:
        array = np.asarray(values)
    except Exception as error:  # of another library's array, with its own words
        raise ValueError(f"the output is {_kind(values)}, which NumPy does not read: "
                         f"{_text(error)}") from error
    found = array.dtype.newbyteorder("=")
    if item is None:
        if found.kind not in "fiuc":
            raise ValueError("the case has no such output; leave it out")
        return np.ascontiguousarray(array.real, np.float64)
    if item["dtype"] == "I64":
        if found.kind not in "iu":
            raise ValueError(f"the type is {found}, expected whole numbers")
        return np.ascontiguousarray(array, np.int64)
    pairs = is_complex(case.operation, name)
    # Pairs [re, im], as the files of a kit have them, are taken as well.
    wanted = dtype
    if pairs and not array.shape == tuple(item["shape"]):
        wanted = np.result_type(dtype, np.complex64)
    if found != wanted:
        raise ValueError(f"the type is {found}, expected {wanted}")
    if found.kind == "c":
        array = np.stack([array.real, array.imag], axis=-1)
    return np.ascontiguousarray(array, dtype)


def _text(error):
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]


# --- The check -----------------------------------------------------------------------------------


def checked(judged: list[tuple[Case, Answers]], precision: str | None = None) -> CheckReport:
    """What the library says of the outputs of some cases, with different ids."""
    precision = precision or os.environ.get(PRECISION_VARIABLE) or "files"
    faults = {name: fault for case, _ in judged for name, fault in case.known_faults.items()}
    manifest = {"format": FORMAT, "version": 2, "set": "core", "seed": 0, "conventions": [],
                "faults": list(faults.values()), "cases": [case.entry for case, _ in judged]}
    with tempfile.TemporaryDirectory() as name:
        kit, folder = pathlib.Path(name, "kit"), pathlib.Path(name, "outputs")
        kit.mkdir()
        folder.mkdir()
        (kit / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        for case, answers in judged:
            file = case.source
            (kit / case.entry["file"]).write_bytes(
                file if isinstance(file, bytes) else file.read_bytes())
            if "" not in answers.faults:
                (folder / f"{case.id}.safetensors").write_bytes(save(answers.tensors))
        report = conformance.check(kit, folder, precision=precision)
    own = {(case.id, name): text for case, answers in judged
           for name, text in answers.faults.items()}
    for row in report.rows:
        text = own.pop((row["case"], row["output"]), None)
        row["fault"] = text or row["fault"]
    rows = report.rows + [
        {"case": case, "output": name, "error": None, "tolerance": None, "dtype": None,
         "fault": text, "passed": False} for (case, name), text in own.items()]
    return CheckReport(rows, report.summary | {"passed": report.passed and not own})


def failing_lines(rows: list[dict]) -> list[str]:
    """A line for each row that fails, the first `MOST_ROWS` of them."""
    wrong = [row for row in rows if not row["passed"]]
    lines = []
    for row in wrong[:MOST_ROWS]:
        text = row["fault"]
        if text is None:
            error = "not finite" if row["error"] is None else f"{row['error']:.2e}"
            text = f"error {error}, tolerance {row['tolerance']:.2e} ({row['dtype']})"
            if "worst" in row:
                found, expected = (_numbers(row[key]) for key in ("worst_found", "worst_expected"))
                text += f", worst at {row['worst']}: found {found}, expected {expected}"
                text += f"; {row['relation']}" if row["relation"] else ""
        lines.append(f"{' '.join(filter(None, (row['case'], row['output'])))}: {text}")
    if len(wrong) > MOST_ROWS:
        lines.append(f"{len(wrong) - MOST_ROWS} more outputs fail")
    return lines


def _numbers(values):
    text = ", ".join(f"{value:.17g}" for value in values)
    return text if len(values) == 1 else f"({text})"


# --- What is recorded ----------------------------------------------------------------------------


def record(case: Case, state: str, tensors: dict | None = None, text: str = "",
           precision: str | None = None) -> None:
    """Leaves a note for the plugin; nothing without it, and nothing of one's own inputs.

    state: "passed", "failed", "known" or "absent". A case that a module judges twice counts once,
    as failed if it fails once.
    """
    folder = os.environ.get(RECORDS_VARIABLE)
    if not folder or isinstance(case.source, bytes):
        return
    module = os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[0]
    stem = hashlib.sha256(f"{module} {case.id}".encode()).hexdigest()[:32]
    note = pathlib.Path(folder, f"{stem}.json")
    if note.exists() and json.loads(note.read_text())["state"] == "failed" and state == "passed":
        return
    if tensors is not None:
        note.with_suffix(".outputs").write_bytes(save(tensors))
    note.write_text(json.dumps({
        "module": module, "case": case.id, "kit": os.fspath(case.source.parent), "state": state,
        "text": text, "precision": precision}))


class _Tally:
    """Which faults explain the random cases of one test that fail: each of them alone may fit
    several faults."""

    def __init__(self):
        self.key = None

    def _begin(self, case):
        key = (os.environ.get("PYTEST_CURRENT_TEST"), case.operation)
        if key != self.key:
            self.key, self.failing = key, 0
            self.explained, self.refuted = collections.Counter(), collections.Counter()

    def passed(self, case):
        """A case that passes speaks against the faults that it would have caught."""
        self._begin(case)
        self.refuted.update(case.faults)

    def lines(self, case, findings):
        """The findings of a case, those alone that fit the test's other cases best."""
        self._begin(case)
        self.failing += 1
        names = {finding["fault"] for finding in findings if finding["explained"]}
        self.explained.update(names)
        if not names:
            return [finding["text"] for finding in findings]
        score = {name: self.explained[name] - self.refuted[name] for name in names}
        best = max(score.values())
        return [f"{self.explained[finding['fault']]} of {self.failing} cases that failed so far, "
                f"this one among them, would be right if the fault is '{finding['fault']}': "
                f"{finding['wrong']}"
                for finding in findings if score.get(finding["fault"]) == best]


_tally = _Tally()


# --- assert_conforms -----------------------------------------------------------------------------


def assert_conforms(subject: Case | Callable[[Case], object], outputs="*", *,
                    precision: str | None = None, dtype=np.float64,
                    known: Mapping[str, str] | None = None, **selection) -> Outcome | None:
    """Judges outputs as `sphere conformance check` does.

    assert_conforms(case, outputs): of one case. outputs: an array if the case has one output, else
    a dict of arrays by name; complex numbers as complex arrays, or as [..., 2] real ones.

    assert_conforms(function, operation, known=..., spin=...): of all cases that `cases` selects.
    `function` receives a `Case` and returns its outputs, or raises `Absent` with a reason, or
    skips (`pytest.skip`). Absent cases are in the `Outcome` and in an `AbsentWarning`. known:
    reasons by patterns of ids for cases that fail; one that passes is a failure.

    dtype: of real outputs, float64 or float32; complex ones are complex128 or complex64. Other
    types fail. precision: what is computed in, if it is less than dtype: "f32-all", "tf32", "f16",
    "bf16"; default: SPECTRALSPHERE_PRECISION or "files".

    Raises AssertionError, with the outputs that fail, where they are worst, and the faults that
    they point to; ValueError for a selection without cases; `UsageError` for an unknown precision.
    """
    if isinstance(subject, Case):
        if known is not None or selection:
            raise TypeError("known and selections belong to assert_conforms(function, operation)")
        _assert_case(subject, answers_of(subject, outputs, dtype), precision)
        return None
    found = cases(outputs, **selection)
    return _assert_function(subject, found, reasons(known, found), precision, dtype)


def _assert_case(case, answers, precision):
    __tracebackhide__ = True
    report = checked([(case, answers)], precision)
    record(case, "passed" if report.passed else "failed", answers.tensors,
           "; ".join(answers.faults.values()), precision)
    own = isinstance(case.source, bytes)
    if report.passed:
        if own:
            _tally.passed(case)
        return
    findings = report.summary["diagnosis"][:MOST_FAULTS]
    hints = _tally.lines(case, findings) if own else [one["text"] for one in findings]
    raise AssertionError("\n".join([f"{case!r} fails", *hints, *failing_lines(report.rows)]))


def _assert_function(function, found, why, precision, dtype):
    __tracebackhide__ = True
    judged, absent = [], {}
    for case in found:
        try:
            judged.append((case, answers_of(case, function(case), dtype)))
        except BaseException as error:
            if _is_skip(error):
                absent[case.id] = str(error) or "no reason given"
                record(case, "absent", text=absent[case.id])
            elif isinstance(error, Exception):
                judged.append((case, Answers({}, {"": f"raised {_text(error)}"})))
            else:
                raise
    if not judged:
        raise AssertionError(f"none of the {len(found)} cases was judged: "
                             f"{counted(absent.values())}")
    report = checked(judged, precision)
    failing = {row["case"] for row in report.rows if not row["passed"]}
    for case, answers in judged:
        state = "passed" if case.id not in failing else "known" if case.id in why else "failed"
        text = "; ".join(answers.faults.values())
        record(case, state, answers.tensors if "" not in answers.faults else None, text, precision)
    if absent:
        warnings.warn(f"{len(absent)} of {len(found)} cases are not offered: "
                      f"{counted(absent.values())}", AbsentWarning, stacklevel=3)
    known = {id: why[id] for id in why if id in failing}
    better = [id for id in why if id not in failing and id not in absent]
    lines = [f"{id}: passes, but is known to fail ({why[id]}); take it out of known"
             for id in better]
    wrong = [(case, answers) for case, answers in judged if case.id not in known]
    if failing - set(known):
        # Known failures do not take part in the diagnosis of the others.
        others = checked(wrong, precision) if known else report
        lines += [one["text"] for one in others.summary["diagnosis"][:MOST_FAULTS]]
        lines += failing_lines(others.rows)
    if lines:
        raise AssertionError("\n".join([
            f"{len(failing - set(known)) + len(better)} of {len(judged)} cases fail", *lines]))
    return Outcome([case.id for case, _ in judged if case.id not in failing], known, absent)


def _is_skip(error):
    """Whether an exception is a skip: Absent, unittest's or pytest's, which is no Exception."""
    return isinstance(error, unittest.SkipTest) or type(error).__name__ == "Skipped"


def recorded(folder: pathlib.Path) -> dict[str, dict[str, list[dict]]]:
    """The notes of `record` by module and state."""
    notes = collections.defaultdict(lambda: collections.defaultdict(list))
    for path in sorted(folder.glob("*.json")):
        note = json.loads(path.read_text())
        note["outputs"] = path.with_suffix(".outputs")
        notes[note["module"]][note["state"]].append(note)
    return notes


def summary_lines(folder: pathlib.Path) -> list[str]:
    """What the notes of a run come to: a line of counts for each module, the cases that are not
    offered with the reasons, and the faults that all failing cases of the module together point
    to."""
    lines = []
    for module, states in sorted(recorded(folder).items()):
        counts = ", ".join(f"{len(states[state])} {text}" for state, text in STATES.items()
                           if states[state])
        lines.append(f"{module or 'outside of tests'}: {counts}")
        if states["absent"]:
            lines.append(f"  not offered: {counted(note['text'] for note in states['absent'])}")
        if states["failed"]:
            report = checked([_again(note) for state in ("failed", "passed")
                              for note in states[state]], states["failed"][0]["precision"])
            lines += [f"  {one['text']}" for one in report.summary["diagnosis"][:MOST_FAULTS]]
    return lines


STATES = {"passed": "pass", "failed": "fail", "known": "fail as is known",
          "absent": "not offered"}


def _again(note):
    """Case and answers of a note."""
    case = next(case for case in kit_cases(pathlib.Path(note["kit"])) if case.id == note["case"])
    if not note["outputs"].exists():
        return case, Answers({}, {"": note["text"]})
    return case, Answers(load_file(note["outputs"]), {})


def counted(texts) -> str:
    """Texts with how often they occur."""
    return "; ".join(f"{text} ({count})" for text, count in
                     collections.Counter(texts).most_common())
