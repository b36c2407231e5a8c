import os
import pathlib

import pytest


@pytest.fixture(scope="session")
def tree():
    """The source tree: SPECTRALSPHERE_TREE, or the one that the tests lie in."""
    named = os.environ.get("SPECTRALSPHERE_TREE")
    return pathlib.Path(named) if named else pathlib.Path(__file__).resolve().parents[3]
