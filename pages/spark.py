"""A line of the last periods, as small as a word: a picture in the page itself, without a chart library."""

from urllib.parse import quote

from views import look

WIDTH, HEIGHT, AIR = 160, 30, 4  # of the drawing; the page stretches it
INK = look.SEQUENCE[3]  # an image does not know whether its page is dark: this can be seen on both grounds


def sparkline(values: tuple[float | None, ...], goal: float | None) -> str:
    """The values from left to right, gaps where nothing is known, the last one marked, the goal dashed.

    An image, because the framework takes drawings out of a page's HTML. The figures beside it say the same in words.
    """
    told = [each for each in values if each is not None]
    if not told:
        return "<div class='spark'></div>"
    low, high = min([*told, *([] if goal is None else [goal])]), max([*told, *([] if goal is None else [goal])])

    def x(place: int) -> float:
        return round(AIR + place * (WIDTH - 2 * AIR) / max(1, len(values) - 1), 1)

    def y(value: float) -> float:
        return round(HEIGHT - AIR - (value - low) * (HEIGHT - 2 * AIR) / ((high - low) or 1), 1)

    steps, pen = [], "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        steps.append(f"{pen}{x(place)} {y(value)}")
        pen = "L"
    last = max(place for place, value in enumerate(values) if value is not None)
    dashed = "" if goal is None else _path(f"M0 {y(goal)}H{WIDTH}", look.SECOND_INK, 1, "stroke-dasharray='3 3'")
    dot = f"<circle cx='{x(last)}' cy='{y(values[last])}' r='3' fill='{INK}'/>"
    inside = dashed + _path("".join(steps), INK, 2) + dot
    drawn = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}'>{inside}</svg>"
    return f"<img class='spark' alt='' src='data:image/svg+xml,{quote(drawn)}'>"


def _path(steps: str, colour: str, width: float, more: str = "") -> str:
    return f"<path d='{steps}' fill='none' stroke='{colour}' stroke-width='{width}' {more}/>"
