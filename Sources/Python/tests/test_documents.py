"""The blocks of Docs/Python.md and Docs/PythonTesting.md and the scripts of Docs/examples run as they stand."""

import importlib.util
import re
import runpy
import sys

import pytest


def blocks(page):
    """The Python blocks of a page: (line, code)."""
    text = page.read_text(encoding="utf-8")
    return [(text[:match.start(1)].count("\n") + 1, match.group(1))
            for match in re.finditer(r"^```python\n(.*?)^```$", text, re.M | re.S)]


@pytest.mark.parametrize("page, fewest", [("Python", 9), ("PythonTesting", 3)])
def test_pages(tree, tmp_path, monkeypatch, page, fewest):
    """One after the other with one set of names, as a reader types them; blocks for packages that
    are not installed are told."""
    monkeypatch.chdir(tmp_path)
    for folder in ("Docs", "Fixtures"):
        (tmp_path / folder).symlink_to(tree / folder)
    names, run, left_out = {"__name__": "tutorial"}, 0, []
    for line, code in blocks(tree / f"Docs/{page}.md"):
        needed = set(re.findall(r"^(?:import|from) (\w+)", code, re.M))
        missing = [name for name in needed if importlib.util.find_spec(name) is None]
        if missing:
            left_out.append(f"line {line}: without {', '.join(missing)}")
            continue
        exec(compile("\n" * line + code, f"Docs/{page}.md", "exec"), names)
        run += 1
    print(f"{run} blocks run; {left_out}")
    assert run >= fewest
    tests = [value for name, value in names.items() if name.startswith("test_random")]
    for test in tests:
        test()
    assert (page == "Python") == (tmp_path / "sky.png").exists() and (page == "Python") != bool(tests)


def test_script(tree, tmp_path, monkeypatch):
    """The picture of a map, its spectrum and a prediction."""
    pytest.importorskip("matplotlib")
    pytest.importorskip("healpy")
    monkeypatch.chdir(tmp_path)
    for folder in ("Docs", "Fixtures"):
        (tmp_path / folder).symlink_to(tree / folder)
    monkeypatch.setattr(sys, "argv", ["sky.py"])
    runpy.run_path(str(tree / "Docs/examples/sky.py"), run_name="__main__")
    assert (tmp_path / "sky.png").stat().st_size > 10_000


def test_no_stale_names():
    """Every public name has a docstring, and __all__ names what is there."""
    import spectralsphere as sphere
    for name in sphere.__all__:
        value = getattr(sphere, name)
        assert name in ("licence",) or value.__doc__, name
