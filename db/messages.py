"""What is said, in a form that no channel owns: paragraphs with emphasis, actions, attachments, all in Vietnamese."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator

# Telegram lets a button carry so many bytes; every channel's actions keep to it.
COMMAND_BYTES = 64


class Style(StrEnum):
    """How a run of words stands out."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Value):
    """A run of words in one style."""

    text: str
    style: Style = Style.PLAIN


class Paragraph(_Value):
    """One line of a message, of any length; empty for a blank line. `is_quote`: a document's own words."""

    spans: tuple[Span, ...] = ()
    is_quote: bool = False

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


class Action(_Value):
    """What a person may do next: the words on the button, and the text command that a tap stands for."""

    label: str = Field(min_length=1, max_length=64)
    command: str = Field(min_length=1)

    @field_validator("command")
    @classmethod
    def _fits_a_button(cls, command: str) -> str:
        if len(command.encode()) > COMMAND_BYTES:
            raise ValueError(f"longer than {COMMAND_BYTES} bytes: {command!r}")
        return command


class Attachment(_Value):
    """A stored file that goes along; `size` in bytes. A picture is shown, anything else is a file to open."""

    sha256: str
    file_name: str
    size: int
    is_picture: bool = False


class Message(_Value):
    """One message to one chat. `actions` are rows of buttons; `asks_phone` offers to share the own phone number;
    `hides_keyboard` takes that offer away again."""

    paragraphs: tuple[Paragraph, ...]
    actions: tuple[tuple[Action, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    asks_phone: bool = False
    hides_keyboard: bool = False

    @property
    def text(self) -> str:
        """The words alone, one paragraph a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


def bold(text: str) -> Span:
    return Span(text=text, style=Style.BOLD)


def italic(text: str) -> Span:
    return Span(text=text, style=Style.ITALIC)


def code(text: str) -> Span:
    """Words to copy: a code, a command."""
    return Span(text=text, style=Style.CODE)


def line(*parts: str | Span) -> Paragraph:
    """A paragraph from words, some of them emphasised."""
    return Paragraph(spans=tuple(Span(text=part) if isinstance(part, str) else part for part in parts if part))


def lines(text: str) -> tuple[Paragraph, ...]:
    """Plain paragraphs, one a line of the text."""
    return tuple(line(part) for part in text.split("\n"))


def plain(text: str, *actions: tuple[Action, ...]) -> Message:
    """A message without emphasis, its paragraphs one a line; each further argument is a row of buttons."""
    return Message(paragraphs=lines(text), actions=actions)
