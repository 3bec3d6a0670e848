"""Plugins: files, modules and installed packages that register themselves when they are loaded."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from reportgen import plugins
from reportgen.errors import UsageError
from reportgen.registry import Registry

HOST = "plugin_host"
PLUGIN = """
import {host}
from reportgen.registry import Definition

{host}.loads.append(__name__)
{host}.things.add(Definition({name!r}, lambda name, parameters: {value!r}))
"""


class Host:
    """Stands for `reportgen.nn.initializers`: a module with a registry that plugins import."""

    def __init__(self) -> None:
        self.things: Registry[int] = Registry("thing")
        self.loads: list[str] = []


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Host]:
    host = Host()
    monkeypatch.setitem(sys.modules, HOST, host)
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    plugins._installed.cache_clear()
    plugins._load_module.cache_clear()
    yield host
    for name in set(sys.modules) - before:
        del sys.modules[name]
    plugins._installed.cache_clear()
    plugins._load_module.cache_clear()


def plugin(path: Path, name: str = "mine", value: int = 1) -> str:
    """Write a plugin that registers a number, and return its path as a user would give it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PLUGIN.format(host=HOST, name=name, value=value))
    return str(path)


def test_a_file_registers_what_it_defines(host: Host, tmp_path: Path) -> None:
    plugins.load([plugin(tmp_path / "my init.py")])
    assert host.things.get("mine") == 1


def test_a_file_is_run_once_however_often_and_under_whatever_spelling_it_is_loaded(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plugin(tmp_path / "my_init.py")
    monkeypatch.chdir(tmp_path)
    plugins.load([path, "my_init.py", "./my_init.py"])
    plugins.load([path])
    assert len(host.loads) == 1


def test_a_file_that_has_changed_is_run_again_even_within_one_tick_of_the_clock(host: Host, tmp_path: Path) -> None:
    for value in (1, 2, 1):
        plugins.load([plugin(tmp_path / "my_init.py", value=value)])
        assert host.things.get("mine") == value
    assert not list(tmp_path.glob("__pycache__"))


def test_files_of_one_name_in_two_folders_are_two_plugins(host: Host, tmp_path: Path) -> None:
    plugins.load([plugin(tmp_path / "a/init.py", "first"), plugin(tmp_path / "b/init.py", "second")])
    assert host.things.names() == ["first", "second"]
    assert len(set(host.loads)) == 2


def test_threads_that_load_a_file_together_run_it_once(host: Host, tmp_path: Path) -> None:
    path = plugin(tmp_path / "my_init.py")
    Path(path).write_text("import time; time.sleep(0.05)\n" + Path(path).read_text())
    threads = [threading.Thread(target=plugins.load, args=([path],)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(host.loads) == 1


def test_a_file_may_hold_dataclasses_with_postponed_annotations(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "record.py"
    path.write_text(
        "from __future__ import annotations\nfrom dataclasses import dataclass\nfrom typing import ClassVar\n"
        f"import {HOST}\n@dataclass\nclass R:\n    x: int\n    y: ClassVar[int] = 2\n{HOST}.loads.append(str(R(1)))\n"
    )
    plugins.load([str(path)])
    assert host.loads == ["R(x=1)"]


def test_a_dotted_module_is_loaded(host: Host, tmp_path: Path) -> None:
    plugin(tmp_path / "my_package/inits.py")
    plugins.load(["my_package.inits"])
    assert host.things.get("mine") == 1


def test_an_installed_package_is_loaded_through_its_entry_point_without_being_named(host: Host, tmp_path: Path) -> None:
    without = plugins.digest()
    plugin(tmp_path / "installed_inits.py")
    info = tmp_path / "installed_inits-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: installed-inits\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\nanything = installed_inits\n")
    plugins._installed.cache_clear()
    plugins.load()
    assert host.things.get("mine") == 1
    assert plugins.digest() != without


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("missing.py", r"^plugin missing\.py: there is no such file$"),
        ("some/where/missing.py", "there is no such file"),
        (".", "there is no module"),
        ("./", "cannot be read: Is a directory"),
        ("no_such_module", r"^plugin no_such_module: there is no module of this name"),
        ("no_such.module", "there is no module of this name"),
        ("json.no_such_module", "there is no module of this name"),
        ("", "there is no module"),
        ("two words", "there is no module"),
    ],
)
def test_a_plugin_that_is_not_there_is_one_line(name: str, expected: str) -> None:
    with pytest.raises(UsageError, match=expected) as caught:
        plugins.load([name])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1\nx / 0\n", r"ZeroDivisionError: division by zero \(.*broken\.py:2\)$"),
        ("def f():\n    return {}['a']\nf()\n", r"KeyError: 'a' \(.*broken\.py:2, in f\)$"),
        ("import json\n\njson.loads('')\n", r"JSONDecodeError: Expecting value.* \(.*broken\.py:3\)$"),
        ("a = 1\nb = = 2\n", r"SyntaxError: invalid syntax \(.*broken\.py:2\)$"),
        ("raise ValueError('two\\nlines')\n", r"ValueError: two lines \("),
        ("import no_such_dependency\n", r"ModuleNotFoundError: .*no_such_dependency.* \(.*broken\.py:1\)$"),
        ("\nraise SystemExit(3)\n", r"SystemExit: 3 \(.*broken\.py:2\)$"),
        (
            "from reportgen.errors import UsageError\nraise UsageError('the name is taken')\n",
            r"^plugin [^:]*broken\.py: the name is taken \(.*broken\.py:2\)$",
        ),
    ],
)
@pytest.mark.parametrize("as_module", [False, True])
def test_what_fails_inside_a_plugin_is_one_line_with_the_place(
    host: Host, tmp_path: Path, source: str, expected: str, as_module: bool
) -> None:
    path = tmp_path / "broken.py"
    path.write_text(source)
    with pytest.raises(UsageError, match=expected.replace("broken\\.py: the", r"broken(\.py)?: the")) as caught:
        plugins.load(["broken" if as_module else str(path)])
    assert "\n" not in str(caught.value)


