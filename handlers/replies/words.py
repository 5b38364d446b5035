"""What somebody means who answers for a duty: «nop r a» is done, «dang lam 60%» is under way, «xong chưa?» is no answer.

Pure: a text and the day on which it is said → what is meant, which duties are named, and how certain that is. Marks, case
and chat spellings do not matter.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from handlers.replies import phrases
from handlers.replies.days import Day, find_day, find_more, find_wrong_day
from knowledge.text import fold, normalise

_LONGEST = 1500  # characters that are read
_TOKEN = re.compile(r"\d+(?:[.,/-]\d+)+%?|[^\W_]+%?|[?!.,;:%]")
_CODE = re.compile(r"pv(\d{1,9})")
_CODE_TYPED = re.compile(r"\bpv ?\d{1,9}\b[ ,]*", re.IGNORECASE)
_PERCENT = re.compile(r"\b(\d{1,3})(?:[.,]\d+)? ?(?:%|phan tram\b)")


class Meaning(StrEnum):
    """What is said of a duty, or wanted with it."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"
    OBSTACLE = "obstacle"
    EXTENSION = "extension"
    NOT_OURS = "not_ours"
    HAND_OVER = "hand_over"
    SNOOZE = "snooze"
    RESUME = "resume"
    UNDO = "undo"
    RECEIVED = "received"


class Certainty(IntEnum):
    """NONE: a question, or nothing that has to do with a duty. UNCLEAR: about a duty, but what is meant must be asked.
    ANSWER: clear as an answer to a message of ours, and only then. CERTAIN: clear by itself."""

    NONE = 0
    UNCLEAR = 1
    ANSWER = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """`may_mean`: one meaning, or those between which must be asked. `day` is the day by which it will be done, the later day
    that is asked for, or until which not to remind; `more_days` the same, counted on top of the last day. `codes` are ids of
    duties, `is_bare` where only a number was typed. `note` are the remaining words, `whom` who takes it over.
    `is_mixed`: one duty is done and another, which is named, is not. `wrong` is a day or a
    percentage that does not exist, as typed: «30/02», «150%»."""

    certainty: Certainty = Certainty.NONE
    may_mean: tuple[Meaning, ...] = ()
    codes: tuple[int, ...] = ()
    is_bare: bool = False
    percent: int | None = None
    day: dt.date | None = None
    day_has_passed: bool = False
    more_days: int | None = None
    note: str = ""
    whom: str = ""
    is_mixed: bool = False
    wrong: str = ""

    @property
    def meaning(self) -> Meaning | None:
        return self.may_mean[0] if len(self.may_mean) == 1 else None


@dataclass(slots=True)
class _Said:
    """The words that count, folded and written out, and where each stood in the text."""

    text: str
    words: str
    places: list[tuple[int, int, int]] = field(default_factory=list)  # offset in words, start and end in text

    def typed(self, start: int, end: int | None = None) -> str:
        """The text as typed behind a part of the words."""
        end = len(self.words) if end is None else end
        inside = [last for at, _, last in self.places if start <= at < end]
        # Words of address between what counts belong to what was typed: «cho chị Lan».
        begin = max((last for at, _, last in self.places if at < start), default=0)
        return _CODE_TYPED.sub("", self.text[begin : inside[-1]]).strip(" ,.;:-–!") if inside else ""


_WISHES = (
    (phrases.UNDO, Meaning.UNDO, Certainty.CERTAIN),
    (phrases.UNDO_SHORT, Meaning.UNDO, Certainty.ANSWER),
    (phrases.SNOOZE, Meaning.SNOOZE, Certainty.CERTAIN),
    (phrases.RESUME, Meaning.RESUME, Certainty.CERTAIN),
    (phrases.NOT_OURS, Meaning.NOT_OURS, Certainty.CERTAIN),
    (phrases.NOT_OURS_SHORT, Meaning.NOT_OURS, Certainty.ANSWER),
)


