"""What Telegram takes as text, buttons, commands and photos, and the words in which it refuses the rest.

The words are those of the service's published source (tdlib/telegram-bot-api and tdlib/td), which lets some mistakes pass in
silence. They are refused here all the same, because nobody would notice them: a named character reference it does not know
(people would read «&nbsp;»), a quotation inside a quotation, a button without a text, with two kinds, or beyond the hundredth.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from PIL import Image, UnidentifiedImageError

Json = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_DATA = 64
MAX_CALLBACK_ANSWER = 200
MAX_BUTTONS = 100
MAX_COMMANDS = 100
MAX_PHOTO_BYTES = 10 << 20
MAX_DOCUMENT_BYTES = 50 << 20
MAX_DOWNLOAD_BYTES = 20 << 20

CHAT_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location "
    "record_video_note upload_video_note".split()
)

_ENTITY_OF_TAG = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_PLAIN = re.compile(r"[^<&]+")
_TAG_NAME = re.compile(r"</?([^\s>]*)")
_TAG_END = re.compile(r"\s*>")
_ATTRIBUTE = re.compile(r"""\s*(?P<name>[^\s=>/"']+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w.-]+)(?=[\s>])))?""")
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]{1,6})|#(?P<decimal>[0-9]{1,7})|(?P<name>[a-zA-Z]+));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")

_BUTTON_KINDS = (
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat switch_inline_query_chosen_chat "
    "copy_text callback_game pay disabled".split()
)
_SCOPES = {
    **dict.fromkeys(("default", "all_private_chats", "all_group_chats", "all_chat_administrators"), ()),
    **dict.fromkeys(("chat", "chat_administrators"), ("chat_id",)),
    "chat_member": ("chat_id", "user_id"),
}

# What people write: a command stands alone, «1/5» and «/báo» are none.
_WRITTEN = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])|(?<![\w@])@[A-Za-z0-9_]{5,32}(?!\w)")

_INTEGERS = frozenset("chat_id message_id offset limit timeout max_connections message_thread_id reply_to_message_id cache_time".split())
_BOOLEANS = frozenset("disable_notification protect_content show_alert drop_pending_updates allow_sending_without_reply".split())
_STRUCTURES = frozenset(
    "reply_markup reply_parameters link_preview_options entities caption_entities commands scope allowed_updates".split()
)


class Refused(Exception):
    """A call that is answered with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Formatted(NamedTuple):
    """A text as it is shown, with its entities: offsets and lengths in UTF-16 units."""

    text: str
    entities: list[Json]


@dataclass
class _Tag:
    name: str
    attributes: dict[str, str]
    offset: int
    begins_at: str = field(repr=False)


def bad_request(text: str) -> Refused:
    return Refused(400, f"Bad Request: {text}")


def units(text: str) -> int:
    """The length of a text as Telegram counts: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def decode_params(raw: Mapping[str, Any]) -> Json:
    """The parameters of a call with their types, which a form does not carry. What does not decode is left as it came."""
    return {name: _decoded(name, value) for name, value in raw.items()}


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        if name in _INTEGERS:
            return int(value)
        if name in _STRUCTURES and value:
            return json.loads(value)
    except ValueError:
        return value
    return value.lower() in ("true", "yes", "1") if name in _BOOLEANS else value


def read_text(params: Json, name: str, *, limit: int, too_long: str) -> Formatted:
    """The text or caption `name` of a call, trimmed; whether it may be empty is for the caller to say."""
    raw = str(params.get(name) or "")
    if len(raw.encode()) > 1 << 15:
        raise bad_request("text is too long")
    mode = str(params.get("parse_mode") or "").lower()
    if raw and mode == "html":
        formatted = parse_html(raw)
    elif raw and mode:
        # Of the three modes the fake reads the one in which this project writes.
        raise bad_request("unsupported parse_mode")
    else:
        formatted = Formatted(raw, _given_entities(params.get("entities" if name == "text" else "caption_entities"), raw))
    formatted = _trimmed(formatted)
    if units(formatted.text) > limit:
        raise bad_request(too_long)
    return formatted


def parse_html(html: str) -> Formatted:
    """A text in Telegram's HTML, read as strictly as the service reads it or more."""
    text: list[str] = []
    length = at = 0
    entities: list[Json] = []
    opened: list[_Tag] = []
    while at < len(html):
        if html.startswith("</", at):
            tag, at = _close(html, at, opened)
            if length > tag.offset:
                _add_entity(entities, tag, length - tag.offset)
        elif html[at] == "<":
            tag, at = _open(html, at, length)
            if tag.name == "blockquote" and any(other.name == "blockquote" for other in opened):
                raise _unparsable(f'Tag "blockquote" is nested in another at {tag.begins_at}')
            opened.append(tag)
        else:
            piece, at = _piece(html, at)
            text.append(piece)
            length += units(piece)
    if opened:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1].name}"')
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return Formatted("".join(text), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))


