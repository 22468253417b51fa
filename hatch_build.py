"""The wheel carries what stands beside the package and is needed; solutions never travel."""

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
