"""A view's chart as one that an office program can edit: the same series, translated from the figure of the screen."""

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.shapetree import SlideShapes
from pptx.util import Inches, Pt

from exports.chart_series import Series, Translated, can_be_native, translated
from language import Language, written
from views import look
from views.view import View

__all__ = ["can_be_native", "draw", "translated"]
SIZE = 12  # points of names and numbers
CROWDED = 9  # so many names of periods stand beside each other at most; of more, every second or third is written


def draw(shapes: SlideShapes, view: View, language: Language, box: tuple[float, float, float, float]) -> GraphicFrame:
    """The view's chart on a slide, in a box of inches; it carries its numbers in a workbook of its own."""
    told = translated(view, language)
    data = CategoryChartData(number_format=_format(told.digits))
    data.categories = told.categories
    for each in told.series:
        data.add_series(each.name, each.values)
    bars = any(each.kind == "bar" for each in told.series)
    kind = XL_CHART_TYPE.LINE_MARKERS
    if bars:
        kind = XL_CHART_TYPE.BAR_CLUSTERED if told.lying else XL_CHART_TYPE.COLUMN_CLUSTERED
    frame = shapes.add_chart(kind, *(Inches(each) for each in box), data)
    _dress(frame.chart, told, language)
    return frame


def _format(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _dress(chart: Chart, told: Translated, language: Language) -> None:
    chart.has_title = False
    chart.font.size, chart.font.color.theme_color = Pt(SIZE), MSO_THEME_COLOR.TEXT_1
    chart.has_legend = len(told.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    if any(each.kind == "bar" for each in told.series):
        chart.plots[0].gap_width = 60
        _lines_over_bars(chart, told)
    drawn = sorted((each for plot in chart.plots for each in plot.series), key=lambda each: each._element.idx.val)
    for own, each in zip(drawn, told.series, strict=True):
        (_bars if each.kind == "bar" else _line)(own, each, told, language)
    _axes(chart, told)


def _bars(drawn: object, each: Series, told: Translated, language: Language) -> None:
    """One colour; bars whose meaning differs in theirs; the number at each end, with what the screen says beside it."""
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    drawn.invert_if_negative = False
    for at, colour in enumerate(each.colours):
        if colour != look.ACCENT:
            fill = drawn.points[at].format.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(colour.lstrip("#"))
    _labels(drawn.data_labels, told, XL_LABEL_POSITION.OUTSIDE_END)
    for at, (value, said) in enumerate(zip(each.values, each.said, strict=False)):
        if said != written(value, language, told.digits):
            drawn.points[at].data_label.text_frame.text = said
            drawn.points[at].data_label.position = XL_LABEL_POSITION.OUTSIDE_END


def _line(drawn: object, each: Series, told: Translated, language: Language) -> None:
    """The chosen one strong with its last value; the target dashed; what stands beside thin."""
    drawn.smooth = False
    stroke = drawn.format.line
    stroke.color.theme_color = MSO_THEME_COLOR.ACCENT_1 if each.main else MSO_THEME_COLOR.TEXT_2
    stroke.width = Pt(2.5 if each.main else 1.25)
    if each.kind == "target":
        stroke.dash_style = MSO_LINE.DASH
    drawn.marker.style = XL_MARKER_STYLE.CIRCLE if each.main else XL_MARKER_STYLE.NONE
    if not each.main:
        return
    drawn.marker.size = 7
    _marked(drawn.marker.format, hollow=False)
    for at, colour in enumerate(each.colours):
        if colour != look.ACCENT and each.values[at] is not None:
            _marked(drawn.points[at].marker.format, hollow=True)
    last = max((at for at, value in enumerate(each.values) if value is not None), default=None)
    if last is not None:
        label = drawn.points[last].data_label
        before = next((value for value in reversed(each.values[:last]) if value is not None), None)
        falls = before is not None and before > each.values[last]
        label.font.bold, label.font.size = True, Pt(SIZE + 2)
        label.position = XL_LABEL_POSITION.BELOW if falls else XL_LABEL_POSITION.ABOVE  # where the line is not
        _shows_its_value(label, told)


def _marked(form: object, hollow: bool) -> None:
    form.fill.solid()
    form.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1 if hollow else MSO_THEME_COLOR.ACCENT_1
    form.line.color.theme_color = MSO_THEME_COLOR.ACCENT_1


def _shows_its_value(label: object, told: Translated) -> None:
    """A label of one point follows its number when that is edited; the library gives it no format of its own."""
    form = parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="{_format(told.digits)}" sourceLinked="0"/>')
    label._get_or_add_dLbl().insert(1, form)  # after the point's place


def _labels(labels: object, told: Translated, place: object) -> None:
    labels.show_value, labels.position = True, place
    labels.number_format, labels.number_format_is_linked = _format(told.digits), False
    labels.font.size = Pt(SIZE)


def _axes(chart: Chart, told: Translated) -> None:
    names, values = chart.category_axis, chart.value_axis
    names.format.line.color.theme_color = MSO_THEME_COLOR.BACKGROUND_2
    names.has_major_gridlines = False
    names.tick_labels.font.size = Pt(SIZE)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    values.format.line.fill.background()
    numbers = [value for each in told.series for value in each.values if value is not None]
    if told.lying:
        names.reverse_order, values.visible, values.has_major_gridlines = True, False, False
        values.minimum_scale = 0
        values.maximum_scale = told.reach
        return
    if len(told.categories) > CROWDED:
        skip = -(-len(told.categories) // CROWDED)
        skipped = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="{skip}"/>')
        names._element.find(qn("c:noMultiLvlLbl")).addprevious(skipped)
    values.major_gridlines.format.line.color.theme_color = MSO_THEME_COLOR.BACKGROUND_2
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "#,##0", False
    if max(numbers, default=0) - min(numbers, default=0) < 5:
        values.tick_labels.number_format = "#,##0.0"
    if 80 < max(numbers, default=0) <= 100 and any("%" in each.name for each in told.series):
        values.maximum_scale = 100  # no office program then adds room for 120 %


def _lines_over_bars(chart: Chart, told: Translated) -> None:
    """Lines that the figure lays over bars, on the same axes: the library draws one kind of chart at a time."""
    bars = chart._chartSpace.chart.plotArea.find(qn("c:barChart"))
    moved = [
        own for own, each in zip(bars.findall(qn("c:ser")), told.series, strict=True) if each.kind != "bar"
    ]  # fmt: skip
    if not moved:
        return
    lines = parse_xml(f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/></c:lineChart>')
    for each in moved:
        for old in each.findall(qn("c:invertIfNegative")):
            each.remove(old)
        lines.append(each)
    lines.append(parse_xml(f'<c:marker {nsdecls("c")} val="1"/>'))
    for axis in bars.findall(qn("c:axId")):
        lines.append(parse_xml(f'<c:axId {nsdecls("c")} val="{axis.get("val")}"/>'))
    bars.addnext(lines)
