"""The wheel carries what stands beside the package and is needed; solutions never travel."""

import json
import runpy
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Exercises(BuildHookInterface):
    """Adds stubs, public checks, tasks and figures; an editable install reads them in place."""

    PLUGIN_NAME = "custom"

    def initialize(self, version, build_data):
        """Name the files to add."""
        if version == "editable":
            return
        literature = Path(self.root, "book", "literature.toml")  # chapters quote it in notebooks
        build_data["force_include"][str(literature)] = "fmnist/book/literature.toml"
        folder = Path(self.root, "exercises")
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".toml", ".md"):
                place = path.relative_to(folder).as_posix()
                build_data["force_include"][str(path)] = f"fmnist/exercises/set/{place}"
        # A reply names the section to read; the chapters themselves are not in the wheel.
        titles = runpy.run_path(str(Path(self.root, "fmnist", "tools", "sections.py")))["titles"]
        self._made = tempfile.TemporaryDirectory()
        made = Path(self._made.name, "sections.json")
        made.write_text(json.dumps(titles(Path(self.root, "book")), indent=1) + "\n", "utf-8")
        build_data["force_include"][str(made)] = "fmnist/exercises/set/sections.json"

    def finalize(self, version, *_):
        """Remove what was made for the wheel alone."""
        if version != "editable":
            self._made.cleanup()
