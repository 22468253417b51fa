"""The role ``{literature}`key```: a published figure with its citation."""

from docutils import nodes
from sphinx.util.docutils import SphinxRole
from sphinxcontrib.bibtex.roles import CiteRole

from fmnist.book import literature
from fmnist.tools.toml_tables import TableError


class LiteratureRole(SphinxRole):
    """Shows the text of a figure in ``book/literature.toml`` and cites its source."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text, a space that does not break, and the citation."""
        self.env.note_dependency(str(literature.FILE))
        try:
            figure = literature.get(self.text)
        except TableError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [message]
        cited, messages = CiteRole()(
            "cite:p", figure.source, figure.source, self.lineno, self.inliner, {}, []
        )
        text = nodes.inline("", figure.text.replace(" ", "\N{NO-BREAK SPACE}"))
        text["classes"].append("literature")
        return [text, nodes.Text(" "), *cited], messages
