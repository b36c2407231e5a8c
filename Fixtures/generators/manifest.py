"""Keeps Fixtures/manifest/<topic>.json: one entry for every recorded file.

    python manifest.py            recompute the hashes of every listed file
    python manifest.py --check    change nothing; exit 1 unless every hash matches, every entry is
                                  complete and every file under Fixtures is listed
    python manifest.py --topic networks --topic training     only these

An entry holds path (relative to Fixtures), sha256, generator, command, packages (name ->
version), seed, conventions, tolerance and used_by (the suites that read the file). A topic's file
is a list of entries sorted by path. Generators add theirs with `merge`; an entry may also be
written by hand, and then this script fills in the hash.
"""

import argparse
import hashlib
import json
import pathlib
import sys

FIXTURES = pathlib.Path(__file__).resolve().parent.parent

FIELDS = [
    "path", "sha256", "generator", "command", "packages", "seed", "conventions", "tolerance",
    "used_by",
]

# Folders of Fixtures that hold no recorded data.
NOT_DATA = {"adapters", "generators", "manifest"}


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def manifest_path(root, topic):
    return pathlib.Path(root) / "manifest" / f"{topic}.json"


def read(root, topic):
    """The entries of a topic; none if its manifest does not exist."""
    path = manifest_path(root, topic)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def write(root, topic, entries):
    path = manifest_path(root, topic)
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = sorted(entries, key=lambda entry: entry["path"])
    path.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def merge(root, topic, entry):
    """Adds an entry, or replaces the one with the same path."""
    others = [other for other in read(root, topic) if other["path"] != entry["path"]]
    write(root, topic, others + [entry])


def update(root, topic):
    """Recomputes the hashes of a topic. Returns what is wrong and cannot be put right here."""
    entries, problems = read(root, topic), []
    for entry in entries:
        file = root / entry["path"]
        if not file.is_file():
            problems.append(f"{topic}: {entry['path']} does not exist")
            continue
        found = sha256(file)
        if entry.get("sha256") != found:
            print(f"{topic}: new hash for {entry['path']}")
            entry["sha256"] = found
    write(root, topic, entries)
    return problems


def check(root, topic):
    """What is wrong with the entries of a topic."""
    problems, seen = [], set()
    for entry in read(root, topic):
        path = entry.get("path", "(no path)")
        if path in seen:
            problems.append(f"{topic}: {path} is listed twice")
        seen.add(path)
        for field in FIELDS:
            if entry.get(field) in (None, "", [], {}):
                problems.append(f"{topic}: {path} has no {field}")
        if not (root / path).is_file():
            problems.append(f"{topic}: {path} does not exist (paths are relative to Fixtures)")
        elif entry.get("sha256") != sha256(root / path):
            problems.append(f"{topic}: {path} differs from its recorded sha256")
    return problems


def unlisted(root):
    """Files of Fixtures that no topic lists."""
    listed = {
        entry["path"]
        for file in (root / "manifest").glob("*.json") for entry in read(root, file.stem)
    }
    files = (file.relative_to(root) for file in root.rglob("*") if file.is_file())
    return sorted(
        file.as_posix() for file in files
        if file.parts[0] not in NOT_DATA and file.as_posix() not in listed)


def main():
    parser = argparse.ArgumentParser(description="Update or verify Fixtures/manifest.")
    parser.add_argument("--check", action="store_true", help="verify, change nothing")
    parser.add_argument("--topic", action="append", help="only this topic (may be repeated)")
    parser.add_argument("--root", type=pathlib.Path, default=FIXTURES)
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    topics = arguments.topic or sorted(file.stem for file in (root / "manifest").glob("*.json"))
    for topic in topics:
        if not manifest_path(root, topic).is_file():
            parser.error(f"there is no {manifest_path(root, topic)}")
    if not topics:
        parser.error(f"there is no manifest in {root / 'manifest'}")
    examine = check if arguments.check else update
    problems = [problem for topic in topics for problem in examine(root, topic)]
    if arguments.check and not arguments.topic:
        problems += [f"{path} is listed in no manifest" for path in unlisted(root)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        count = sum(len(read(root, topic)) for topic in topics)
        outcome = "verified" if arguments.check else "up to date"
        print(f"{count} files in {len(topics)} topics: {outcome}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
