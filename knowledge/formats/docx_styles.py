"""What Word's styles say about a paragraph or a run: heading level, list, alignment, hidden, capitals, raised."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from knowledge.formats.docx_package import W


@dataclass(frozen=True, slots=True)
class Look:
    """The properties that decide how text is read. `list_id` and `list_level` are those of numbering.xml; None: not said."""

    name: str = ""
    heading: int = 0
    list_id: str | None = None
    list_level: int | None = None
    alignment: str = ""
    is_hidden: bool | None = None
    is_capitals: bool | None = None
    raised: str = ""
    has_borders: bool = False


def read_attribute(element: etree._Element | None, path: str, attribute: str = "val") -> str | None:
    """The attribute of the first element at a path of w: names («pPr/numPr/numId»); None where there is none."""
    found = element.find("/".join(W + step for step in path.split("/"))) if element is not None else None
    return None if found is None else found.get(W + attribute)


def read_number(element: etree._Element | None, path: str, otherwise: int | None = None) -> int | None:
    """The same as a small whole number; what is none counts as absent."""
    text = read_attribute(element, path) or ""
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else otherwise


def read_toggle(properties: etree._Element | None, name: str) -> bool | None:
    """An on-off property: `<w:vanish/>` is on, `w:val="0"` off, nothing None."""
    found = properties.find(W + name) if properties is not None else None
    return None if found is None else found.get(W + "val", "1") not in ("0", "false", "off")


def read_look(paragraph: etree._Element | None, run: etree._Element | None, above: Look) -> Look:
    """The look that these properties (w:pPr, w:rPr) give on top of the look above them."""
    look = above
    if paragraph is not None:
        level = read_number(paragraph, "outlineLvl")
        look = replace(
            look,
            heading=level + 1 if level is not None and level < 9 else look.heading,
            list_id=read_attribute(paragraph, "numPr/numId") or look.list_id,
            list_level=read_number(paragraph, "numPr/ilvl", look.list_level),
            alignment=read_attribute(paragraph, "jc") or look.alignment,
        )
    if run is not None:
        hidden, capitals = read_toggle(run, "vanish"), read_toggle(run, "caps")
        look = replace(
            look,
            is_hidden=look.is_hidden if hidden is None else hidden,
            is_capitals=look.is_capitals if capitals is None else capitals,
            raised=read_attribute(run, "vertAlign") or look.raised,
        )
    return look


class Styles:
    """The looks of a document's named styles, each with what it inherits."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements = {style.get(W + "styleId", ""): style for style in root.iter(W + "style")} if root is not None else {}
        self._looks: dict[str, Look] = {}
        paragraphs = (name for name, style in self._elements.items() if style.get(W + "type") == "paragraph")
        self.default = next((name for name in paragraphs if self._elements[name].get(W + "default") in ("1", "true")), "")

    def get(self, style_id: str | None) -> Look:
        """The look of a style; an unknown one has none."""
        return self._resolve(style_id or "", frozenset())

    def _resolve(self, style_id: str, seen: frozenset[str]) -> Look:
        if style_id in self._looks:
            return self._looks[style_id]
        style = self._elements.get(style_id)
        if style is None or style_id in seen or len(seen) > 50:
            return Look()
        above = self._resolve(read_attribute(style, "basedOn") or "", seen | {style_id})
        name = (read_attribute(style, "name") or "").lower()
        heading = re.fullmatch(r"heading ([1-9])", name)
        borders = style.find(f"{W}tblPr/{W}tblBorders")
        look = read_look(style.find(W + "pPr"), style.find(W + "rPr"), replace(above, name=name))
        look = replace(
            look,
            heading=int(heading.group(1)) if heading else look.heading,
            has_borders=draws_borders(borders) if borders is not None else above.has_borders,
        )
        self._looks[style_id] = look
        return look


def draws_borders(borders: etree._Element | None) -> bool:
    """Whether any edge of w:tblBorders or w:tcBorders is drawn."""
    return borders is not None and any(edge.get(W + "val", "none") not in ("none", "nil") for edge in borders)
