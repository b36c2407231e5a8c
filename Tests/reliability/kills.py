#!/usr/bin/env python3
"""Kills the program before each system call with which it changes files.

For training over an older model and its record, and for simulation: first a run that is only
watched, then one run per call of the main thread that touches the folder, killed before this call
(SIGKILL: no handler runs). Right is, for each:

  model and record: both old, the old or the new model without a record, or both new; never a new
  model beside an old record, or half a file;
  the same command, with --resume if there is a checkpoint, comes to the bytes of a run that was not
  killed, and leaves no unfinished file of the killed one.

Run from the package's folder: Tests/reliability/kills.py [--program sphere] [--every N]
"""

import json
import os
import shutil

from common import Folder, Program, Tally, arguments

OLD = "Fixtures/models/t1-physical-isotropic-noise0"


def state(folder, old, new_model):
    """What model and record are: old, new, none, or something else."""
    def kind(name, is_new):
        if name not in files:
            return "none"
        if files[name] == old[name]:
            return "old"
        return "new" if is_new(folder.file(name)) else "broken"

    def is_new_record(path):
        try:
            with open(path) as file:
                return json.load(file)["configuration"]["seed"] == 8
        except (ValueError, KeyError):
            return False

    files = folder.snapshot()
    return (
        kind("m.safetensors", lambda _: files["m.safetensors"] == new_model),
        kind("m.json", is_new_record),
    )


def old_pair(folder):
    shutil.copy(OLD + ".safetensors", folder.file("m.safetensors"))
    shutil.copy(OLD + ".json", folder.file("m.json"))


def train(program, tally, options):
    words = ["train", "--task", "t1", "--maps", str(options.maps), "--seed", "8", "--threads", "1"]
    words += ["--output", "m.safetensors"]
    with Folder() as folder:
        old_pair(folder)
        old = folder.snapshot()
        calls = program.calls(words, folder)
        new_model = folder.snapshot()["m.safetensors"]
    allowed = {("old", "old"), ("old", "none"), ("new", "none"), ("new", "new")}
    for call in calls[::options.every]:
        with Folder() as folder:
            old_pair(folder)
            program.run(words, folder, inject=f"{call.name}:signal=SIGKILL:when={call.ordinal}")
            found, faults = state(folder, old, new_model), []
            if found not in allowed:
                faults.append(f"model {found[0]}, record {found[1]}")
            has_checkpoint = os.path.exists(folder.file("m.checkpoints/checkpoint.safetensors"))
            code, messages = program.run(words + (["--resume"] if has_checkpoint else []), folder)
            if code != 0:
                faults.append(f"resuming: exit {code}: {messages.strip()[-300:]}")
            if state(folder, old, new_model) != ("new", "new"):
                faults.append(f"resumed to {state(folder, old, new_model)}")
            if set(folder.snapshot()) != {"m.safetensors", "m.json"}:
                faults.append(f"left: {sorted(folder.snapshot())}")
            tally.add("train killed, " + "+".join(found), faults, str(call))


def simulate(program, tally, options):
    words = ["simulate", "--task", "t1", "--count", "2", "--output", "maps"]
    with Folder() as folder:
        calls = program.calls(words, folder)
        reference = folder.snapshot()
    for call in calls[::options.every]:
        with Folder() as folder:
            program.run(words, folder, inject=f"{call.name}:signal=SIGKILL:when={call.ordinal}")
            found = folder.snapshot()
            complete = {k: v for k, v in found.items() if ".partial" not in k}
            faults = []
            if complete not in ({}, reference):
                faults.append(f"found {sorted(complete)}")
            if not complete:
                code, messages = program.run(words, folder)
                if code != 0:
                    faults.append(f"again: exit {code}: {messages.strip()[-300:]}")
                if folder.snapshot() != reference:
                    faults.append(f"again: {sorted(folder.snapshot())}")
            tally.add("simulate killed", faults, str(call))


def main():
    options = arguments(__doc__.splitlines()[0])
    program, tally = Program(options.program), Tally()
    for name, trial in [("train", train), ("simulate", simulate)]:
        if not options.only or options.only in name:
            trial(program, tally, options)
    tally.finish()


if __name__ == "__main__":
    main()