def read_reply(text: str, today: dt.date) -> Reply:
    """What this text says about a duty, said on that day: «xong PV12» → done, PV12, certain; «bao giờ phải nộp?» → no reply."""
    text = normalise(text)[:_LONGEST]
    said, codes, is_bare = _read_words(text)
    if not said.words and not codes:
        is_courtesy = phrases.RECEIVED.fullmatch(fold(text)) is not None
        return Reply(Certainty.ANSWER, (Meaning.RECEIVED,)) if is_courtesy else Reply()
    if codes and not is_bare and (mixed := phrases.MIXED.fullmatch(said.words)) and phrases.done(mixed["first"]):
        return Reply(Certainty.UNCLEAR, codes=codes, is_mixed=True)
    reply = _understand(said, today)
    # Naming a duty says what the words are about, however they go on.
    if codes and not is_bare and reply.certainty is Certainty.ANSWER:
        reply = replace(reply, certainty=Certainty.CERTAIN)
    if codes and not is_bare and not reply.may_mean and not _is_question(said):
        reply = replace(reply, certainty=Certainty.UNCLEAR, note=said.typed(0))
    return replace(reply, codes=codes, is_bare=is_bare, wrong=find_wrong(said.words))


def find_wrong(words: str) -> str:
    """What is named and does not exist; empty where there is nothing of the kind."""
    match = _PERCENT.search(words)
    return f"{match[1]}%" if match and int(match[1]) > 100 else find_wrong_day(words)


def is_question(text: str) -> bool:
    """Whether somebody surely asks something, rather than answers what they were asked: «hạn là ngày nào», «chỉ tiêu 5G 2030»."""
    words = _read_words(normalise(text)[:_LONGEST])[0].words
    return bool(phrases.QUESTION.search(words) or phrases.ASKING_SURELY.match(words))


def asks_whether_done(text: str) -> bool:
    """Whether somebody only asks whether it is done: «đã xong chưa», «PV12 nộp chưa?»."""
    return phrases.WHETHER_DONE.fullmatch(_read_words(normalise(text)[:_LONGEST])[0].words) is not None


def sounds_told(text: str) -> bool:
    """Whether somebody tells what they did, in whatever words: «đã hoàn thành việc xây dựng kế hoạch»."""
    words = _read_words(normalise(text)[:_LONGEST])[0].words
    return bool(phrases.TOLD.match(words)) and not phrases.TOPIC.search(words)


