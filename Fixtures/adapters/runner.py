"""Runs one adapter against a kit and judges the answers: see README.md beside this file.

Whatever an adapter does wrong has a name in the result, and none of it is a skip: "hang", "crash",
"did not start", "raised", "missing file", "unreadable file", "missing tensor", "unlisted tensor",
"wrong shape", "wrong type", "not finite", "unknown file", "absent, but written", "out of
tolerance".
"""

import argparse
import fnmatch
import hashlib
import json
import math
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CASE_LIMIT, LIMIT = 300, 3600

# How `sphere conformance check` words a fault, and its name here.
FAULTS = {
    "the file is missing": "missing file", "the file cannot be read": "unreadable file",
    "the kit has no case": "unknown file", "the tensor is missing": "missing tensor",
    "the manifest lists no such": "unlisted tensor", "the shape is": "wrong shape",
    "the type is": "wrong type", "element": "not finite"}


def fault_name(text):
    return next((name for start, name in FAULTS.items() if text.startswith(start)), "other")


# --- The environment -----------------------------------------------------------------------------


def cache():
    default = "~/.cache/spectralsphere-adapters"
    return pathlib.Path(os.environ.get("SPHERE_ADAPTERS_CACHE", default)).expanduser()


def environment(library):
    """The Python of the library's own environment; made anew when its requirements change.

    A file `environment` names another library whose environment serves."""
    shared = HERE / library / "environment"
    library = shared.read_text().strip() if shared.exists() else library
    names = ["requirements.txt", "requirements-no-deps.txt", "install.sh"]
    files = [HERE / library / name for name in names if (HERE / library / name).exists()]
    if not files:
        return sys.executable
    folder, digest = cache() / library, hashlib.sha256(b"".join(
        path.read_bytes() for path in files)).hexdigest()
    stamp, python = folder / "requirements.sha256", folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != digest:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        for path in files:
            if path.suffix == ".sh":
                subprocess.run(["bash", path, python], check=True)
                continue
            options = ["--no-deps"] if "no-deps" in path.name else []
            subprocess.run(
                [python, "-m", "pip", "install", "--quiet", *options, "-r", path], check=True)
        stamp.write_text(digest)
    return str(python)


# --- The adapter ---------------------------------------------------------------------------------


def ended(code, errors):
    """Why a process ended, in words."""
    if code < 0:
        return f"signal {-code}, {signal.Signals(-code).name}"
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return f"exit code {code}" + (f": {lines[-1][:200]}" if lines else "")


def follow(process, ids, case_limit, deadline):
    """Waits for a process that prints the id of each case; (the last id, whether it hangs).

    Libraries print lines of their own, which are not answers."""
    lines, current = queue.Queue(), None

    def read():
        for line in process.stdout:
            lines.put(line.strip())
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    end = time.monotonic() + case_limit
    while True:
        try:
            line = lines.get(timeout=max(0.05, min(end, deadline) - time.monotonic()))
        except queue.Empty:
            return current, True
        if line is None:
            return current, False
        if line in ids:
            current, end = line, time.monotonic() + case_limit