def test_a_plugin_that_failed_can_be_mended_and_loaded(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "mended.py"
    path.write_text("1 / 0")
    with pytest.raises(UsageError):
        plugins.load([str(path)])
    plugins.load([plugin(path)])
    assert host.things.get("mine") == 1


def test_the_digest_follows_the_content_of_a_file_and_not_its_place(host: Host, tmp_path: Path) -> None:
    first = plugins.digest([plugin(tmp_path / "a/one.py")])
    assert plugins.digest([plugin(tmp_path / "b/two.py")]) == first
    assert plugins.digest([plugin(tmp_path / "a/one.py", value=2)]) != first
    assert plugins.digest() != first


def test_the_digest_of_a_package_covers_every_source_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    inner = tmp_path / "digested/inner"
    inner.mkdir(parents=True)
    (inner / "deep.py").write_text("x = 1")
    first = plugins.source_digest("digested")
    (inner / "notes.txt").write_text("not code")
    assert plugins.source_digest("digested") == first
    (inner / "deep.py").rename(inner / "deeper.py")
    renamed = plugins.source_digest("digested")
    (inner / "deeper.py").write_text("x = 2")
    assert len({first, renamed, plugins.source_digest("digested")}) == 3


def test_the_digest_is_the_same_in_another_process(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "quiet.py"
    path.write_text("x = 1")
    code = f"from reportgen import plugins; print(plugins.digest([{str(path)!r}]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == plugins.digest([str(path)])


def test_absolute_names_mean_the_same_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert plugins.absolute(["my_init.py", "my.module"]) == (str(tmp_path.resolve() / "my_init.py"), "my.module")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("__main__", "plugin __main__: this is the program that runs; name a file or another module"),
        ("a\0b.py", r"plugin a\x00b.py: cannot be read: no file can have this name"),
        ("~no_such_user_here/x.py", "cannot be read: could not determine home directory"),
        ("/dev/zero", "cannot be read: it is no regular file, but a device, a pipe or a socket"),
        ("pipe.py", "cannot be read: it is no regular file, but a device, a pipe or a socket"),
        ("large.py", "cannot be read: it is larger than 16 MiB"),
        ("nul.py", "null bytes"),
        ("deep.py", "deep.py: "),
        ("x" * 5000 + ".py", "cannot be read: File name too long"),
        ("x" * 5000, "…"),
    ],
    ids=lambda text: text[:30].replace("\0", "0"),
)
def test_a_plugin_that_cannot_be_read_is_one_line(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.py")
    with Path("large.py").open("wb") as file:
        file.truncate(2**40)
    Path("nul.py").write_bytes(b"x = 1\0")
    Path("deep.py").write_text("(" * 5000 + ")" * 5000)
    with pytest.raises(UsageError) as caught:
        plugins.load([name])
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 290


def test_a_module_without_a_source_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "made_by_hand", ModuleType("made_by_hand"))
    with pytest.raises(UsageError, match="plugin made_by_hand: this module has no source"):
        plugins.load(["made_by_hand"])
