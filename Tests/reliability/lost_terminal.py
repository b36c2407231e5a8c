#!/usr/bin/env python3
"""Takes the terminal away from a program that trains.

A training draws its bar on a pseudo-terminal. Two trials:

  without a signal (the terminal is not the process's own, as behind nohup or in another session):
  the run goes on and comes to the bytes of a run that could write;
  with the signal SIGHUP that the system sends when its own terminal goes: the run writes its
  checkpoint and ends with exit code 129, and resumes to the same bytes.

Run from the package's folder: Tests/reliability/lost_terminal.py [--program sphere] [--maps N]
"""

import os
import pty
import select
import subprocess
import time

from common import Folder, Program, Tally, arguments


def train(options):
    maps = max(options.maps, 4000)
    words = ["train", "--task", "t1", "--maps", str(maps), "--batch", "4", "--seed", "8"]
    return words + ["--output", "m.safetensors"]


def read_until(master, word, limit=120):
    """What the terminal shows, until it has shown a word."""
    shown, end = b"", time.monotonic() + limit
    while word not in shown and time.monotonic() < end:
        if select.select([master], [], [], 1)[0]:
            try:
                shown += os.read(master, 4096)
            except OSError:
                break
    return word in shown


def without_signal(program, folder, words):
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [program.path] + words, cwd=folder.path, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=slave, start_new_session=True)
    os.close(slave)
    faults = [] if read_until(master, b"training") else ["the bar of the training is not shown"]
    os.close(master)
    code = process.wait(timeout=600)
    return faults + ([] if code == 0 else [f"exit {code}"])


def with_signal(program, folder, words):
    process, master = pty.fork()
    if process == 0:
        os.chdir(folder.path)
        os.execv(program.path, [program.path] + words)
    faults = [] if read_until(master, b"training") else ["the bar of the training is not shown"]
    os.close(master)
    status = os.waitpid(process, 0)[1]
    if not os.WIFEXITED(status) or os.WEXITSTATUS(status) != 129:
        faults.append(f"ended with status {status}, expected exit code 129")
    if not os.path.exists(folder.file("m.checkpoints/checkpoint.safetensors")):
        return faults + ["no checkpoint"]
    code, messages = program.run(words + ["--resume"], folder)
    return faults + ([] if code == 0 else [f"resuming: exit {code}: {messages.strip()[-300:]}"])


def main():
    options = arguments(__doc__.splitlines()[0])
    program, tally = Program(options.program), Tally()
    words = train(options)
    with Folder() as folder:
        code, messages = program.run(words, folder)
        if code != 0:
            raise RuntimeError(messages)
        reference = folder.snapshot()["m.safetensors"]
    for name, trial in [
        ("lost terminal, no signal", without_signal), ("lost terminal, SIGHUP", with_signal),
    ]:
        with Folder() as folder:
            faults = trial(program, folder, words)
            found = folder.snapshot()
            if found.get("m.safetensors") != reference:
                faults.append("other bytes")
            if set(found) != {"m.safetensors", "m.json"}:
                faults.append(f"left: {sorted(found)}")
            tally.add(name, faults, "train")
    tally.finish()


if __name__ == "__main__":
    main()
