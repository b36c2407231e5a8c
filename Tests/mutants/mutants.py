#!/usr/bin/env python3
"""Breaks the numerical modules in hundreds of small ways and counts which ones the tests notice.

    Tests/mutants/mutants.py make         draw the mutants, write a copy that carries all of them
    Tests/mutants/mutants.py build        build the copy and its tests; drop what does not compile
    Tests/mutants/mutants.py run          try every mutant on the tests near it
    Tests/mutants/mutants.py wide         try those left over on all fast tests and the claims
    Tests/mutants/mutants.py table        write Docs/data/mutants.csv and print the tables
    Tests/mutants/mutants.py show ID...   print mutants

All mutants are compiled at once, each behind a switch: the copy asks `isMutant(17)`, a look into an
array of C that the environment variable SPHERE_MUTANTS fills before the program starts. One build
serves all mutants, and several can be on at the same time. The copy is .build/mutants/copy; the
working tree is not touched. What survives and why is in Tests/mutants/survivors.csv. See
Docs/Mutants.md. Not part of continuous integration.
"""

import argparse
import csv
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from candidates import candidates  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".build" / "mutants"
COPY = WORK / "copy"
SEED = "1"

# The modules mutated, and for each the test targets near it: its own first, then those above.
NEAR = {
    "Kernels": [
        ["Kernels"], ["FourierTransforms", "LinearAlgebra", "RandomNumbers", "HarmonicTransforms"],
        ["SpectralNetworks", "PixelNetworks", "Training"]],
    "SpecialFunctions": [["SpecialFunctions"], ["SphereGrids", "HarmonicTransforms", "Baselines"]],
    "FourierTransforms": [["FourierTransforms"], ["HarmonicTransforms"]],
    "LinearAlgebra": [["LinearAlgebra"], ["SkyModels", "ReadoutFits", "HarmonicTransforms"]],
    "RandomNumbers": [["RandomNumbers"], ["RandomFields", "SpectralNetworks"]],
    "SphereGrids": [["SphereGrids"], ["Resampling", "HarmonicTransforms", "MapTools"]],
    "HarmonicTransforms": [
        ["HarmonicTransforms"], ["Resampling", "RandomFields", "MapTools"], ["SpectralNetworks"]],
    "Resampling": [["Resampling"], ["MapTools", "SpectralNetworks"]],
    "RandomFields": [["RandomFields"], ["Tasks", "Baselines"]],
    "SpectralNetworks": [
        ["SpectralNetworks"], ["PixelNetworks", "Training", "ReadoutFits"], ["Models"]],
    "Training": [["Training"], ["ReadoutFits", "TrainingRuns"]],
    "ReadoutFits": [["ReadoutFits"], ["TrainingRuns"]],
    "Baselines": [["Baselines"], ["Tasks", "Benchmark"]],
    "MapTools": [["MapTools"]],
    "Tasks": [["Tasks"], ["TrainingRuns"], ["Models", "Benchmark"]],
    "Models": [["Models"], ["TrainingRuns"], ["Benchmark"]],
    "TrainingRuns": [["TrainingRuns"], ["Models", "Benchmark"]],
    "Benchmark": [["Benchmark"]],
    "Conformance": [["Conformance"]],
}
# Of these modules only the files with the statistics around models: the rest is mostly files,
# messages and tables.
ONLY = {
    "Tasks": re.compile(r"/(TestMaps|FullSkyEstimator|CutSkyEstimator)\.swift$"),
    "Models": re.compile(r"/(ErrorCalibration|TrainedModel|MapLikeness)\.swift$"),
    "TrainingRuns": re.compile(
        r"/(\w*Evaluation|Coverage\w*|ModelCalibration|TrainingRun|TrainingStages)\.swift$"),
    "Benchmark": re.compile(r"/(Leak|Calibration)\.swift$"),
    "Conformance": re.compile(
        r"/(CheckReport|KitCheck|Measure|Deviation|DistributionScore)\.swift$"),
}
# Faults chosen by hand have numbers from here on.
NAMED_FROM = 3001
# Declarations of errors and messages, estimates of memory and work, pools: see candidates.py.
LEFT_OUT = re.compile(
    r"Error\.swift$|Memory\.swift$|HugePages|WorkEstimate|WorkProgress|WorkCounter|ProgressCounter"
    r"|WorkspacePool|ElementPointer|InterruptionFlag|NetworkLimits|TrainingProgress|LapackOptions"
    r"|UnusableElement|BufferView\.swift|ParallelLoops|RecurrenceBlock|Locked\.swift"
    r"|ColatitudeBlocks|OrderTiles")
