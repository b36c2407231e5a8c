"""Writes Docs/Scoreboard.md from the results of `run`, Docs/data/scoreboard/*.json.

    python Fixtures/adapters/scoreboard.py [--results FOLDER] [--output FILE] [--check]
"""

import argparse
import fnmatch
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

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


def tolerances(share):
    """A share of a tolerance as a short number."""
    if share is None:
        return "no number"
    return f"{share:.2g}" if 0.01 <= share < 1000 else f"{share:.0e}".replace("e+0", "e").replace(
        "e+", "e").replace("e-0", "e-")


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
    lines = ["| group | passed | failed | absent | worst that passes | seconds |",
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
            f"{tolerances(max(shares)) if shares else ''} | {seconds:.2g} |")
    return lines


def reasons(result):
    """Rows of the failures of a library: those of one reason and one group together."""
    found = {}
    for one in result["cases"]:
        if failed(one):
            group = group_of(one["operation"]) if one["operation"] else "files"
            reason = one.get("reason", one.get("text", ""))
            key = (group, reason, one.get("report", ""), one["fault"])
            found.setdefault(key, []).append(one)
    for (group, reason, report, fault), records in found.items():
        names = ", ".join(f"`{one['case']}`" for one in records[:3])
        if len(records) > 3:
            names += f" and {len(records) - 3} more"
        shares = [one["share"] for one in records if one.get("share") is not None]
        how = fault if fault != "out of tolerance" else (
            f"{tolerances(max(shares))} tolerances" if shares else "differs")
        link = f" [{label(report)}]({report})" if report else ""
        unexpected = "" if all(
            "unexpectedly" not in one["state"] for one in records) else " (unexpected)"
        yield f"| {group} | {names} | {how}{unexpected} | {escaped(reason)}{link} |"


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


def page(results, faults):
    kit = max((result["kit"] for result in results), key=lambda kit: kit["cases"])
    titles = [title(result) for result in results]
    lines = [
        "# Scoreboard", "",
        "What public libraries make of the [conformance kit](Conformance.md): version "
        f"{kit['version']}, {kit['set']}",
        f"set, seed {kit['seed']}, {kit['cases']} cases. Each library runs behind an adapter, "
        "`Fixtures/adapters/<library>`,",
        "which calls its public functions, in double precision where it has them, and converts",
        "conventions, never faults. `Fixtures/adapters/run LIBRARY` repeats a row;",
        "`Fixtures/adapters/scoreboard.py` makes this page from `Docs/data/scoreboard`.", "",
        "A failure here is a statement about a case of the kit with its tolerance, and not about a",
        "library as a whole. What a library does not offer is absent; its adapter says so, case by",
        "case, with a reason.", "",
        "## Libraries", "", "| library | passed | failed | absent | seconds | with |",
        "|---|---|---|---|---|---|"]
    for result in results:
        wrong = sum(map(failed, result["cases"]))
        others = ", ".join(f"{key} {value}" for key, value in result["versions"].items()
                           if f"{key} {value}" != title(result) and key != "python")
        if result["kit"]["cases"] < kit["cases"]:
            others += f"; {result['kit']['cases']} cases only"
        lines.append(
            f"| {title(result)} | {len(result['cases']) - wrong} | {wrong} | "
            f"{sum(map(total, result['absent'].values()))} | {result['seconds']:.0f} | {others} |")
    lines += [
        "", "Seconds are those of the whole run on one core, with imports and compilation, and "
        "with other", "work on the same machine: orders of magnitude.", "",
        "## Operations", "",
        "Cases that pass / fail / are absent; empty where a library offers none of the group.", "",
        "| group | " + " | ".join(titles) + " |", "|---" * (len(results) + 1) + "|"]
    tables = [groups_of(result) for result in results]
    for name, _ in GROUPS:
        cells = [counts(table[name]) for table in tables]
        if any(cells):
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += [
        "", "## Each library", "",
        "The worst deviation of a group is in tolerances, of the cases that pass; failures follow "
        "with", "theirs and with the reason, and absent cases with the adapter's reason.", ""]
    for result in results:
        lines += [f"### {title(result)}", "", *detail(result), ""]
        rows = list(reasons(result))
        if rows:
            lines += ["| group | failed cases | error | reason |", "|---|---|---|---|", *rows, ""]
        absent = [
            f"| {escaped(reason)} | {total(numbers)} |" for reason, numbers in sorted(
                result["absent"].items(), key=lambda item: -total(item[1]))]
        lines += ["| absent because | cases |", "|---|---|", *absent, ""]
    return "\n".join(lines + fault_table(faults)) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Docs/data/scoreboard")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Docs/Scoreboard.md")
    parser.add_argument("--check", action="store_true", help="fail if the page is another")
    arguments = parser.parse_args()
    results = [json.loads(path.read_text()) for path in sorted(arguments.results.glob("*.json"))]
    faults = json.loads((ROOT / "Fixtures/adapters/faults/faults.json").read_text())
    text = page(results, faults)
    if arguments.check:
        sys.exit(0 if arguments.output.read_text() == text else "the page is another")
    arguments.output.write_text(text)


if __name__ == "__main__":
    main()