def _read_words(text: str) -> tuple[_Said, tuple[int, ...], bool]:
    """The words that count, and the duties that are named."""
    tokens: list[tuple[str, int, int]] = []
    codes: list[int] = []
    found = [(fold(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    skip = False
    for place, (word, start, end) in enumerate(found):
        following = found[place + 1][0] if place + 1 < len(found) else ""
        if skip:
            skip = False
        elif code := _CODE.fullmatch(word):
            codes.append(int(code[1]))
        elif word == "pv" and following.isdecimal() and len(following) <= 9:
            codes.append(int(following))
            skip = True
        elif not phrases.is_polite(word, text[start:end]) and not (word == "toi" and following in phrases.AFTER_I):
            tokens.append((phrases.CHAT.get(word, word), start, end))
    said = _Said(text, "")
    for word, start, end in tokens:
        if not word or (not said.words and word in ",.:;!"):
            continue
        said.words += " " if said.words else ""
        said.places.append((len(said.words), start, end))
        said.words += word
    is_bare = False
    if not codes and (bare := phrases.BARE_CODE.fullmatch(said.words)):
        codes.append(int(bare[1]))
        cut = bare.start(1)
        said.words, said.places = said.words[:cut].rstrip(), [one for one in said.places if one[0] < cut]
        is_bare = True
    return said, tuple(dict.fromkeys(codes)), is_bare


def _is_question(said: _Said) -> bool:
    return bool(phrases.QUESTION.search(said.words) or phrases.ASKING.match(said.words))


def _understand(said: _Said, today: dt.date) -> Reply:
    words = said.words
    if phrases.REQUEST.match(words) and not phrases.WH.search(words):
        return _extension(said, today)
    if _is_question(said):
        return Reply()
    for pattern, meaning, certainty in _WISHES:
        if match := pattern.search(words):
            return _wish(said, match, meaning, certainty, today)
    if match := phrases.EXTENSION.search(words):
        return _extension(said, today)
    is_doubtful = bool(phrases.DOUBT.search(words))
    if (match := phrases.HAND_OVER.search(words)) and not is_doubtful:
        return _hand_over(said, match)
    if (match := phrases.OBSTACLE.match(words)) or (match := phrases.OBSTACLE_WITHIN.search(words)):
        is_short = len(words.split()) <= phrases.SHORT
        certainty = Certainty.CERTAIN if phrases.OBSTACLE.match(words) and is_short else Certainty.ANSWER
        return Reply(certainty, (Meaning.OBSTACLE,), note=said.typed(match.end("said") if match["said"].strip() else 0))
    return _status(said, today, is_doubtful)


def _status(said: _Said, today: dt.date, is_doubtful: bool) -> Reply:
    """How far it is: done, under way with a percentage or a day, not begun."""
    words = said.words
    percent = _percent(words)
    day = find_day(words, today)
    more = find_more(words) if day is None else None
    done = phrases.done(words)
    going = phrases.GOING.search(words)
    reply = Reply(percent=percent, day=day.on if day else None, day_has_passed=bool(day and day.has_passed))
    if phrases.NOT_BEGUN.search(words) and percent in (None, 0):
        certainty = Certainty.CERTAIN if phrases.NOT_BEGUN.match(words) and len(words.split()) <= phrases.SHORT else Certainty.ANSWER
        return replace(reply, certainty=certainty, may_mean=(Meaning.NOT_STARTED,))
    if is_doubtful:
        return replace(reply, certainty=Certainty.UNCLEAR, may_mean=_perhaps(done, day)) if done or going or day else Reply()
    if percent is not None and percent < 100:
        certainty = Certainty.CERTAIN if done or going else Certainty.ANSWER if phrases.only(words, _PERCENT) else Certainty.UNCLEAR
        certainty = min(certainty, _by_rest(words, going)) if certainty is Certainty.CERTAIN else certainty
        return replace(reply, certainty=certainty, may_mean=(Meaning.IN_PROGRESS,), note=_rest(said, day, going))
    if phrases.NOT_DONE.search(words) and not going:
        if day:
            return replace(reply, certainty=Certainty.ANSWER, may_mean=(Meaning.IN_PROGRESS,))
        return replace(reply, certainty=Certainty.UNCLEAR, may_mean=(Meaning.IN_PROGRESS, Meaning.NOT_STARTED, Meaning.EXTENSION))
    if phrases.PARTLY.search(words) and percent != 100:
        certainty = Certainty.CERTAIN if phrases.NEARLY.match(words) else Certainty.ANSWER
        return replace(reply, certainty=certainty, may_mean=(Meaning.IN_PROGRESS,), note=said.typed(0))
    if going:
        certainty = _by_rest(words, going) if phrases.GOING.match(words) else Certainty.ANSWER
        return replace(reply, certainty=certainty, may_mean=(Meaning.IN_PROGRESS,), note=_rest(said, day, going))
    is_past = bool(phrases.PAST.search(words))
    if (day or find_wrong_day(words)) and not is_past and (done or phrases.DOING.search(words)):
        return replace(reply, certainty=_by_rest(words, None), may_mean=(Meaning.IN_PROGRESS,))
    if done or percent == 100:
        certainty = Certainty.ANSWER if done is None or not done.is_first else _by_rest(words, None)
        note = said.typed(done.end) if done and not day else ""
        return replace(reply, certainty=certainty, may_mean=(Meaning.DONE,), percent=None, day=None, day_has_passed=False, note=note)
    if phrases.DOING_ONLY.fullmatch(words):
        return Reply(Certainty.UNCLEAR, (Meaning.DONE, Meaning.IN_PROGRESS))
    if phrases.RECEIVED.fullmatch(words):
        return Reply(Certainty.ANSWER, (Meaning.RECEIVED,))
    if day and phrases.only(words, day):
        return replace(reply, certainty=Certainty.UNCLEAR, may_mean=(Meaning.IN_PROGRESS, Meaning.EXTENSION))
    if more and phrases.only(words, more):
        return Reply(Certainty.UNCLEAR, (Meaning.EXTENSION,), more_days=more.days)
    return Reply()


def _perhaps(done: phrases.Done | None, day: Day | None) -> tuple[Meaning, ...]:
    return (Meaning.IN_PROGRESS, Meaning.EXTENSION) if day or not done else (Meaning.DONE, Meaning.IN_PROGRESS)


def _by_rest(words: str, going: re.Match[str] | None) -> Certainty:
    """How certain words are by what they say besides: «xong báo cáo quý rồi» is, «hoàn thành chỉ tiêu 5G» is not."""
    rest = phrases.unusual(words)
    if (going is None and "%" not in words and phrases.PLAIN_DONE.match(words)) or phrases.PASSIVE.match(words):
        return Certainty.ANSWER  # so speak documents, too
    return Certainty.CERTAIN if rest == 0 or (going is not None and rest <= 2) else Certainty.ANSWER


def _rest(said: _Said, day: Day | None, going: re.Match[str] | None) -> str:
    """What is said besides «đang làm 60%»; nothing where that is all."""
    return said.typed(0) if phrases.unusual(said.words) else ""


def _percent(words: str) -> int | None:
    match = _PERCENT.search(words)
    if match is None:
        return 50 if phrases.HALF.search(words) else None
    value = int(match[1])
    return value if value <= 100 else None


def _wish(said: _Said, match: re.Match[str], meaning: Meaning, certainty: Certainty, today: dt.date) -> Reply:
    words = said.words
    if meaning in (Meaning.SNOOZE, Meaning.RESUME):
        day = find_day(words, today)
        more = find_more(words) if day is None else None
        if meaning is Meaning.RESUME and day is not None:
            # «mai nhắc lại»: quiet until the day before.
            return Reply(certainty, (Meaning.SNOOZE,), day=max(today, day.on - dt.timedelta(days=1)), note=_reason(said))
        until = day.on if day else today + dt.timedelta(days=more.days) if more else None
        # «nhắc lại» may also ask for an answer to be said again.
        certainty = Certainty.ANSWER if meaning is Meaning.RESUME else certainty
        return Reply(certainty, (meaning,), day=until, note=_reason(said))
    if meaning is Meaning.NOT_OURS:
        return Reply(certainty, (meaning,), note=_reason(said) or (said.typed(0) if len(words.split()) > 4 else ""))
    return Reply(certainty, (meaning,))


def _extension(said: _Said, today: dt.date) -> Reply:
    words = said.words
    day, more = find_day(words, today), find_more(words)
    note = _reason(said)
    # What stands before the request is often the reason: «vướng kinh phí, xin lùi đến 20/01».
    match = phrases.EXTENSION.search(words)
    if not note and match and match.start() > 0 and len(words[: match.start()].split()) > 1:
        note = said.typed(0, match.start())
    is_plain = bool(phrases.EXTENSION_FIRST.match(words)) or day is not None or more is not None
    is_plain = is_plain and len(words.split()) <= 2 * phrases.SHORT
    return Reply(
        Certainty.CERTAIN if is_plain else Certainty.ANSWER,
        (Meaning.EXTENSION,),
        day=day.on if day else None,
        more_days=more.days if more and day is None else None,
        note=note,
    )


def _reason(said: _Said) -> str:
    """«… vì lãnh đạo đi công tác»"""
    match = phrases.REASON.search(said.words)
    return said.typed(match.end()) if match else ""


def _hand_over(said: _Said, match: re.Match[str]) -> Reply:
    whom = said.typed(match.end())
    named = "" if phrases.SOMEBODY.fullmatch(fold(whom)) else whom
    # «giao cho» and no name, or a whole sentence, is no name.
    if len(whom.split()) > 7:
        return Reply(Certainty.UNCLEAR, (Meaning.HAND_OVER, Meaning.DONE))
    is_first = match.start() == 0
    return Reply(Certainty.CERTAIN if is_first else Certainty.ANSWER, (Meaning.HAND_OVER,), whom=named)


def merge(first: Reply, codes: Sequence[int]) -> Reply:
    """The same, about these duties."""
    return replace(first, codes=tuple(codes), is_bare=False)
