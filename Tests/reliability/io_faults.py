#!/usr/bin/env python3
"""Lets every system call fail that writes, flushes, names or closes an output of the program.

For training, simulation, synthesis, conversion and others: first a run that is only watched, then
one run per call of the main thread that touches the folder and per error (disk full, input/output
error, read-only file system), in which this call fails. Right is, for each:

  the exit code is 73 (66 for something that is read), the message has the system's words for this
  error, what was there before is as it was, and no unfinished file is left; or the fault did no
  harm (the flushing of a folder, the closing of something that was only read): exit code 0 and
  the same bytes as without it; after a failed training the same command, or with a checkpoint the
  one with --resume, comes to the same bytes, and unfinished files that could not be removed are
  gone.

Run from the package's folder: Tests/reliability/io_faults.py [--program sphere] [--every N]
"""

import os
import shutil

from common import Folder, Program, Tally, arguments

ERRORS = {
    "ENOSPC": "No space left on device",
    "EIO": "Input/output error",
    "EROFS": "Read-only file system",
}

# Calls of which a failure must be noticed, when they touch an unfinished file.
TELLING = {"write", "pwrite64", "fsync", "rename", "renameat", "renameat2", "mkdir", "ftruncate"}


def scenarios(options):
    """Name, files of the start, words of the command, outputs."""
    train = ["train", "--task", "t1", "--maps", str(options.maps), "--seed", "8", "--threads", "1"]
    fixtures = os.path.abspath("Fixtures")
    published = f"{fixtures}/models/t2-published-published.safetensors"
    sky = f"{fixtures}/maps/t1/map0.fits"
    return [
        ("train", None, train + ["--output", "m.safetensors"]),
        ("simulate", None, ["simulate", "--task", "t1", "--count", "2", "--output", "maps"]),
        ("analyze", None, ["analyze", sky, "--lmax", "8", "--output", "out.fits"]),
        ("synthesize", "alm.fits",
         ["synthesize", "alm.fits", "--nside", "4", "--output", "out.fits"]),
        ("spectrum", None, ["spectrum", sky, "--output", "out.fits"]),
        ("convert", None, ["convert", published, "out.pt"]),
        ("plot", None, ["plot", sky, "--output", "out.png"]),
    ]


def prepare(program, folder, start):
    """The coefficients that a synthesis begins with."""
    if start == "alm.fits":
        sky = os.path.abspath("Fixtures/maps/t1/map0.fits")
        words = ["analyze", sky, "--lmax", "8", "--output", "alm.fits"]
        code, messages = program.run(words, folder)
        if code != 0:
            raise RuntimeError(messages)


def output(words):
    return words[words.index("--output") + 1] if "--output" in words else words[-1]


def old_files(words, folder):
    """An earlier output, which must survive: for a model its record too."""
    name = output(words)
    if name == "maps":
        return
    with open(folder.file(name), "w") as file:
        file.write("old")
    os.chmod(folder.file(name), 0o640)
    if name == "m.safetensors":
        shutil.copy("Fixtures/models/t1-physical-isotropic-noise0.json", folder.file("m.json"))


def is_removal(call):
    return call.name.startswith(("unlink", "rmdir"))


def is_telling(call, calls):
    """Whether the fault of a call must be noticed: all but the flushing of folders."""
    if call.name not in TELLING or "partial" not in call.text:
        return False
    if call.name != "fsync":
        return True
    opened = [c for c in calls if c.name == "openat" and calls.index(c) < calls.index(call)]
    return not opened or "O_DIRECTORY" not in opened[-1].text


def faults_of(program, folder, words, call, calls, error, before, reference):
    code, messages = program.run(
        words, folder, inject=f"{call.name}:error={error}:when={call.ordinal}")
    after = folder.snapshot()
    faults = []
    left = [name for name in after if ".partial" in name]
    if code == 0:
        # What could not be removed is left, and keeps its folder.
        own = {
            k: v for k, v in after.items()
            if k not in left and k != "m.json"
            and not (is_removal(call) and k.startswith("m.checkpoints"))
        }
        if own != reference:
            faults.append("exit 0 and other bytes than without the fault")
        if is_telling(call, calls):
            faults.append("the fault went unnoticed")
    elif code == 73 or code == 66 and "O_RDONLY" in call.text:
        if ERRORS[error] not in messages:
            faults.append(f"no '{ERRORS[error]}' in: {messages.strip()[-300:]}")
        changed = {
            name for name in set(before) | set(after)
            if before.get(name) != after.get(name) and "checkpoints" not in name
            and name not in left
        }
        if changed:
            faults.append(f"changed: {sorted(changed)}")
    else:
        faults.append(f"exit {code}: {messages.strip()[-300:]}")
    # A file that could not be removed stays until the next run.
    if left and not is_removal(call):
        faults.append(f"left: {left}")
    if code != 0 and "train" in words:
        faults += resumption(program, folder, words, reference)
    return faults


def resumption(program, folder, words, reference):
    has_checkpoint = os.path.exists(folder.file("m.checkpoints/checkpoint.safetensors"))
    code, messages = program.run(words + (["--resume"] if has_checkpoint else []), folder)
    if code != 0:
        return [f"resuming: exit {code}: {messages.strip()[-300:]}"]
    after = {k: v for k, v in folder.snapshot().items() if k != "m.json"}
    return [] if after == reference else [f"resumed to {sorted(after)}, other bytes"]


def main():
    options = arguments(__doc__.splitlines()[0])
    program, tally = Program(options.program), Tally()
    for name, start, words in scenarios(options):
        if options.only and options.only not in name:
            continue
        with Folder() as folder:
            prepare(program, folder, start)
            old_files(words, folder)
            calls = program.calls(words, folder)
            # The record has the time of the run in it.
            reference = {k: v for k, v in folder.snapshot().items() if k != "m.json"}
        for number, call in enumerate(calls):
            for shift, error in enumerate(ERRORS):
                if (number + shift) % options.every:
                    continue
                with Folder() as folder:
                    prepare(program, folder, start)
                    old_files(words, folder)
                    before = folder.snapshot()
                    faults = faults_of(
                        program, folder, words, call, calls, error, before, reference)
                    tally.add(f"{name}, {call.name}", faults, f"{error} at {call}")
    tally.finish()


if __name__ == "__main__":
    main()
