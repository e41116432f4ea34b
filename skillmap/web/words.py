"""Values in the words of one language: names, dates, slots, skills, reasons.

In: values of the model. Out: `str` or `Markup` for a page.
Law: what people wrote (names, topics, titles of ads) comes out isolated in <bdi>, so that its
direction never turns the sentence around it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo

from babel import Locale
from babel.dates import format_date, format_datetime, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from skillmap.model import (
    AssignmentId,
    Course,
    ItemId,
    PersonId,
    Reason,
    Skill,
    SkillId,
    Spoken,
)
from skillmap.web.messages import Messages

__all__ = ["Words", "isolated"]

_LOCALES = {"en": "en_GB", "nb": "nb_NO"}  # day before month, as in Norway
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def isolated(text: str) -> Markup:
    """Wrap what a person wrote, so that its direction stays its own."""
    return Markup("<bdi>{}</bdi>").format(text)


class Words:
    """Says things in one language about one course, with times in `zone`."""

    def __init__(self, messages: Messages, course: Course, zone: tzinfo | None) -> None:
        self.language = messages.language
        self.say = messages.say
        self.count = messages.count
        self._keys = messages.keys()
        self._course = course
        self._zone = zone
        self._locale = Locale.parse(_LOCALES[messages.language])

    @property
    def direction(self) -> str:
        """Give "ltr" or "rtl"."""
        return "rtl" if self._locale.text_direction == "rtl" else "ltr"

    def label(self, labels: Mapping[str, str], fallback: str) -> str:
        """Choose the label of this language, else any label, else `fallback`."""
        return labels.get(self.language) or next(iter(labels.values()), fallback)

    def skill(self, skill: str) -> str:
        """Name a skill; an id that the course no longer has names itself."""
        known = self._course.skills.get(SkillId(skill))
        return self.label(known.labels, skill) if isinstance(known, Skill) else skill

    def item(self, item: ItemId) -> str:
        """Name one grade cell."""
        known = self._course.items.get(item)
        return self.label(known.titles, known.grade_id) if known else item.rpartition("/")[2]

    def assignment(self, assignment: AssignmentId) -> str:
        """Name an assignment by its module's title, else by nbgrader's folder name."""
        for track in self._course.tracks:
            for module in track.modules:
                if module.assignment == assignment:
                    return self.label(module.titles, assignment)
        return assignment

    def level(self, level: str) -> str:
        """Name a level as it stands within a sentence."""
        for known in self._course.levels:
            if known.id == level:
                name = self.label(known.labels, level)
                return name[:1].lower() + name[1:]
        return level

    def language_name(self, code: str) -> str:
        """Name a language given by its ISO 639-1 code."""
        return str(self._locale.languages.get(code, code))

    def spoken(self, spoken: Iterable[Spoken]) -> str:
        """List languages with their levels: "Norwegian (B1) and English (C1)"."""
        return self.listed(f"{self.language_name(s.language)} ({s.level})" for s in spoken)

    def slot(self, slot: str) -> str:
        """Say an evening: "mon-18" becomes "Monday 18:00"; anything else stays as it is."""
        day, _, hour = slot.partition("-")
        if day not in _DAYS or not hour.isdigit():
            return slot
        name = get_day_names("wide", locale=self._locale)[_DAYS.index(day)]
        return f"{name} {int(hour):02}:00"

    def slots(self, slots: str) -> str:
        """Say evenings given as "mon-18, wed-18"."""
        return self.listed(self.slot(s) for s in slots.replace(",", " ").split())

    def day(self, when: datetime) -> str:
        """Say a date: "23 Nov 2026"."""
        return format_date(self._local(when), "medium", locale=self._locale)

    def date(self, day: date) -> str:
        """Say a day of the calendar, which no zone moves: "23 Nov 2026"."""
        return format_date(day, "medium", locale=self._locale)

    def moment(self, when: datetime) -> str:
        """Say a date and a time with its zone: "23 Nov 2026, 18:05 UTC"."""
        time = format_datetime(self._local(when), "HH:mm z", locale=self._locale)
        return f"{self.day(when)}, {time}"

    def number(self, value: float) -> str:
        """Write a number with one decimal at most."""
        return format_decimal(round(value, 1), locale=self._locale)

    def signed(self, logits: float) -> str:
        """Write logits with a sign and two decimals: "+0.31"."""
        return format_decimal(round(logits, 2) + 0.0, "+0.00;-0.00", locale=self._locale)

    def hundredths(self, value: float) -> str:
        """Write a number with two decimals."""
        return format_decimal(round(value, 2), "0.00", locale=self._locale)

    def listed(self, words: Iterable[str]) -> Markup:
        """Join words as this language does: "a, b and c"."""
        return Markup(format_list([escape(word) for word in words], locale=self._locale))

    def named(self, title: str) -> Markup:
        """Set off a title or a skill within a sentence, isolated from its direction."""
        return Markup('<em dir="auto">{}</em>').format(title)

    def reason(self, reason: Reason, names: Mapping[str, str]) -> Markup:
        """Say a reason; `names` names the persons that it speaks of."""
        values = {k: self._value(k, v, names) for k, v in reason.values.items()}
        n = values.pop("n", None)
        if isinstance(n, int):
            return self.count(reason.key, n, **values)
        return self.say(reason.key, **values)

    def known_or_own(self, text: str) -> Markup:
        """Say the message of this key; text that is no key was written by a person: isolate it."""
        return self.say(text) if text in self._keys else isolated(text)

    def _value(self, name: str, value: str | int | float, names: Mapping[str, str]) -> object:
        if isinstance(value, float):
            return self.number(value)
        if isinstance(value, int):
            return value
        if name in {"mentor", "learner"}:
            return isolated(names.get(value, PersonId(value)))
        said = {
            "day": lambda day: self.date(date.fromisoformat(day)),
            "item": lambda item: self.named(self.item(ItemId(item))),
            "language": self.language_name,
            "skill": lambda skill: self.named(self.skill(skill)),
            "slots": self.slots,
        }
        return said[name](value) if name in said else isolated(value)

    def _local(self, when: datetime) -> datetime:
        return when.astimezone(self._zone)
