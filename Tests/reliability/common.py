"""What the scripts of this folder share: the program, strace, folders and counts.

They run the program `sphere` under strace, which lets a system call fail or kills the process at
one. A script prints one line per kind of trial, "NAME: N tried, N right", and details of what was
wrong. Exit codes: 0 all right, 1 something was wrong, 77 skipped since strace or the program is
missing.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77

# Calls by which a program changes files and folders.
CALLS = [
    "openat", "open", "creat", "write", "pwrite64", "writev", "fsync", "fdatasync", "rename",
    "renameat", "renameat2", "close", "mkdir", "mkdirat", "unlink", "unlinkat", "rmdir", "link",
    "linkat", "ftruncate", "fchmod", "fchown",
]


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--program", default=".build/release/sphere", help="the program to try")
    parser.add_argument("--maps", type=int, default=512, help="maps of a training")
    parser.add_argument("--every", type=int, default=1, help="try one call in so many")
    parser.add_argument("--only", help="kinds of trial whose name has this text")
    options = parser.parse_args()
    options.program = os.path.abspath(options.program)
    if not shutil.which("strace"):
        skip("strace is not installed (Debian: apt-get install strace)")
    if not os.access(options.program, os.X_OK):
        skip(f"{options.program} is not there; build it with swift build -c release")
    probe = subprocess.run(["strace", "-e", "trace=none", "true"], capture_output=True, text=True)
    if probe.returncode != 0:
        skip(f"strace cannot trace here: {probe.stderr.strip()}")
    return options


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


class Folder:
    """A new empty folder, removed at the end of a with block."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="sphere-reliability-")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name):
        return os.path.join(self.path, name)

    def snapshot(self):
        """Every file below the folder with its digest, and every folder."""
        result = {}
        for place, folders, files in os.walk(self.path):
            for name in folders:
                result[os.path.relpath(os.path.join(place, name), self.path)] = "folder"
            for name in files:
                path = os.path.join(place, name)
                with open(path, "rb") as file:
                    digest = hashlib.sha256(file.read()).hexdigest()
                result[os.path.relpath(path, self.path)] = digest
        return result

    def unfinished(self):
        """Temporary files and folders."""
        return [name for name in self.snapshot() if ".partial" in name]


class Call:
    """A system call of a trace: its thread, name, ordinal among its thread's of the name, text."""

    def __init__(self, thread, name, ordinal, text):
        self.thread, self.name, self.ordinal, self.text = thread, name, ordinal, text

    def __str__(self):
        return f"{self.name} number {self.ordinal}: {self.text[:110]}"


class Program:
    def __init__(self, path):
        self.path = path

    def run(self, words, folder, inject=None, trace=None, timeout=300):
        """Runs the program in a folder; returns exit code (minus a signal) and messages."""
        command = [self.path] + words
        if inject or trace:
            calls = ",".join("?" + call for call in CALLS)
            command = (
                ["strace", "-f", "-y", "-qq", "-s", "16", "-o", trace or "/dev/null"]
                + ["-e", "trace=" + calls] + (["-e", "inject=" + inject] if inject else [])
                + command
            )
        done = subprocess.run(
            command, cwd=folder.path, capture_output=True, text=True, timeout=timeout,
            stdin=subprocess.DEVNULL)
        return done.returncode, done.stderr

    def calls(self, words, folder):
        """The calls of the program's main thread that touch files of the folder, in order."""
        with tempfile.NamedTemporaryFile(mode="r") as log:
            code, messages = self.run(words, folder, trace=log.name)
            if code != 0:
                raise RuntimeError(f"{words}: exit {code}: {messages}")
            return main_calls(log.read(), folder.path)


def main_calls(text, folder):
    found, counts, main = [], {}, None
    folder = os.path.realpath(folder)
    for line in text.splitlines():
        match = re.match(r"(\d+)\s+(\w+)\((.*)", line)
        if not match:
            continue
        thread, name, rest = match.groups()
        main = main or thread
        if thread != main:
            continue
        counts[name] = counts.get(name, 0) + 1
        # The current folder, which strace adds to every relative path, is no file of the call.
        rest = rest.replace(f"AT_FDCWD<{folder}>", "AT_FDCWD")
        if folder in rest or re.match(r'AT_FDCWD, "[^/]|"[^/]', rest):
            found.append(Call(thread, name, counts[name], rest.replace(folder + "/", "")))
    return found


class Tally:
    """Counts of trials by kind."""

    def __init__(self):
        self.kinds = {}

    def add(self, kind, faults, what):
        tried, right = self.kinds.get(kind, (0, 0))
        self.kinds[kind] = (tried + 1, right + (not faults))
        for fault in faults:
            print(f"  wrong: {kind}: {what}: {fault}", flush=True)

    def finish(self):
        wrong = 0
        for kind, (tried, right) in self.kinds.items():
            print(f"{kind}: {tried} tried, {right} right")
            wrong += tried - right
        if not self.kinds:
            print("wrong: nothing was tried")
        sys.exit(1 if wrong or not self.kinds else 0)
