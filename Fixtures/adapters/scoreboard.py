"""Writes Docs/Scoreboard.md from the results of `run`, Docs/data/scoreboard/*.json.

    python Fixtures/adapters/scoreboard.py [--results FOLDER] [--kit KIT] [--output FILE] [--check]
"""

import argparse
import fnmatch
import json
import math
import pathlib
import sys

import runner

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# Operation patterns; the first that fits names the group.
GROUPS = [
    ("functions", ["legendre", "spin_legendre", "wigner_*", "spin_harmonics"]),
    ("nodes", ["gauss_legendre", "clenshaw_curtis", "fejer*", "driscoll_healy", "mcewen_wiaux"]),
    ("pixels", ["healpix_*"]),
    ("resampling", ["resample_*"]),
    ("off-grid", ["*point_synthesis*"]),
    ("derivatives", ["scalar_derivatives*"]),
    ("iterated analysis", ["*iterated_*"]),
    ("masked", ["*masked_*"]),
    ("least squares", ["*least_squares_*"]),
    ("scalar gradients", ["scalar_*_gradient"]),
    ("spin gradients", ["spin*_gradient"]),
    ("scalar synthesis", ["scalar_synthesis", "scalar_modes"]),
    ("scalar analysis", ["scalar_*"]),
    ("spin synthesis", ["spin*_synthesis", "spin_modes"]),
    ("spin analysis", ["spin*_analysis", "spin*"]),
    ("rotation", ["rotation*"]),
    ("spectra", ["power_spectrum", "smoothing", "laplacian", "mode_coupling"]),
    ("random fields", ["gaussian_field"]),
    ("layers and networks", ["*"])]
# These come before the patterns: an adjoint is no analysis, a spin mode no gradient.
SPECIAL = {"scalar_adjoint_synthesis": "scalar analysis", "spin_adjoint_synthesis": "spin analysis",
           "spin2_adjoint_synthesis": "spin analysis"}


def group_of(operation):
    if operation in SPECIAL:
        return SPECIAL[operation]
    return next(name for name, patterns in GROUPS if any(
        fnmatch.fnmatchcase(operation, pattern) for pattern in patterns))


def short(number):
    """Two digits: 0.087, 1.4, 360, 4e14."""
    if number and not 0.001 <= abs(number) < 999.5:
        return f"{number:.0e}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    return f"{number:.0f}" if abs(number) >= 99.5 else f"{number:.2g}"


def escaped(text):
    return text.replace("|", "\\|")


def total(numbers):
    return sum(numbers.values())


def failed(record):
    return record["state"].startswith("failed")


def counts(group):
    """Passed, failed and absent cases of a group of a library; nothing where none is offered."""
    wrong = sum(map(failed, group["records"]))
    if not group["records"]:
        return ""
    return f"{len(group['records']) - wrong} / " + (f"**{wrong}**" if wrong else "0") + (
        f" / {group['absent']}")


def groups_of(result):
    """{group: {records, absent}} of a library."""
    found = {name: {"records": [], "absent": 0} for name, _ in GROUPS}
    for one in result["cases"]:
        if one["operation"]:
            found[group_of(one["operation"])]["records"].append(one)
    for numbers in result["absent"].values():
        for operation, number in numbers.items():
            found[group_of(operation)]["absent"] += number
    return found


def detail(result):
    """A table of the groups of a library."""
    lines = ["| group | passed | failed | absent | worst of the passed, in tolerances | seconds |",
             "|---|---|---|---|---|---|"]
    for name, group in groups_of(result).items():
        records = group["records"]
        if not records:
            continue
        wrong = sum(map(failed, records))
        shares = [one["share"] for one in records
                  if not failed(one) and one.get("share") is not None]
        seconds = sum(one.get("seconds", 0) for one in records)
        lines.append(
            f"| {name} | {len(records) - wrong} | {wrong} | {group['absent']} | "
            f"{short(max(shares)) if shares else ''} | {short(seconds)} |")
    return lines


KINDS = ["refused", "no numbers", "other pixels", "below 10", "below 1e6", "more"]


def kind_of(record):
    """Which of KINDS a failure is."""
    if record["fault"] != "out of tolerance":
        return "refused" if record["fault"] == "raised" else "no numbers"
    if record["dtype"] == "I64" or record["operation"] in (
            "resample_containing_pixel", "healpix_interpolation"):
        return "other pixels"
    return next((name for name, most in (("below 10", 10), ("below 1e6", 1e6))
                 if record.get("share", math.inf) < most), "more")


