"""Every word of ours on a feedback page, by key and language.

In: a language, a key, values. Out: `Markup` with the values set in, escaped.
Law: each key has all LANGUAGES; a key that is missing raises; a value never becomes markup.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from markupsafe import Markup, escape

__all__ = ["LANGUAGES", "WORDS", "Language", "Words"]

Language = Literal["en", "nb"]
LANGUAGES: tuple[Language, ...] = ("en", "nb")
_LOCALES = {"en": "en_GB", "nb": "nb_NO"}  # day before month, as in Norway

WORDS: Mapping[str, Mapping[str, str]] = {
    "skip": {"en": "Skip to the content", "nb": "Hopp til innholdet"},
    "title": {"en": "Feedback on {notebook}", "nb": "Tilbakemelding på {notebook}"},
    "for": {"en": "For {learner}", "nb": "Til {learner}"},
    "points": {"en": "{score} of {max} points", "nb": "{score} av {max} poeng"},
    "points.one": {"en": "{score} of 1 point", "nb": "{score} av 1 poeng"},
    "points.none": {"en": "{max} points", "nb": "{max} poeng"},
    "points.none.one": {"en": "1 point", "nb": "1 poeng"},
    "late": {
        "en": "It came in late: {points} taken off. The sum above counts this.",
        "nb": "Den kom for sent: {points} er trukket fra. Summen over tar hensyn til det.",
    },
    "so_far": {
        "en": "A person still reads a part of it, so the sum can change.",
        "nb": "En person skal lese en del av den, så summen kan endre seg.",
    },
    "checked": {"en": "What was checked", "nb": "Dette ble sjekket"},
    "nothing_checked": {
        "en": "Nothing in this notebook gives points.",
        "nb": "Ingenting i denne notatboken gir poeng.",
    },
    "done": {"en": "Done", "nb": "Ferdig"},
    "not_yet": {"en": "Not yet", "nb": "Ikke ennå"},
    "waits": {"en": "Waits for a person", "nb": "Venter på en person"},
    "unchecked": {"en": "Could not be checked", "nb": "Kunne ikke sjekkes"},
    "comment": {"en": "Comment", "nb": "Kommentar"},
    "count.done": {"en": "done", "nb": "ferdig"},
    "count.not_yet": {"en": "not yet", "nb": "ikke ennå"},
    "count.waits": {"en": "waiting for a person", "nb": "venter på en person"},
    "count.unchecked": {"en": "could not be checked", "nb": "kunne ikke sjekkes"},
    "part": {"en": "A part of the points is yours.", "nb": "Du har fått en del av poengene."},
    "waits.text": {
        "en": "A person reads this answer. You do not have to do anything.",
        "nb": "En person leser dette svaret. Du trenger ikke å gjøre noe.",
    },
    "unchecked.text": {
        "en": "This says nothing about your answer. Ask your instructor.",
        "nb": "Det sier ingenting om svaret ditt. Spør instruktøren din.",
    },
    "check.unnamed": {
        "en": "This check did not hold: {line}",
        "nb": "Denne sjekken stemte ikke: {line}",
    },
    "check.stopped": {
        "en": "The code stopped with an error: {error}",
        "nb": "Koden stoppet med en feil: {error}",
    },
    "check.name": {
        "en": "Python does not know a name here ({error}). Is it spelled the same everywhere?",
        "nb": "Python kjenner ikke et navn her ({error}). Er det skrevet likt overalt?",
    },
    "check.no_answer": {
        "en": "There is no answer here yet.",
        "nb": "Her er det ikke noe svar ennå.",
    },
    "hidden.failed": {
        "en": "A hidden check did not pass. It tries your code with cases that are not shown.",
        "nb": "En skjult sjekk ble ikke bestått. Den prøver koden med tilfeller som ikke vises.",
    },
    "hidden.some": {
        "en": "Some checks are hidden: they try cases that are not shown.",
        "nb": "Noen sjekker er skjult: de prøver tilfeller som ikke vises.",
    },
    "no_response": {
        "en": "No answer was handed in here.",
        "nb": "Det ble ikke levert noe svar her.",
    },
    "reason.cpu": {
        "en": "It ran too long and was stopped. Look for a loop that does not end.",
        "nb": "Det kjørte for lenge og ble stoppet. Se etter en løkke som ikke tar slutt.",
    },
    "reason.wall": {
        "en": "It waited too long and was stopped. Take away what sleeps or waits for somebody.",
        "nb": "Det ventet for lenge og ble stoppet. Ta bort det som sover eller venter på noen.",
    },
    "reason.waits": {
        "en": "A program could not check this answer: a person looks at it.",
        "nb": "Et program kunne ikke sjekke dette svaret: et menneske ser på det.",
    },
    "reason.memory": {
        "en": "It needed too much memory. Look for a list or a table that grows without end.",
        "nb": "Det trengte for mye minne. Se etter en liste eller tabell som vokser uten ende.",
    },
    "reason.died": {
        "en": "It ended Python itself: by exit, by a crash, or by a limit on files.",
        "nb": "Det avsluttet Python selv: med exit, et krasj eller en grense for filer.",
    },
    "reason.broken": {
        "en": "It disturbed the connection to the grader, so it was stopped.",
        "nb": "Det forstyrret forbindelsen til rettingen og ble stoppet.",
    },
    "reason.not_run": {
        "en": "It was not run any more, because too many other cells had to be stopped.",
        "nb": "Det ble ikke kjørt, fordi for mange andre celler måtte stoppes.",
    },
    "reason.missing": {
        "en": "This cell is missing from the notebook that was handed in.",
        "nb": "Denne cellen mangler i notatboken som ble levert.",
    },
    "notebook": {"en": "The notebook", "nb": "Notatboken"},
    "answer": {"en": "Your answer", "nb": "Svaret ditt"},
    "check": {"en": "Check", "nb": "Sjekk"},
    "task": {"en": "Task", "nb": "Oppgave"},
    "to_list": {"en": "Back to the list", "nb": "Tilbake til listen"},
    "details": {"en": "What Python wrote", "nb": "Dette skrev Python"},
    "output": {"en": "Output", "nb": "Utdata"},
    "table": {"en": "A table that can be scrolled", "nb": "En tabell som kan rulles"},
    "picture": {"en": "Picture made by the code", "nb": "Bilde laget av koden"},
    "not_shown": {
        "en": "There was an output of a kind that this page does not show.",
        "nb": "Det var utdata av et slag som denne siden ikke viser.",
    },
    "withheld": {
        "en": "This output is not shown.",
        "nb": "Disse utdataene vises ikke.",
    },
    "cut": {"en": "{n} more characters are left out.", "nb": "{n} tegn til er utelatt."},
    "cut.outputs": {"en": "{n} more outputs are left out.", "nb": "{n} utdata til er utelatt."},
    "cut.cells": {
        "en": "The page ends here: {n} more cells are left out.",
        "nb": "Siden slutter her: {n} celler til er utelatt.",
    },
    "when": {"en": "Handed in {when}.", "nb": "Levert {when}."},
    "foot": {
        "en": "This page is about your work only. Nobody is compared with anybody.",
        "nb": "Denne siden handler bare om ditt arbeid. Ingen blir sammenlignet med andre.",
    },
}


class Words:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._locale = _LOCALES[language]

    def say(self, key: str, /, **values: object) -> Markup:
        """Return the message `key` with `values` set in; KeyError when there is none."""
        words = escape(WORDS[key][self.language])
        return words.format(**values) if values else words

    def known_or_own(self, text: str) -> Markup:
        """Say the message of this key; text that is no key stays as it was written."""
        return self.say(text) if text in WORDS else escape(text)

    def number(self, value: float) -> str:
        """Write a number with two decimals at most."""
        if value == int(value):
            return str(int(value))
        return format_decimal(round(value, 2), locale=self._locale)

    def points(self, score: float | None, max_score: float) -> Markup:
        """Say "2 of 3 points"; without a score, what could be had."""
        key = "points.none" if score is None else "points"
        key += ".one" if max_score == 1 else ""
        shown = self.number(score) if score is not None else ""
        return self.say(key, score=shown, max=self.number(max_score))

    def moment(self, when: datetime) -> str:
        """Say a date and a time: "23 Nov 2026, 18:05 UTC"."""
        time = format_datetime(when, "HH:mm z", locale=self._locale)
        return f"{format_date(when, 'medium', locale=self._locale)}, {time}"