def _unparsable(text: str) -> Refused:
    return bad_request(f"can't parse entities: {text}")


def _byte(html: str, at: int) -> str:
    return f"byte offset {len(html[:at].encode())}"


def _piece(html: str, at: int) -> tuple[str, int]:
    if plain := _PLAIN.match(html, at):
        return plain[0], plain.end()
    reference = _REFERENCE.match(html, at)
    if reference is None:
        return "&", at + 1
    if name := reference["name"]:
        if name not in _NAMED:
            raise _unparsable(f'Unsupported character reference "{reference[0]}" at {_byte(html, at)}')
        return _NAMED[name], reference.end()
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["decimal"])
    if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise _unparsable(f'Unsupported character reference "{reference[0]}" at {_byte(html, at)}')
    return chr(code), reference.end()


def _open(html: str, at: int, offset: int) -> tuple[_Tag, int]:
    where = _byte(html, at)
    found = _TAG_NAME.match(html, at)
    assert found is not None
    name, end = found[1].lower(), found.end()
    if end == len(html):
        raise _unparsable(f"Unclosed start tag at {where}")
    if name not in _ENTITY_OF_TAG:
        raise _unparsable(f'Unsupported start tag "{name}" at {where}')
    attributes: dict[str, str] = {}
    while not (closed := _TAG_END.match(html, end)):
        attribute = _ATTRIBUTE.match(html, end)
        if attribute is None:
            trouble = "Unclosed start tag" if ">" not in html[end:] else f'Empty attribute name in the tag "{name}"'
            raise _unparsable(f"{trouble} at {where}")
        value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
        attributes[attribute["name"]] = "".join(_pieces(value))
        end = attribute.end()
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at {where}')
    if name == "tg-emoji" and not attributes.get("emoji-id", "").isdecimal():
        raise _unparsable("Invalid custom emoji identifier specified")
    if name == "tg-time" and not attributes.get("unix", "").isdecimal():
        raise _unparsable("Invalid date specified")
    if name == "tg-time" and not _TIME_FORMAT.fullmatch(attributes.get("format", "")):
        raise _unparsable("Invalid date format used")
    return _Tag(name, attributes, offset, where), closed.end()


def _pieces(value: str) -> list[str]:
    at, pieces = 0, []
    while at < len(value):
        # In quotes a «<» is a character like any other.
        piece, at = ("<", at + 1) if value[at] == "<" else _piece(value, at)
        pieces.append(piece)
    return pieces


def _close(html: str, at: int, opened: list[_Tag]) -> tuple[_Tag, int]:
    where = _byte(html, at)
    if not opened:
        raise _unparsable(f"Unexpected end tag at {where}")
    found = _TAG_NAME.match(html, at)
    assert found is not None
    closed = _TAG_END.match(html, found.end())
    if closed is None:
        raise _unparsable(f"Unclosed end tag at {where}")
    tag, name = opened.pop(), found[1].lower()
    if name and name != tag.name:
        raise _unparsable(f'Unmatched end tag at {where}, expected "</{tag.name}>", found "</{name}>"')
    return tag, closed.end()


def _add_entity(entities: list[Json], tag: _Tag, length: int) -> None:
    entity: Json = {"type": _ENTITY_OF_TAG[tag.name], "offset": tag.offset, "length": length}
    attributes = tag.attributes
    match tag.name:
        case "a":
            if not re.match(r"(https?|tg|ton|mailto):", attributes.get("href", "")):
                return
            entity["url"] = attributes["href"]
        case "tg-emoji":
            entity["custom_emoji_id"] = attributes["emoji-id"]
        case "tg-time":
            entity |= {"unix_time": int(attributes["unix"]), "date_time_format": attributes.get("format", "")}
        case "blockquote" if "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        case "code" if attributes.get("class", "").startswith("language-"):
            entity["language"] = attributes["class"].removeprefix("language-")
        case "pre" if entities and (language := entities[-1].get("language")) and entities[-1]["length"] == length:
            entities.pop()
            entity["language"] = language
    entities.append(entity)


