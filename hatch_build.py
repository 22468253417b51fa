"""The wheel carries the exercises, which stand beside the package; solutions never travel."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Exercises(BuildHookInterface):
    """Adds stubs, public checks and tasks; an editable install reads them where they are."""

    PLUGIN_NAME = "custom"

    def initialize(self, version, build_data):
        """Name the files to add."""
        if version == "editable":
            return
        folder = Path(self.root, "exercises")
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".toml", ".md"):
                place = path.relative_to(folder).as_posix()
                build_data["force_include"][str(path)] = f"fmnist/exercises/set/{place}"
