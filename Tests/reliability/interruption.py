#!/usr/bin/env python3
"""Measures how long commands take to stop after Ctrl-C, at times all over their stages.

Right is, for each: exit code 130 within the limit, or the command had ended before. The longest
time is printed per command.

Run from the package's folder: Tests/reliability/interruption.py [--program sphere] [--count N]
"""

import shutil
import signal
import subprocess
import time

from common import Folder, Tally
from trials import FIXTURES, MODEL, options

# Seconds from the signal to the end of the process.
LIMIT = 5.0

T2_MASK = ["--task", "t2", "--fsky", "0.65"]
T2_CUT = ["--task", "t2", "--fsky", "0.1"]

MODEL_OUTPUT = ["--output", "new.safetensors"]

# Name, words, seconds within which signals are sent.
COMMANDS = [
    ("train t1", ["train", "--task", "t1", "--maps", "60000"] + MODEL_OUTPUT, 60),
    ("train t1, readout density",
        ["train", "--task", "t1", "--maps", "60000", "--readout", "density"] + MODEL_OUTPUT, 60),
    ("train t2", ["train", "--task", "t2", "--maps", "20000"] + MODEL_OUTPUT, 60),
    ("train t2, filters of a cut sky", ["train", *T2_MASK, "--maps", "20000"] + MODEL_OUTPUT, 90),
    ("train t2, filters of a small cap", ["train", *T2_CUT, "--maps", "20000"] + MODEL_OUTPUT, 60),
    ("train published",
        ["train", "--task", "t1", "--architecture", "published", "--maps", "4096"] + MODEL_OUTPUT,
        20),
    ("limits t2, cut sky", ["limits", *T2_CUT], 60),
    ("limits t2, large cut sky", ["limits", *T2_MASK], 90),
    ("limits t1", ["limits", "--task", "t1"], 4),
    ("baseline t2, cut sky", ["baseline", *T2_CUT, "--count", "2000"], 60),
    ("calibrate", ["calibrate", "--model", "m.safetensors"], 20),
    ("simulate", ["simulate", "--task", "t2", "--count", "20000", "--output", "maps"], 20),
    ("study exactness", ["study", "exactness", "--output", "out"], 20),
    ("study equivariance", ["study", "equivariance", "--output", "out"], 20),
    ("study detection", ["study", "detection", "--output", "out.csv"], 30),
    ("reproduce", ["reproduce", "--output", "out"], 60),
    ("verify", ["verify"], 20),
    ("resample nside 2048", ["resample", f"{FIXTURES}/maps/t1/map0.fits", "--to", "nside2048"]
        + ["--method", "harmonic", "--output", "out.fits"], 20),
]


def reaction(program, words, folder, delay):
    """Exit code, seconds from the signal to the end (None: it ended before), messages."""
    with open(folder.file("messages"), "w+") as log:
        process = subprocess.Popen(
            [program] + words, cwd=folder.path, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=log)
        try:
            process.wait(timeout=delay)
            took = None
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            sent = time.monotonic()
            try:
                process.wait(timeout=300)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            took = time.monotonic() - sent
        log.seek(0)
        return process.returncode, took, log.read()


def main():
    chosen = options(__doc__, count=5)
    tally = Tally()
    for name, words, seconds in COMMANDS:
        if chosen.only not in name:
            continue
        longest, where = 0.0, 0.0
        for k in range(chosen.count):
            # Not before the program has taken the signals over.
            delay = 0.2 + (k + 0.5) / chosen.count * seconds
            with Folder() as folder:
                shutil.copy(MODEL, folder.file("m.safetensors"))
                code, took, messages = reaction(chosen.program, words, folder, delay)
            if took is None and code == 0:
                tally.add(f"Ctrl-C: {name}", [], "ended before")
                break
            faults = []
            if code != 130:
                faults.append(f"exit code {code}: {messages.strip()[-300:]}")
            elif took > LIMIT:
                faults.append(f"{took:.1f} s until the end: {messages.strip()[-200:]}")
            if took is not None and took > longest:
                longest, where = took, delay
            tally.add(f"Ctrl-C: {name}", faults, f"after {delay:.1f} s")
        print(f"  {name}: at most {longest:.2f} s, after {where:.1f} s", flush=True)
    tally.finish()


if __name__ == "__main__":
    main()
