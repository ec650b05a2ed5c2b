"""A chart in a docx as Word draws them itself: its faces are the reader's, and it can be restyled like any other.

The points stand in the chart as literals; the numbers that can be opened are in the table below it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm
from docx.text.paragraph import Paragraph

BARS, LINE = "bars", "line"
WIDTH, HEIGHT = Mm(150), Mm(75)
BLUE = "206BC4"
_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_TEXT = '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1050"/></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
_MARKED, _PLAIN = '<c:marker><c:symbol val="circle"/><c:size val="5"/></c:marker>', '<c:invertIfNegative val="0"/>'
_STRAIGHT = '<c:smooth val="0"/>'


@dataclass(frozen=True)
class Chart:
    """`shape`: BARS or LINE. `values` beside `labels`; None leaves a gap and is never a nought."""

    shape: str
    name: str
    measure: str
    labels: tuple[str, ...]
    values: tuple[Decimal | None, ...]


def insert(paragraph: Paragraph, it: Chart) -> None:
    """Draw the chart in the paragraph."""
    package = paragraph.part.package
    number = sum(1 for part in package.iter_parts() if "/charts/" in part.partname) + 1
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _TYPE, _space(it).encode(), package)
    related = paragraph.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph.add_run()._r.append(parse_xml(_drawing(related, number, f"{it.name}（{it.measure}）")))


def _drawing(related: str, number: int, words: str) -> str:
    return (
        f'<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:wp="{_WP}" xmlns:a="{_A}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{WIDTH}" cy="{HEIGHT}"/>'
        f'<wp:docPr id="{9000 + number}" name="图{number}" descr="{escape(words, {chr(34): "&quot;"})}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_C}"><c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{related}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _space(it: Chart) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" xmlns:r="{_R}">'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f"{_plot(it)}{_axes()}</c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
    )


def _plot(it: Chart) -> str:
    fill = f'<a:solidFill><a:srgbClr val="{BLUE}"/></a:solidFill>'
    look = f'<c:spPr><a:ln w="22225">{fill}</a:ln></c:spPr>' if it.shape == LINE else f"<c:spPr>{fill}</c:spPr>"
    series = (
        f'<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:v>{escape(it.name)}</c:v></c:tx>{look}'
        f"{_MARKED if it.shape == LINE else _PLAIN}"
        f'<c:cat><c:strLit><c:ptCount val="{len(it.labels)}"/>{"".join(_points(it.labels))}</c:strLit></c:cat>'
        f'<c:val><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(it.values)}"/>'
        f"{''.join(_points(it.values))}</c:numLit></c:val>{_STRAIGHT if it.shape == LINE else ''}</c:ser>"
    )
    axes = '<c:axId val="1"/><c:axId val="2"/>'
    if it.shape == LINE:
        return f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}<c:marker val="1"/>{axes}</c:lineChart>'
    return f'<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}<c:gapWidth val="60"/>{axes}</c:barChart>'


def _points(values: Sequence[object]) -> Iterator[str]:
    for at, value in enumerate(values):
        if value is not None:
            yield f'<c:pt idx="{at}"><c:v>{escape(str(value))}</c:v></c:pt>'


def _axes() -> str:
    shared = '<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
    grey = '<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>'
    ticks = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
    return (
        f'<c:catAx><c:axId val="1"/>{shared}<c:axPos val="b"/>{ticks}{_TEXT}<c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>'
        f'<c:valAx><c:axId val="2"/>{shared}<c:axPos val="l"/>{grey}<c:numFmt formatCode="General" sourceLinked="0"/>'
        f'{ticks}{_TEXT}<c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx>'
    )
