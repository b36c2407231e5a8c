"""The plugin for pytest: options, and at the end what all conformance cases together come to.

It does not import spectralsphere: runs that have nothing to do with it pay nothing.
"""

import os
import pathlib
import shutil
import sys
import tempfile

import pytest

# Options and the variables that spectralsphere.testing reads; workers of pytest-xdist inherit them.
OPTIONS = {"--spectralsphere-kit": "SPECTRALSPHERE_KIT",
           "--spectralsphere-precision": "SPECTRALSPHERE_PRECISION"}
RECORDS = "SPECTRALSPHERE_RECORDS"


def pytest_addoption(parser):
    group = parser.getgroup("spectralsphere", "conformance of spherical harmonic transforms")
    group.addoption("--spectralsphere-kit", metavar="FOLDER",
                    help="the conformance kit; default: SPECTRALSPHERE_KIT, or the shipped one")
    group.addoption("--spectralsphere-precision", metavar="NAME",
                    help="what is computed in, if it is less than the type of the outputs: "
                    "f32-all, tf32, f16, bf16; default: SPECTRALSPHERE_PRECISION, or files")


def pytest_configure(config):
    before = {name: os.environ.get(name) for name in (*OPTIONS.values(), RECORDS)}
    for option, variable in OPTIONS.items():
        value = config.getoption(option)
        if value:
            os.environ[variable] = value
    config.spectralsphere_folder = None
    if not hasattr(config, "workerinput"):
        config.spectralsphere_folder = pathlib.Path(tempfile.mkdtemp(prefix="spectralsphere-"))
        os.environ[RECORDS] = str(config.spectralsphere_folder)
    config.add_cleanup(lambda: _restore(config, before))


def _restore(config, before):
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    if config.spectralsphere_folder:
        shutil.rmtree(config.spectralsphere_folder, ignore_errors=True)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    """Notes what a test with a case came to besides the verdict on its outputs."""
    report = (yield).get_result()
    case = _case(item)
    if case is None or report.when != "call":
        return
    from spectralsphere.testing import _judge

    if hasattr(report, "wasxfail") and report.skipped:
        _judge.record(case, "known", text=report.wasxfail)
    elif report.skipped:
        _judge.record(case, "absent", text=str(call.excinfo.value))
    elif report.failed and call.excinfo and not call.excinfo.errisinstance(AssertionError):
        _judge.record(case, "failed", text=f"raised {call.excinfo.exconly()}"[:300])


def _case(item):
    """The case that a test runs with, or None."""
    testing = sys.modules.get("spectralsphere.testing")
    if testing is None or not hasattr(item, "callspec"):
        return None
    found = [value for value in item.callspec.params.values() if isinstance(value, testing.Case)]
    return found[0] if found else None


def pytest_terminal_summary(terminalreporter, config):
    folder = config.spectralsphere_folder
    if folder is None or not any(folder.iterdir()):
        return
    from spectralsphere.testing import _judge

    terminalreporter.section("conformance (spectralsphere)")
    for line in _judge.summary_lines(folder):
        terminalreporter.write_line(line)