def remove(path):
    """What an adapter left half done, file or folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def call(command, kit, folder, ids, case_limit=CASE_LIMIT, limit=LIMIT):
    """Runs the adapter over the cases; after a crash or a hang again, with the cases behind it.

    Gives {id: (name, text)} of the cases that crashed, hung or were never reached."""
    faults, remaining, deadline = {}, list(ids), time.monotonic() + limit
    threads = {name: "1" for name in (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")}
    while remaining:
        with tempfile.TemporaryFile("w+", errors="replace") as errors:
            process = subprocess.Popen(
                [*command, str(kit), "--output", str(folder), "--cases", *remaining],
                stdout=subprocess.PIPE, stderr=errors, text=True, errors="replace",
                start_new_session=True,
                env=os.environ | threads | {"PYTHONUNBUFFERED": "1"})
            current, hangs = follow(process, remaining, case_limit, deadline)
            if not hangs:
                try:
                    process.wait(timeout=case_limit)
                except subprocess.TimeoutExpired:
                    hangs = True
            if hangs:
                os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
            process.stdout.close()
            errors.seek(0)
            text = ended(code, errors.read())
        if not hangs and code == 0:
            break
        name = "hang" if hangs else "crash"
        if hangs:
            text = f"no answer in {case_limit} s" if time.monotonic() < deadline else (
                f"the whole took longer than {limit} s")
        if current is None:
            faults |= {one: ("did not start", f"{name}: {text}") for one in remaining}
            break
        faults[current] = (name, text)
        remove(folder / f"{current}.safetensors")
        remaining = remaining[remaining.index(current) + 1:]
        if time.monotonic() >= deadline:
            faults |= {one: ("hang", "not reached in time") for one in remaining}
            break
    return faults


# --- The verdict ---------------------------------------------------------------------------------


def note(folder, name, kind=str):
    """What the adapter notes by case; what is of another kind is as if it were not there."""
    try:
        values = json.loads((folder / f"{name}.json").read_text())
    except (OSError, ValueError):
        return {}
    values = values if isinstance(values, dict) else {}
    return {one: value for one, value in values.items() if isinstance(value, kind) and value != ""}


def without_paths(text, folder):
    """A message without the folders of this machine."""
    for path in (folder, cache(), ROOT):
        text = text.replace(f"{path}/", "")
    return text


def check(sphere, kit, folder, ids):
    """The rows of `sphere conformance check` for these cases."""
    done = subprocess.run(
        [sphere, "conformance", "check", str(kit), "--outputs", str(folder), "--format", "json",
         "--cases", *ids], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"the check ended with {done.returncode}: {done.stderr}")
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [row for row in rows if "case" in row]


def share(row):
    """error / tolerance, None where there is no error or the tolerance is 0 and missed."""
    if row["error"] is None or row["tolerance"] is None:
        return None
    if row["tolerance"] == 0:
        return 0.0 if row["error"] == 0 else None
    return row["error"] / row["tolerance"]


def shortened(number):
    """Three digits are enough for a deviation; None if it is no number."""
    return None if number is None or not math.isfinite(number) else float(f"{number:.3g}")


def worst(rows):
    """The row of a case that tells most: a fault, or the largest share of a tolerance."""
    def rank(row):
        part = share(row)
        return (not row["passed"], row["fault"] is not None, -1 if part is None else part)
    return max(rows, key=rank)


def verdicts(manifest, folder, faults, sphere, kit):
    """A record per case: what it is and, where it fails, the name of the failure."""
    absent, raised = note(folder, "absent"), note(folder, "raised", object)
    seconds = note(folder, "seconds", (int, float))
    known = [case["id"] for case in manifest["cases"]]
    ids = [one for one in known if one not in absent]
    rows = check(sphere, kit, folder, ids) if ids else []
    by_case, records = {}, []
    for row in rows:
        by_case.setdefault(row["case"], []).append(row)
    for case in manifest["cases"]:
        one = case["id"]
        record = {"case": one, "operation": case["operation"], "seconds": seconds.get(one)}
        written = (folder / f"{one}.safetensors").exists()
        if one in faults or one in raised:
            name, text = faults.get(one) or ("raised", str(raised[one]))
            record |= {"passed": False, "fault": name, "text": text}
        elif one in absent and written:
            record |= {"passed": False, "fault": "absent, but written", "text": absent[one]}
        elif one in absent:
            record |= {"passed": None, "text": absent[one]}
        else:
            row = worst(by_case[one])
            record |= {key: row[key] for key in ("output", "dtype", "error", "tolerance")}
            record |= {"share": shortened(share(row)), "error": shortened(row["error"])}
            record |= {"passed": row["passed"], "outputs_failed": [
                other["output"] for other in by_case[one] if not other["passed"]]}
            if not row["passed"]:
                record["fault"] = fault_name(row["fault"]) if row["fault"] else "out of tolerance"
                record["text"] = row["fault"] or " ".join(
                    str(row[key]) for key in ("worst", "relation") if row.get(key))
        if "text" in record:
            record["text"] = without_paths(record["text"], folder)
        records.append(record)
    names = {row["case"] for row in rows} | set(absent) | set(raised)
    for stranger in sorted(names - set(known)):
        if stranger.removesuffix(".safetensors") in known:
            continue  # a case that is absent, but written
        records.append({
            "case": stranger, "operation": "", "passed": False, "fault": "unknown file",
            "text": "the kit has no such case"})
    return records


def patterns_of(entry):
    return [entry["cases"]] if isinstance(entry["cases"], str) else entry["cases"]


def judge(records, expected):
    """Adds `state`; gives the records that are not as expected, and the patterns that fit none.

    An entry of `expected` is {cases, reason} and sometimes output and report: every case that
    fits the pattern, or one of the patterns, and is not absent has to fail; with `output`, in that
    output; with `marginal`, it may also pass."""
    surprises, used = [], set()
    for record in records:
        entries = [entry for entry in expected if any(
            fnmatch.fnmatchcase(record["case"], pattern) for pattern in patterns_of(entry))]
        if record["passed"] is None:
            record["state"] = "absent"
            continue
        failed = record.get("outputs_failed") or []
        if not record["passed"]:
            entries = [entry for entry in entries
                       if "output" not in entry or not failed or entry["output"] in failed]
        used |= {id(entry) for entry in entries}
        state = ["failed", "passed"][record["passed"]]
        if record["passed"]:
            entries = [entry for entry in entries if not entry.get("marginal")]
        if record["passed"] == bool(entries):
            state += " unexpectedly"
            surprises.append(record)
        elif entries:
            state += " as expected"
            record |= {key: entries[0][key] for key in ("reason", "report") if key in entries[0]}
        record["state"] = state
    return surprises, [
        ", ".join(patterns_of(entry)) for entry in expected if id(entry) not in used]


def summary(records):
    counts = {}
    for record in records:
        counts[record["state"]] = counts.get(record["state"], 0) + 1
    return counts


def digest(kit):
    """Of the numbers and cases of the kit, without the faults that they catch: where it is another,
    verdicts may be."""
    cases = [{name: value for name, value in case.items() if name != "faults"}
             for case in json.loads((kit / "manifest.json").read_text())["cases"]]
    found = hashlib.sha256(json.dumps(cases, sort_keys=True).encode())
    for case in cases:
        found.update((kit / case["file"]).read_bytes())
    return found.hexdigest()[:16]


def run(library, command, kit, sphere, expected, case_limit=CASE_LIMIT, limit=LIMIT,
        patterns=("*",)):
    """The result of a library, and whether it is as expected."""
    manifest = json.loads((kit / "manifest.json").read_text())
    manifest["cases"] = [case for case in manifest["cases"] if any(
        fnmatch.fnmatchcase(case["id"], pattern) for pattern in patterns)]
    with tempfile.TemporaryDirectory() as name:
        folder, start = pathlib.Path(name), time.monotonic()
        ids = [case["id"] for case in manifest["cases"]]
        faults = call(command, kit, folder, ids, case_limit, limit)
        seconds = time.monotonic() - start
        records = verdicts(manifest, folder, faults, sphere, kit)
        versions = note(folder, "versions")
    surprises, unused = judge(records, expected)
    result = {
        "library": library, "versions": versions, "seconds": round(seconds, 1),
        "kit": {"version": manifest["version"], "seed": manifest["seed"],
                "set": manifest.get("set", "core"), "digest": digest(kit), "cases": len(ids)} | (
                    {} if list(patterns) == ["*"] else {"patterns": list(patterns)}),
        "counts": summary(records), "cases": records}
    return result, surprises, unused


def written(result):
    """JSON with a case per line; of the absent ones, their numbers by reason and operation."""
    def line(value):
        return json.dumps(value, ensure_ascii=False)

    absent, rows = {}, []
    for record in result["cases"]:
        if record["state"] == "absent":
            numbers = absent.setdefault(record["text"], {})
            numbers[record["operation"]] = numbers.get(record["operation"], 0) + 1
        else:
            left_out = ("outputs_failed", "passed", "tolerance")
            rows.append({key: value for key, value in record.items()
                         if value not in (None, "", []) and key not in left_out})
    head = {key: value for key, value in result.items() if key != "cases"}
    parts = [f"{line(key)}: {line(value)}" for key, value in head.items()]
    parts.append('"cases": [\n' + ",\n".join(map(line, rows)) + "\n]")
    parts.append('"absent": {\n' + ",\n".join(
        f"{line(reason)}: {line(numbers)}" for reason, numbers in absent.items()) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(description="Run a library's adapter against the kit.")
    parser.add_argument("library", help="a folder beside this file")
    parser.add_argument("--kit", type=pathlib.Path, help="default: exported by the program")
    parser.add_argument("--sphere", default=str(ROOT / ".build" / "release" / "sphere"))
    parser.add_argument("--result", type=pathlib.Path, help="where to write the result as JSON")
    parser.add_argument("--cases", nargs="+", default=["*"], help="wildcards on the ids of cases")
    parser.add_argument("--case-limit", type=float, default=CASE_LIMIT, help="seconds per case")
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds in all")
    arguments = parser.parse_args()
    library = arguments.library
    if not (HERE / library / "adapter.py").exists():
        parser.error(f"no adapter {library}")
    with tempfile.TemporaryDirectory() as name:
        kit = arguments.kit
        if kit is None:
            kit = pathlib.Path(name) / "kit"
            subprocess.run(
                [arguments.sphere, "conformance", "export", "--output", kit], check=True)
        path = HERE / library / "expected-failures.json"
        expected = json.loads(path.read_text()) if path.exists() else []
        result, surprises, unused = run(
            library, [environment(library), str(HERE / library / "adapter.py")], kit.resolve(),
            arguments.sphere, expected, arguments.case_limit, arguments.limit, arguments.cases)
    for record in surprises:
        number = f"{record['share']:.3g} tolerances, " if record.get("share") else ""
        print(f"{record['case']}: {record['state']}: {record.get('fault', '')} "
              f"{record.get('output', '')} {number}{record.get('text', '')}")
    if arguments.cases == ["*"]:
        for pattern in unused:
            print(f"{pattern}: expected to fail, and no case that is offered fits")
    print(f"{library}: " + ", ".join(f"{n} {state}" for state, n in result["counts"].items())
          + f", {result['seconds']} s")
    if arguments.result:
        arguments.result.parent.mkdir(parents=True, exist_ok=True)
        arguments.result.write_text(written(result))
    sys.exit(1 if surprises else 0)