# Tests that read the sources, start the program or take long.
SKIP = ["SlowTests", r"^EndToEndTests\."]
# Suites that train several networks: tried with the rest of their module only.
WHOLE_RUNS = {"TrainingRunTests", "WorkflowTests"}
# Rare kinds are drawn before frequent ones, so that every kind is there.
WEIGHTS = {
    "arithmetic operator": 4, "constant": 3, "dropped statement": 1, "range": 3, "index": 2,
    "exchanged name": 2, "comparison": 5, "negated condition": 2, "logical operator": 5,
    "truth value": 4, "sign": 5,
}

SWITCH_HEADER = """\
#include <stdbool.h>
extern unsigned char mutant_switches[4096];
static inline __attribute__((always_inline)) bool isMutant(int number) {
  return mutant_switches[number];
}
"""
SWITCH_SOURCE = """\
#include <stdlib.h>
#include "MutantSwitch.h"
unsigned char mutant_switches[4096];
__attribute__((constructor)) static void read_mutants(void) {
  const char *text = getenv("SPHERE_MUTANTS");
  while (text && *text) {
    char *end;
    long number = strtol(text, &end, 10);
    if (number > 0 && number < 4096) mutant_switches[number] = 1;
    if (end == text) end++;
    text = end;
    while (*text == ',') text++;
  }
}
"""
# No test of numbers needs these. With `make --core` the upper ones are left out as well, so that
# the tests of the modules below can start before those above are compiled.
LEFT_OUT_TARGETS = [
    "sphere", "fuzzing", "EndToEndTests", "Plotting", "PlottingTests", "Studies", "StudiesTests",
    "ExpectationsTests", "Timings", "TimingsTests", "BenchmarkPages", "BenchmarkPagesTests",
]
UPPER_TARGETS = [
    "Tasks", "TasksTests", "Models", "ModelsTests", "TrainingRuns", "TrainingRunsTests",
    "Benchmark", "BenchmarkTests", "Conformance", "ConformanceTests", "Claims", "ClaimsTests",
    "TestSupport", "TrainingTests", "ReadoutFitsTests", "FileFormatsTests", "SkyMapsTests",
    "VerificationTests", "SkyModelsTests", "MachineMemoryTests",
]
# With `make --upper` the tests of the modules below are left out, and claims and what needs them.
LOWER_TESTS = [
    f"{module}Tests" for module in list(NEAR) + [
        "PixelNetworks", "SkyModels", "SkyMaps", "FileFormats", "Verification", "MachineMemory"]
    if f"{module}Tests" not in (
        "TrainingTests", "ReadoutFitsTests", "TasksTests", "ModelsTests", "TrainingRunsTests",
        "BenchmarkTests", "ConformanceTests")]
PARTS = {"all": [], "core": UPPER_TARGETS, "upper": LOWER_TESTS + ["Claims", "ClaimsTests"]}
# Appended to the copy's Package.swift: the switch, and nothing that no fast test of numbers needs.
MANIFEST = """
let mutated: Set<String> = [%s]
let leftOut: Set<String> = [%s]
package.targets.removeAll { leftOut.contains($0.name) }
package.products.removeAll { _ in true }
package.targets.append(.target(name: "MutantSwitch"))
for target in package.targets where mutated.contains(target.name) {
  target.dependencies.append("MutantSwitch")
}
"""


