"""What a pack says about documents: a template in words, a regular table of columns and rows."""

from typing import Annotated, Literal

from pydantic import Field

from hangshi.packs.definitions import Closed, Definition, Text, Texts


class Template(Definition):
    """A document. `file`: in the pack's folder `templates`, .md or .docx; it and the lines below speak the template language.

    `head`: the red head, printed where it is asked for. `sender` signs at the end, `to` is addressed at the beginning, `printed` issues.
    `attached`: regular tables that follow as 附件. `unit_kinds`: for which units it is meant; empty: for any.
    """

    file: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.(md|docx)$")]
    title: Text
    head: str = ""
    sender: str = ""
    to: str = ""
    printed: str = ""
    attached: Texts = ()
    unit_kinds: Texts = ()


class TableColumn(Closed):
    """`name`: what stands above it; the indicator's own name if left out."""

    indicator: Text
    name: str = ""


class ReportTable(Definition):
    """A regular table: indicators across, units down. `rows`: "children", the units right below, or a kind of unit at whatever depth.

    `total`: a first row for the unit itself. `wall`: shown in the meeting room as well.
    """

    columns: Annotated[list[TableColumn], Field(min_length=1, max_length=20)]
    rows: Text = "children"
    total: bool = True
    wall: bool = False
    period: Literal["year", "month"] = "year"