def deviation(records):
    """How wrong the worst of some failures of one kind is."""
    if records[0]["fault"] != "out of tolerance":
        return records[0]["fault"]
    worst = max(records, key=lambda one: (one.get("share", math.inf), one.get("error", math.inf)))
    if worst["dtype"] == "I64":
        return f"{worst['error']:.0f} numbers differ"
    if "error" not in worst:
        return "beyond all numbers"
    if "share" not in worst:
        return f"off by {short(worst['error'])}"
    return f"{short(worst['share'])} tolerances: {short(worst['error'])}"


def reasons(result):
    """Rows of the failures of a library: those of one reason and one group together."""
    found = {}
    for one in result["cases"]:
        if failed(one):
            group = group_of(one["operation"]) if one["operation"] else "files"
            reason = one.get("reason", one.get("text", ""))
            key = (group, reason, one.get("report", ""), one["fault"])
            found.setdefault(key, []).append(one)
    for (group, reason, report, _), records in found.items():
        names = ", ".join(f"`{one['case']}`" for one in records[:3])
        if len(records) > 3:
            names += f" and {len(records) - 3} more"
        link = f" [{label(report)}]({report})" if report else ""
        unexpected = "" if all(
            "unexpectedly" not in one["state"] for one in records) else " (unexpected)"
        yield (f"| {group} | {len(records)} | {names} | {deviation(records)}{unexpected} | "
               f"{escaped(reason)}{link} |")


def label(report):
    parts = report.rstrip("/").split("/")
    return f"{parts[-3]}#{parts[-1]}" if len(parts) > 3 else report


def title(result):
    name = result["library"]
    package = next((key for key in result["versions"] if name.startswith(key)), name)
    version = result["versions"].get(package, "")
    return f"{package} {version}" + (" in float32" if name.endswith("float32") else "")


def fault_table(faults):
    """Faults of public versions with the cases that show them."""
    library = sum(fault["kind"] == "library" for fault in faults)
    lines = [
        "## Faults of public versions", "",
        f"{len(faults)} faults, each with a case that shows it: {library} of them on the library "
        "itself, in the", f"results above, {len(faults) - library} restated in NumPy "
        "(`Fixtures/adapters/faults/restated.py`), where the version does", "not install any more "
        "or the fault lies in the use of a library. `test_faults.py` beside it demands", "that the "
        "right operation passes and the wrong one fails. The flag is the kit's name of the class.",
        "", "| library | what is wrong | shown | case | flag | report |",
        "|---|---|---|---|---|---|"]
    for fault in faults:
        link = f"[{label(fault['report'])}]({fault['report']})" if fault["report"] else ""
        shown = {"library": "by the library", "restated": "restated"}[fault["kind"]]
        flag = f"`{fault['flag']}`" if fault["flag"] else ""
        lines.append(
            f"| {fault['library']} | {escaped(fault['wrong'])} | {shown} | `{fault['case']}` | "
            f"{flag} | {link} |")
    return lines


INTRODUCTION = """# Scoreboard

What public libraries make of the [conformance kit](Conformance.md): version {version}, {set} set,
seed {seed}, {cases} cases, of which {certified} have expected numbers certified by ball arithmetic.
Each library, by its name on PyPI, runs behind an adapter, `Fixtures/adapters/<library>`, which
calls its public functions, in double precision unless said otherwise, and converts conventions,
never faults; `requirements.txt` there pins every package. `Fixtures/adapters/run LIBRARY` repeats a
row; `Fixtures/adapters/scoreboard.py` makes this page from `Docs/data/scoreboard`.

## How to read it

- *Passed*: every output of the case is within its tolerance. *Failed*: one is not, or there is
  none, for the reason that is given. *Absent*: the library does not offer the case; its adapter
  says so, with a reason. Nobody counts as failed for what it does not offer.
- A failure is a statement about a case and its tolerance, not about a library as a whole.
- Deviations are in *tolerances*: 0.1 is a tenth of what is allowed, 2 is twice as much. Tolerances
  are a few roundings (1e-16) per term; a case that fails with 2 tolerances is right to 14 digits.
  The number behind the colon is the deviation itself, mostly relative.
- Numbers such as 4e14 tolerances arise where functions are compared row by row (a row: all degrees
  of an order at an angle), each relative to its own size. Next to a pole a row may be as small as
  1e-16, or 0: a library that rounds it to 0, or gives 1e-16 for 0, has no digit of it right, though
  in a sum over all orders nobody would see it. The kit asks for these digits; most users do not.
- *Seconds* are wall time, on one core of a machine that was shared with other work: orders of
  magnitude, no benchmark. Those of a library are of the whole run, with imports and compilation;
  those of a group are of its cases alone.
"""


