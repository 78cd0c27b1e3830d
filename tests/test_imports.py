"""Who may import whom: the table of ARCHITECTURE.md, held by reading every import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MAY_IMPORT = {
    "core": set(),
    "exi": {"core"},
    "v2gtp": {"core", "exi"},
    "din70121": {"core", "exi", "v2gtp"},
    "iso15118": {"core", "exi", "v2gtp"},
    "slac": {"core"},
    "iec61851": {"core"},
    "ocpp_client": {"core"},
    "sunspec": {"core"},
    "modbus_meter": {"core"},
}

NOT_BELOW_DRIVERS = {"asyncio", "socket", "time", "random", "os", "threading", "subprocess", "select"}

SHELLS = ("driver", "cli", "testing", "emulat", "simulat", "shell", "station", "csms", "store", "transport")
"""A module that talks to the outside shows it in the name of its file or folder."""


def modules(package: str) -> Iterator[Path]:
    yield from sorted((ROOT / "packages" / package / "src").rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                continue  # a relative import stays inside its package
            if node.module == "evproto":
                yield from ((node.lineno, f"evproto.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module or ""


def is_shell(path: Path) -> bool:
    inside = path.relative_to(ROOT / "packages").parts[4:]
    return any(part.removesuffix(".py").lstrip("_").startswith(SHELLS) for part in inside)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_the_table_allows(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(package)
        for line, name in imported(path)
        if name.startswith("evproto.") and name.split(".")[1] not in allowed
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_nothing_below_the_drivers_knows_sockets_clocks_or_chance(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(package)
        if not is_shell(path)
        for line, name in imported(path)
        if name.split(".")[0] in NOT_BELOW_DRIVERS
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_reaches_into_no_private_module_of_another(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(package)
        for line, name in imported(path)
        if name.startswith("evproto.")
        and name.split(".")[1] != package
        and any(part.startswith("_") for part in name.split("."))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_every_name_that_a_package_offers_is_there(package: str) -> None:
    # Many packages load their names when they are first used: a wrong home would go unseen.
    for path in sorted((ROOT / "packages" / package / "src").rglob("__init__.py")):
        name = ".".join(path.parent.relative_to(ROOT / "packages" / package / "src").parts)
        module = import_module(name)
        for offered in getattr(module, "__all__", ()):
            assert getattr(module, offered) is not None


def test_evproto_is_a_namespace_without_a_file_of_its_own() -> None:
    roots = [*ROOT.glob("packages/*/src/evproto/__init__.py"), *ROOT.glob("apps/*/src/evproto/__init__.py")]
    assert roots == []


def test_every_package_is_in_the_table_and_ships_the_same_furniture() -> None:
    folders = {path.parent.name for path in ROOT.glob("packages/*/pyproject.toml")}
    assert folders == set(MAY_IMPORT)
    for package in [*ROOT.glob("packages/*/"), *ROOT.glob("apps/*/")]:
        for name in ("README.md", "CHANGELOG.md", "LICENSE", f"src/evproto/{package.name}/py.typed"):
            assert (package / name).exists(), package / name
