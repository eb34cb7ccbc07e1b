"""Common papers with labels, and where each label lies. Pure: millimetres on A4 upright, from the upper left corner."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing")
A4 = (210.0, 297.0)


@dataclass(frozen=True)
class Paper:
    """``left`` and ``top`` are the margins of the first label; ``gap`` lies between columns; rows touch."""

    id: str
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    gap: float

    @property
    def labels(self) -> int:
        return self.columns * self.rows

    def place(self, number: int) -> tuple[float, float]:
        """The upper left corner of a label; ``number`` counts from 0, row by row."""
        row, column = divmod(number, self.columns)
        return self.left + column * (self.width + self.gap), self.top + row * self.height


# The papers that office shops sell, by their labels per sheet; the margins are the makers' own.
PAPERS = {
    paper.id: paper
    for paper in (
        Paper("65", 38.1, 21.2, 5, 13, 4.75, 10.7, 2.5),
        Paper("24", 70.0, 37.0, 3, 8, 0.0, 0.5, 0.0),
        Paper("21", 63.5, 38.1, 3, 7, 7.25, 15.15, 2.5),
        Paper("10", 99.1, 57.0, 2, 5, 4.65, 6.0, 2.5),
    )
}


def laid_out(things: Sequence[Thing], paper: Paper, start: int) -> Iterator[list[tuple[Thing, float, float]]]:
    """Pages of labels with the corner of each; ``start``, from 1, is the first label of the first page that is used.

    Raises ValueError when the paper has no such label.
    """
    if not 1 <= start <= paper.labels:
        raise ValueError(start)
    page: list[tuple[Thing, float, float]] = []
    for index, thing in enumerate(things, start - 1):
        number = index % paper.labels
        if number == 0 and page:
            yield page
            page = []
        page.append((thing, *paper.place(number)))
    if page:
        yield page
