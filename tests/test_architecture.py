"""The house rules that no linter knows: names, sizes, registries."""

import importlib
import pkgutil
from pathlib import Path

import pytest

import skillsaid_desktop

PACKAGE = Path(skillsaid_desktop.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
NAMELESS = ("utils", "helper", "common", "misc", "manager")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_says_why_it_exists_and_stays_readable(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.lstrip().startswith('"""'), "a module begins with the sentence that says why it exists"
    assert text.count("\n") <= 520, "a file over about 500 lines holds two subjects"
    assert not any(word in path.stem for word in NAMELESS)


@pytest.mark.parametrize(
    ("package", "registry"),
    [("ledgers", "LEDGERS"), ("reports", "REPORTS"), ("exporters", "EXPORTERS"), ("figures", "FIGURES")],
)
def test_registered_names_are_unique(package: str, registry: str) -> None:
    module = importlib.import_module(f"skillsaid_desktop.{package}")
    entries = getattr(module, registry)
    names = list(entries) if isinstance(entries, dict) else [getattr(e, "name", e) for e in entries]
    if package == "figures":
        names = [entry.code for entry in entries]
    assert names
    assert len(names) == len(set(names))


def test_every_folder_is_a_package() -> None:
    folders = {path.parent for path in SOURCES if "migrations" not in path.parts}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_every_module_imports_on_its_own() -> None:
    for module in pkgutil.walk_packages([str(PACKAGE)], "skillsaid_desktop."):
        # Alembic runs its scripts itself, and __main__ runs the program.
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        importlib.import_module(module.name)