def _given_entities(entities: Any, text: str) -> list[Json]:
    if not isinstance(entities, list):
        return []
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("offset"), int) or not isinstance(entity.get("length"), int):
            raise bad_request("can't parse MessageEntity: expected an Object")
        if entity["offset"] + entity["length"] > units(text):
            raise bad_request(f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text")
    return entities


def _trimmed(formatted: Formatted) -> Formatted:
    text = formatted.text.strip(" \n\t\r")
    cut = units(formatted.text) - units(formatted.text.lstrip(" \n\t\r"))
    entities = []
    for entity in formatted.entities:
        begin = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, units(text))
        if end > begin:
            entities.append(entity | {"offset": begin, "length": end - begin})
    return Formatted(text, entities)


def written_entities(text: str) -> list[Json]:
    """The commands and mentions in what a person wrote."""
    return [
        {
            "type": "bot_command" if found[0].startswith("/") else "mention",
            "offset": units(text[: found.start()]),
            "length": units(found[0]),
        }
        for found in _WRITTEN.finditer(text)
    ]


def read_markup(params: Json, *, private: bool, only_inline: bool = False) -> Json | None:
    """The markup of a call without its empty fields, or None."""
    markup = params.get("reply_markup")
    if markup in (None, "", {}):
        return None
    if isinstance(markup, str):
        raise bad_request("can't parse reply keyboard markup JSON object")
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if only_inline and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    fields: Json = markup
    keyboard = [[_keyboard_button(button, private=private) for button in row] for row in _rows(markup, "keyboard", 'field "keyboard"')]
    name = 'field "inline_keyboard" of the InlineKeyboardMarkup'
    inline = [[_inline_button(button, private=private) for button in row] for row in _rows(markup, "inline_keyboard", name)]
    if sum(len(row) for row in keyboard + inline) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    if any(keyboard):
        return fields | {"keyboard": keyboard}
    if any(inline):
        return {"inline_keyboard": inline}
    return fields if markup.get("remove_keyboard") or markup.get("force_reply") else None


def _rows(markup: Json, name: str, said: str) -> list[list[Any]]:
    rows = markup.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f"{said} must be an Array of Arrays")
    return rows


def _keyboard_button(button: Any, *, private: bool) -> Json:
    button = {"text": button} if isinstance(button, str) else button
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not str(button.get("text") or "").strip():
        raise bad_request("keyboard button text must be non-empty")
    for field_name, asked in (("request_contact", "phone number"), ("request_location", "location"), ("request_poll", "poll")):
        if button.get(field_name) and not private:
            raise bad_request(f"{asked} can be requested in private chats only")
    return {name: value for name, value in button.items() if value is not None}


def _inline_button(button: Any, *, private: bool) -> Json:
    said = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(f"{said}InlineKeyboardButton must be an Object")
    given: Json = {name: value for name, value in button.items() if value is not None}
    if not isinstance(given.get("text"), str):
        raise bad_request(f'{said}Can\'t find field "text"')
    if not given["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    kinds = [kind for kind in _BUTTON_KINDS if kind in given and not (kind in ("url", "callback_data") and given[kind] == "")]
    if not kinds:
        raise bad_request(f"{said}Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise bad_request(f"{said}InlineKeyboardButton must have exactly one optional field")
    if len(str(given.get("callback_data", "")).encode()) > MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if kinds == ["url"] and not re.match(r"(https?://[^\s/]+\.[^\s]+|tg://\S+)", given["url"]):
        raise bad_request(f"inline keyboard button URL '{given['url']}' is invalid: Wrong HTTP URL")
    if kinds == ["copy_text"] and not 1 <= len(str(given["copy_text"].get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if kinds == ["web_app"] and not private:
        raise bad_request("BUTTON_TYPE_INVALID")
    return given


def read_commands(params: Json) -> list[Json]:
    commands = params.get("commands") or []
    if isinstance(commands, str):
        raise bad_request("can't parse commands JSON object")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(command) for command in commands]


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command") or "").strip().removeprefix("/")
    description = str(command.get("description") or "").strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    return {"command": name, "description": description}


def read_scope(params: Json) -> tuple[str, str]:
    """For whom commands are meant: the scope as sorted JSON, and the language or an empty text."""
    scope = params.get("scope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope JSON object")
    if scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    for name in _SCOPES[scope["type"]]:
        if not scope.get(name):
            raise bad_request(f"can't parse BotCommandScope: Can't find field \"{name}\"")
    language = str(params.get("language_code") or "")
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    return json.dumps(scope, sort_keys=True), language


def read_photo(data: bytes) -> tuple[int, int]:
    """Width and height of a picture that can be sent as a photo."""
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request(f"file of size {len(data)} bytes is too big for a photo; the maximum size is {MAX_PHOTO_BYTES} bytes")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except UnidentifiedImageError:
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def integer(params: Json, name: str, default: int) -> int:
    value = params.get(name)
    return value if isinstance(value, int) else default