def failures_by_size(results):
    """A table of how libraries fail."""
    lines = [
        "## How they fail", "",
        "Failed cases by the worst output: *refused*, an exception; *no numbers*, a crash, a hang "
        "or numbers", "that are not finite; *other pixels*, integers that differ; the others by "
        "their deviation in", "tolerances. Libraries without failures are left out.", "",
        "| library | " + " | ".join(KINDS) + " |", "|---" * (len(KINDS) + 1) + "|"]
    for result in results:
        kinds = [kind_of(one) for one in result["cases"] if failed(one)]
        if kinds:
            lines.append(f"| {title(result)} | " + " | ".join(
                str(kinds.count(name) or "") for name in KINDS) + " |")
    return lines


def group_table(manifest):
    """What the groups are."""
    found = {name: {} for name, _ in GROUPS}
    for case in manifest["cases"]:
        names = found[group_of(case["operation"])]
        names[case["operation"]] = names.get(case["operation"], 0) + 1
    lines = ["| group | cases | operations of the kit |", "|---|---|---|"]
    for name, operations in found.items():
        words = ", ".join(f"`{one}`" for one in operations)
        lines.append(f"| {name} | {total(operations)} | {words} |")
    return lines


def page(results, faults, manifest, digest):
    titles = [title(result) for result in results]
    lines = [INTRODUCTION.format(
        version=manifest["version"], set=manifest["set"], seed=manifest["seed"],
        cases=len(manifest["cases"]), certified=sum(
            case["origin"] == "certified" for case in manifest["cases"])),
        "## Libraries", "", "| library | passed | failed | absent | seconds | with |",
        "|---|---|---|---|---|---|"]
    for result in results:
        wrong = sum(map(failed, result["cases"]))
        others = ", ".join(f"{key} {value}" for key, value in result["versions"].items()
                           if f"{key} {value}" != title(result) and key != "python")
        if result["kit"]["cases"] < len(manifest["cases"]):
            others += f"; only {result['kit']['cases']} of the cases"
        if result["kit"].get("digest") != digest:
            others += "; on an earlier export of the kit"
        lines.append(
            f"| {title(result)} | {len(result['cases']) - wrong} | {wrong} | "
            f"{sum(map(total, result['absent'].values()))} | {result['seconds']:.0f} | {others} |")
    lines += [
        "", *failures_by_size(results), "", "## Operations", "",
        "Cases that pass / fail / are absent; empty where a library offers none of the group.", "",
        "| group | " + " | ".join(titles) + " |", "|---" * (len(results) + 1) + "|"]
    tables = [groups_of(result) for result in results]
    for name, _ in GROUPS:
        cells = [counts(table[name]) for table in tables]
        if any(cells):
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", "The groups:", "", *group_table(manifest), "", "## Each library", ""]
    for result in results:
        lines += [f"### {title(result)}", "",
                  f"Case by case: [{result['library']}.json](data/scoreboard/"
                  f"{result['library']}.json).", "", *detail(result), ""]
        rows = list(reasons(result))
        if rows:
            lines += ["| group | failed | cases | worst deviation | reason |",
                      "|---|---|---|---|---|", *rows, ""]
        absent = [
            f"| {escaped(reason)} | {total(numbers)} |" for reason, numbers in sorted(
                result["absent"].items(), key=lambda item: -total(item[1]))]
        lines += ["| absent because | cases |", "|---|---|", *absent, ""]
    return "\n".join(lines + fault_table(faults)) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Docs/data/scoreboard")
    parser.add_argument("--kit", type=pathlib.Path, default=ROOT / "Fixtures/conformance")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Docs/Scoreboard.md")
    parser.add_argument("--check", action="store_true", help="fail if the page is another")
    arguments = parser.parse_args()
    results = [json.loads(path.read_text()) for path in sorted(arguments.results.glob("*.json"))]
    faults = json.loads((HERE / "faults" / "faults.json").read_text())
    manifest = json.loads((arguments.kit / "manifest.json").read_text())
    text = page(results, faults, manifest, runner.digest(arguments.kit))
    if arguments.check:
        sys.exit(0 if arguments.output.read_text() == text else "the page is another")
    arguments.output.write_text(text)


if __name__ == "__main__":
    main()