def digest(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


# MARK: Drawing

def draw(per_statements, at_most):
    """The mutants, a list of dictionaries in the order of files.

    Every file gives one mutant and one more for every `per_statements` statements, `at_most` in
    all. Statements go by a digest of their text, so that a change elsewhere leaves them drawn.
    """
    drawn, by_hand = [], named()
    for module in NEAR:
        for path in sorted((ROOT / "Sources" / module).rglob("*.swift")):
            name = str(path.relative_to(ROOT))
            if LEFT_OUT.search(name) or module in ONLY and not ONLY[module].search(name):
                continue
            text = path.read_text()
            found = candidates(text)
            count = min(at_most, 1 + len(found) // per_statements)
            taken = [mutant for mutant in by_hand if mutant["file"] == name]
            drawn += draw_file(name, module, text, found, count, taken)
    for number, mutant in enumerate(drawn, start=1):
        mutant["number"] = number
    for number, mutant in enumerate(by_hand, start=NAMED_FROM):
        mutant["number"] = number
    return drawn + by_hand


def named():
    """The faults of named.csv: places that random draws may leave out."""
    mutants = []
    with (Path(__file__).parent / "named.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        text = (ROOT / row["file"]).read_text()
        if text.count(row["context"]) != 1 or row["context"].count(row["before"]) != 1:
            sys.exit(f"named.csv: {row['file']} does not have {row['context']} once")
        start = text.index(row["context"]) + row["context"].index(row["before"])
        end = start + len(row["before"])
        mutants.append({
            "id": digest(row["file"], row["context"], row["after"])[:8],
            "module": row["file"].split("/")[1], "file": row["file"],
            "line": text.count("\n", 0, start) + 1, "kind": "chosen by hand",
            "form": row["form"], "start": start, "end": end, "change": [start, end],
            "replacement": row["after"], "before": " ".join(row["before"].split()),
            "after": " ".join(row["after"].split()), "fault": row["fault"]})
    return mutants


def draw_file(name, module, text, found, count, taken):
    seen, ordered = Counter(), []
    for group in found:
        statement = text[group[0].start:group[0].end]
        key = digest(SEED, name, statement, seen[statement])
        seen[statement] += 1
        ordered.append((key, group))
    chosen = []
    for key, group in sorted(ordered, key=lambda pair: pair[0]):
        if len(chosen) == count:
            break
        if any(c["start"] < group[0].end and group[0].start < c["end"] for c in chosen + taken):
            continue
        candidate = pick(key, group)
        chosen.append({
            "id": digest(key, candidate.kind, candidate.change_start - candidate.start,
                         candidate.replacement)[:8],
            "module": module, "file": name,
            "line": text.count("\n", 0, candidate.change_start) + 1,
            "kind": candidate.kind, "form": candidate.form,
            "start": candidate.start, "end": candidate.end,
            "change": [candidate.change_start, candidate.change_end],
            "replacement": candidate.replacement,
            "before": excerpt(text, candidate, text[candidate.change_start:candidate.change_end]),
            "after": excerpt(text, candidate, candidate.replacement),
        })
    return sorted(chosen, key=lambda mutant: mutant["start"])


def pick(key, group):
    """One candidate of a statement: first its kind, by weight, then which."""
    kinds = sorted({c.kind for c in group})
    total = sum(WEIGHTS[kind] for kind in kinds)
    place = int(digest(key, "kind"), 16) % total
    for kind in kinds:
        place -= WEIGHTS[kind]
        if place < 0:
            break
    same = [c for c in group if c.kind == kind]
    return same[int(digest(key, "which"), 16) % len(same)]


def excerpt(text, candidate, middle):
    """The line or so around a change, on one line."""
    start = max(candidate.start, text.rfind("\n", 0, candidate.change_start) + 1)
    end = text.find("\n", candidate.change_end)
    end = candidate.end if end < 0 else min(candidate.end, end)
    whole = text[start:candidate.change_start] + middle + text[candidate.change_end:end]
    return " ".join(whole.split()) or "(nothing)"


# MARK: The copy

def mutated_text(text, mutants):
    """The source with a switch per mutant, and the lines that each one takes there."""
    pieces, position = ["import MutantSwitch\n"], 0
    for mutant in sorted(mutants, key=lambda m: m["start"]):
        start, end = mutant["start"], mutant["end"]
        a, b = mutant["change"]
        original = text[start:end]
        changed = text[start:a] + mutant["replacement"] + text[b:end]
        question = f"isMutant({mutant['number']})"
        pieces.append(text[position:start])
        first = sum(piece.count("\n") for piece in pieces) + 1
        if mutant["form"] == "condition":
            pieces.append(f"({question} ? ({changed}\n) : ({original}\n))")
        else:
            pieces.append(f"if {question} {{\n{changed}\n}} else {{\n{original}\n}}")
        mutant["lines"] = [first, sum(piece.count("\n") for piece in pieces) + 1]
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def write_if_changed(path, data):
    if isinstance(data, str):
        data = data.encode()
    if path.exists() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def write_copy(mutants):
    by_file = defaultdict(list)
    for mutant in mutants:
        by_file[mutant["file"]].append(mutant)
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True,
        capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        source = ROOT / name
        if not source.is_file():
            continue
        if name in by_file:
            write_if_changed(COPY / name, mutated_text(source.read_text(), by_file[name]))
        elif name == "Package.swift":
            modules = ", ".join(f'"{module}"' for module in NEAR)
            left_out = LEFT_OUT_TARGETS + PARTS[load("part.json", "all")]
            targets = ", ".join(f'"{target}"' for target in left_out)
            text = source.read_text() + MANIFEST % (modules, targets)
            write_if_changed(COPY / name, text)
        else:
            write_if_changed(COPY / name, source.read_bytes())
            if os.access(source, os.X_OK):
                (COPY / name).chmod(0o755)
    folder = COPY / "Sources" / "MutantSwitch"
    write_if_changed(folder / "include" / "MutantSwitch.h", SWITCH_HEADER)
    write_if_changed(folder / "MutantSwitch.c", SWITCH_SOURCE)


def load(name, default):
    path = WORK / name
    return json.loads(path.read_text()) if path.exists() else default


def save(name, value):
    WORK.mkdir(parents=True, exist_ok=True)
    partial = WORK / (name + ".partial")
    partial.write_text(json.dumps(value, indent=1, ensure_ascii=False))
    partial.replace(WORK / name)


def make(options):
    save("part.json", "core" if options.core else "upper" if options.upper else "all")
    drawn = draw(options.per_statements, options.at_most)
    dropped = set(load("dropped.json", []))
    mutants = [mutant for mutant in drawn if mutant["id"] not in dropped]
    write_copy(mutants)
    save("mutants.json", mutants)
    print(f"{len(drawn)} drawn, {len(drawn) - len(mutants)} dropped before, {len(mutants)} written")


def build(options):
    """Builds until nothing is left that does not compile."""
    for attempt in range(1, 40):
        began = time.time()
        run = subprocess.run(
            ["swift", "build", "--build-tests", "-j", str(options.jobs)], cwd=COPY,
            capture_output=True, text=True)
        log = run.stdout + run.stderr
        (WORK / f"build-{attempt}.log").write_text(log)
        seconds = time.time() - began
        print(f"build {attempt}: {seconds:.0f} s, exit code {run.returncode}", flush=True)
        if run.returncode == 0:
            # What runs is a copy, so that the next build can begin meanwhile.
            built = COPY / ".build/debug/SpectralSpherePackageTests.xctest"
            partial = WORK / "tests.partial"
            shutil.copy2(built, partial)
            partial.replace(WORK / f"tests-{load('part.json', 'all')}")
            return
        faulty = faulty_mutants(log)
        if not faulty:
            print("\n".join(line for line in log.splitlines() if "error" in line)[:4000])
            sys.exit("no mutant stands where the errors are")
        for mutant in faulty:
            print(f"  dropped {mutant['file']}:{mutant['line']}: {mutant['after']}")
        dropped = set(load("dropped.json", [])) | {mutant["id"] for mutant in faulty}
        save("dropped.json", sorted(dropped))
        mutants = [m for m in load("mutants.json", []) if m["id"] not in dropped]
        write_copy(mutants)
        save("mutants.json", mutants)


def faulty_mutants(log):
    mutants = load("mutants.json", [])
    faulty = {}
    for file, line in set(re.findall(r"(Sources/\S+\.swift):(\d+):\d+: error:", log)):
        same = [m for m in mutants if m["file"] == file]
        inside = [m for m in same if m["lines"][0] <= int(line) <= m["lines"][1]]
        # An error that follows from a mutant stands behind it, as in a type that is not known.
        before = sorted((m for m in same if m["lines"][0] <= int(line)),
                        key=lambda m: m["lines"][0])
        for mutant in inside or before[-1:]:
            faulty[mutant["id"]] = mutant
    return list(faulty.values())


# MARK: Running

FAILURE = re.compile(r"recorded an issue.* at (\w[\w+]*)\.swift")


def binary(targets):
    """The program that has the tests of these targets: the one of all tests where it exists."""
    upper = {name for name in UPPER_TARGETS if name not in LOWER_TESTS}
    part = "upper" if targets and f"{targets[0]}Tests" in upper else "core"
    return next(path for path in (WORK / "tests-all", WORK / f"tests-{part}") if path.exists())


def test(numbers, targets, limit, jobs_log=None, filters=None):
    """Runs tests with mutants on until the first failure.

    Returns verdict ("passed", "failed", "crashed", "timeout"), the test file, and seconds.
    """
    command = [str(binary(targets)), "--testing-library", "swift-testing"]
    if filters is None:
        filters = [rf"^{target}Tests\." for target in targets] if targets else []
    for pattern in filters:
        command += ["--filter", pattern]
    for pattern in SKIP + load("skip.json", []):
        command += ["--skip", pattern]
    environment = dict(
        os.environ, SPHERE_MUTANTS=",".join(map(str, numbers)), SWIFT_BACKTRACE="enable=no")
    began = time.time()
    process = subprocess.Popen(
        command, cwd=COPY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", start_new_session=True)
    expired = threading.Event()

    def end():
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def expire():
        expired.set()
        end()

    timer = threading.Timer(limit, expire)
    timer.start()
    failed, lines, is_closed = None, [], False
    for line in process.stdout:
        lines.append(line)
        found = FAILURE.search(line)
        if found:
            failed = found.group(1)
            end()
            break
        if "Test run with" in line and "passed" in line:
            is_closed = True
    end() if failed else None
    process.stdout.close()
    process.wait()
    timer.cancel()
    seconds = time.time() - began
    if jobs_log is not None:
        jobs_log.write_text("".join(lines))
    if failed:
        return "failed", failed, seconds
    if expired.is_set():
        return "timeout", "", seconds
    if process.returncode != 0 or not is_closed:
        return "crashed", "", seconds
    return "passed", "", seconds


def baseline(targets, times):
    """Seconds that the tests take with no mutant on; they have to pass."""
    key = "+".join(targets) or "all"
    if key not in times:
        verdict, suite, seconds = test([], targets, 3600, WORK / "baseline.log")
        print(f"without a mutant: {key} {verdict} {suite} in {seconds:.1f} s", flush=True)
        if verdict != "passed":
            sys.exit("the unbroken copy fails; see .build/mutants/baseline.log")
        times[key] = seconds
        save("times.json", times)
    return times[key]


def test_in_time(number, targets, limit, filters):
    """As `test`; a run that is too long counts only if it takes four times what the tests take now.

    The machine may be busier than when their time was measured, and the suites that a file names
    may take longer than its module's own.
    """
    verdict, suite, seconds = test([number], targets, limit, filters=filters)
    if verdict == "timeout":
        unbroken = test([], targets, 600, filters=filters)[2]
        if 8 + 4 * unbroken > 1.1 * limit:
            verdict, suite, seconds = test([number], targets, 8 + 4 * unbroken, filters=filters)
    return verdict, suite, seconds


def checkers(name):
    """The test suites that a source file names, or those that its neighbours in the folder do."""
    def of(path):
        found = re.findall(r"Checked by:(.*\n(?: *///  +.*\n)*)", path.read_text())
        return set(re.findall(r"\w+Tests\b", " ".join(found))) - WHOLE_RUNS

    path = ROOT / name
    stem = path.stem.split("+")[0]
    namesakes = [other for other in path.parent.glob("*.swift")
                 if other.stem.split("+")[0] == stem]
    for group in ([path], namesakes, path.parent.glob("*.swift")):
        suites = sorted(set().union(*map(of, group)))
        if suites:
            return suites
    return []


def run(options):
    mutants = load("mutants.json", [])
    results = load("results.json", {})
    times = load("times.json", {})
    if options.modules:
        mutants = [m for m in mutants if m["module"] in options.modules]
    if options.ids:
        mutants = [m for m in mutants if m["id"] in options.ids]
    elif not options.again:
        mutants = [m for m in mutants if m["id"] not in results]
    else:
        reasons = explained()
        mutants = [m for m in mutants if results.get(m["id"], {}).get("verdict") == "survived"
                   and reasons.get(m["id"], {}).get("verdict") != "equivalent"]
    for module in dict.fromkeys(m["module"] for m in mutants):
        for targets in NEAR[module][options.first_level:options.levels]:
            baseline(targets, times)
    lock = threading.Lock()

    def try_one(mutant):
        result = {"verdict": "survived", "suite": "", "seconds": 0.0}
        first = [rf"\.{suite}/" for suite in checkers(mutant["file"])]
        stages = []
        if first and options.first_level == 0 and not options.again:
            stages.append((NEAR[mutant["module"]][0], first))
        stages += [(targets, None)
                   for targets in NEAR[mutant["module"]][options.first_level:options.levels]]
        for targets, filters in stages:
            usual = times.get("+".join(targets), 30) * options.jobs
            verdict, suite, seconds = test_in_time(
                mutant["number"], targets, max(min(8 + 4 * usual, options.limit), 2 * usual),
                filters)
            result["seconds"] += seconds
            if verdict != "passed":
                names = checkers(mutant["file"]) if filters else targets
                where = suite or f"{verdict} in {'+'.join(names)}"
                result |= {"verdict": "killed", "suite": where}
                break
        finish(mutant, result)

    def finish(mutant, result):
        with lock:
            results[mutant["id"]] = result
            save("results.json", results)
            print(f"{mutant['number']:4} {result['verdict']:8} {result['seconds']:6.1f} s "
                  f"{mutant['file']}:{mutant['line']} {mutant['before']} -> {mutant['after']} "
                  f"[{result['suite']}]", flush=True)

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(try_one, mutants))
    counts = Counter(result["verdict"] for result in results.values())
    print(dict(counts))


def wide(options):
    """All fast tests and the claims, with all survivors on at the same time.

    Where something fails, the one that is to blame is found by running that test file with each of
    them alone; then the others are tried again. Two that cancel each other would be missed.
    """
    results = load("results.json", {})
    times = load("times.json", {})
    seconds_without = baseline([], times)
    left = [m for m in load("mutants.json", [])
            if results.get(m["id"], {}).get("verdict") == "survived"]
    while left:
        numbers = [m["number"] for m in left]
        verdict, suite, seconds = test(numbers, [], 60 + 5 * seconds_without, WORK / "wide.log")
        print(f"{len(left)} together: {verdict} {suite} in {seconds:.0f} s", flush=True)
        if verdict == "passed":
            break
        if verdict != "failed":
            sys.exit(f"{verdict}: see .build/mutants/wide.log, and try fewer")
        guilty = []
        for mutant in left:
            alone, where, _ = test(
                [mutant["number"]], [], 300, filters=[rf"/{suite}\.swift", rf"\.{suite}/"])
            if alone != "passed":
                guilty.append(mutant)
                results[mutant["id"]] |= {
                    "verdict": "killed", "suite": where or f"{alone} in {suite}"}
                place = f"{mutant['file']}:{mutant['line']}"
                print(f"  {place} {mutant['after']} [{where}]", flush=True)
        if not guilty:
            sys.exit(f"{suite} fails for none of them alone")
        save("results.json", results)
        left = [m for m in left if m not in guilty]
    for mutant in left:
        results[mutant["id"]]["is_wide"] = True
    save("results.json", results)


# MARK: Tables

def explained():
    path = Path(__file__).parent / "survivors.csv"
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def table(options):
    """The table of all that were drawn; those without a result are written as not run."""
    drawn = {mutant["id"]: mutant for mutant in load("mutants.json", [])}
    dropped = set(load("dropped.json", []))
    for mutant in draw(options.per_statements, options.at_most):
        if mutant["id"] in dropped:
            drawn[mutant["id"]] = mutant
    results, reasons = load("results.json", {}), explained()
    rows = []
    for mutant in sorted(drawn.values(), key=lambda mutant: mutant["number"]):
        result = results.get(mutant["id"], {"verdict": "not run", "suite": "", "seconds": 0})
        reason = reasons.get(mutant["id"], {})
        verdict, note = result["verdict"], ""
        if mutant["id"] in dropped:
            verdict = "did not compile"
        elif verdict == "survived":
            verdict = "equivalent" if reason.get("verdict") == "equivalent" else "survived"
            note = reason.get("reason", "")
        rows.append({
            "id": mutant["id"], "module": mutant["module"],
            "file": mutant["file"].split("/", 2)[2], "line": mutant["line"],
            "kind": mutant["kind"], "before": mutant["before"], "after": mutant["after"],
            "verdict": verdict, "suite": result["suite"], "seconds": round(result["seconds"], 1),
            "note": note or mutant.get("fault", "")})
    path = ROOT / "Docs" / "data" / "mutants.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print_counts("module", "module", rows)
    print_counts("kind of change", "kind", rows)


def print_counts(title, key, rows):
    verdicts = ["did not compile", "killed", "survived", "equivalent", "not run"]
    print(f"| {title} | drawn | " + " | ".join(verdicts) + " | score |")
    print("|---" * (len(verdicts) + 3) + "|")
    groups = defaultdict(Counter)
    for row in rows:
        groups[row[key]][row["verdict"]] += 1
        groups["all"][row["verdict"]] += 1
    for name in [name for name in groups if name != "all"] + ["all"]:
        counts = groups[name]
        judged = counts["killed"] + counts["survived"]
        score = f"{100 * counts['killed'] / judged:.1f} %" if judged else "none"
        numbers = " | ".join(str(counts[verdict]) for verdict in verdicts)
        print(f"| {name} | {sum(counts.values())} | {numbers} | {score} |")
    print()


def show(options):
    results = load("results.json", {})
    for mutant in load("mutants.json", []):
        result = results.get(mutant["id"], {"verdict": "not run", "suite": ""})
        if options.ids and mutant["id"] not in options.ids:
            continue
        if options.survivors and result["verdict"] != "survived":
            continue
        print(f"{mutant['id']} {mutant['number']} {mutant['file']}:{mutant['line']} "
              f"[{mutant['kind']}]\n    {mutant['before']}\n    {mutant['after']}\n"
              f"    {result['verdict']} {result['suite']}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    part = commands.add_parser("make")
    part.add_argument("--per-statements", type=int, default=20)
    part.add_argument("--at-most", type=int, default=6)
    part.add_argument("--core", action="store_true", help="without the modules at the top")
    part.add_argument("--upper", action="store_true", help="without the tests of the others")
    part.set_defaults(function=make)
    part = commands.add_parser("build")
    part.add_argument("--jobs", type=int, default=2)
    part.set_defaults(function=build)
    part = commands.add_parser("run")
    part.add_argument("--jobs", type=int, default=1)
    part.add_argument("--first-level", type=int, default=0, help="0: the module's own tests")
    part.add_argument("--levels", type=int, default=9, help="up to this one, counted from 1")
    part.add_argument("--limit", type=float, default=240, help="most seconds of a run")
    part.add_argument("--modules", nargs="*")
    part.add_argument("--ids", nargs="*")
    part.add_argument("--again", action="store_true", help="survivors only")
    part.set_defaults(function=run)
    commands.add_parser("wide").set_defaults(function=wide)
    part = commands.add_parser("table")
    part.add_argument("--per-statements", type=int, default=20)
    part.add_argument("--at-most", type=int, default=6)
    part.set_defaults(function=table)
    part = commands.add_parser("show")
    part.add_argument("ids", nargs="*")
    part.add_argument("--survivors", action="store_true")
    part.set_defaults(function=show)
    options = parser.parse_args()
    options.function(options)


if __name__ == "__main__":
    main()
