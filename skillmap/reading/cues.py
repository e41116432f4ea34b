"""The words by which ads in bokmål, nynorsk and English say how much they mean it.

In: a clause, its sentence, the section it stands in. Out: a stance.
Law: the nearest words decide: the clause before the sentence, the sentence before the section.
"""

import re
from typing import Literal

__all__ = ["Section", "Stance", "is_about_applying", "section_named", "stance_of"]

Section = Literal["required", "preferred", "tasks", "other", "none"]
Stance = Literal["required", "preferred", "mentioned", "waived", "ignored"]

SHORT_WORDS = 12  # a line this short under a heading of demands is a demand, not a story


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


_HEDGED = _words(
    r"ikk(?:j?e) (?:noe |et |eit )?absolutt krav",
    r"not (?:a strict requirement|strictly required)",
)
_WAIVED = _words(
    r"(?:trenger|treng|behøver|krever|krev) (?:du )?ikk(?:j?e)",
    r"ikk(?:j?e) (?:et |eit |noe |nødvendigvis )?(?:krav|nødvendig|nødvendigvis|påkrevd)",
    r"ingen krav",
    r"not (?:a requirement|necessary|needed|required|a must)",
    r"no (?:need|requirement|prior)",
    r"(?:do not|don['’]t) (?:need|require|have to)",
)
_PREFERRED = _words(
    r"fordel(?:aktig)?|føremon|(?:ønske|ynskje)l[ie]ge?|ynskeleg|gjerne|helst|pluss|bonus(?:poeng)?|bør(?:-krav)?",
    r"tell(?:er|e|ast|es) (?:også )?positivt|vektlegges|vektlagt|verdsettes|verdsatt|kjekt å ha",
    r"nice[- ]to[- ]haves?|(?:a|big|huge|definite|great) plus|advantage(?:ous)?|beneficial",
    r"preferabl[ey]|preferred|ideally|desirable|a bonus|bonus points|would be great|optional",
    r"(?:er|is|are) (?:også |also )?(?:kjekt|flott|topp|fint|gull verdt|appreciated|welcome)",
    r"useful|setter (?:vi )?pris på|det samme (?:er|gjelder)",
    # An example is one way to meet a demand, so it is not demanded itself.
    r"for eksempel|eksempelvis|f\.eks\.|e\.g\.|such as|for instance|for example",
    r"villig til|vilje til|ønske om å|willing(?:ness)? to|interested in|interesse for",
)
_PREFERRED_HEADING = _words(
    r"(?:not|ikk(?:j?e)) (?:a |et )?(?:required|necessary|nødvendig|krav)|welcome|useful",
    r"appreciate|extra credit|it helps|good to have|stand out|happy if|bra å ha|fint å ha",
    r"fint (?:om|hvis)|fint, men|hadde vært (?:fint|flott)|ønskede|ønska|vi ønsker:?$|pris på",
    r"legge? (?:også )?vekt på",
)
_HARD = _words(
    r"må|må-krav|kreves|krevst|krevjast|kre(?:ver|v)|påkrevd|forutsetning|forutsetter|føresetnad",
    r"(?:er|som) (?:et |eit )?(?:absolutt )?krav|krav om|absolutte? krav|nødvendig|avgjørende",
    r"must|require[sd]?|mandatory|essential|is needed|you need|a requirement|is a must",
)
_ASKING = _words(
    r"(?:vi|me) (?:søker|søkjer|leter|leitar|ønsker|ønskjer|ser etter|trenger|treng)|ser vi etter",
    r"du (?:har|kan|er|bør|behersker|meistrar|liker|likar|kjenner|mestrer)|har du|kan du|er du",
    r"(?:\w+-?)?erfaring|kjennskap|kjenner|(?:\w+-?)?kunnskap(?:er|ar)?|(?:\w+-?)?kompetanse",
    r"ferdighe[it]+e?r?|forståelse|forståing|beherske[rs]?|bakgrunn|utdannin[ag]|trygg på|stødig",
    r"experienced?|knowledge|skills?|proficien(?:t|cy)|familiar(?:ity)?|comfortable|background",
    r"you (?:have|are|know|can|bring|enjoy|like|write)|looking for|looking to hire|understanding",
)
_USING = _words(
    r"(?:be)?nytt(?:er|ar)|bruk(?:er|ar|e|a)?|jobb(?:er|ar|e)|arbeid(?:er|ar|e)?|utvikl(?:er|ar|e|a)",
    r"teknologi\w*|stacken|stack|verktøy\w*|bygg(?:er|jer|e|et)|drift(?:er|ar|e)|basert på|skrevet",
    r"uses?|using|tools?|toolbox|technolog(?:y|ies)|work(?:ing)? (?:with|in)|buil(?:d|t|ding)",
    r"develop(?:s|ing)?|maintain(?:s|ing)?|written in|runs? on|running on|based on",
)
_ABOUT_US = _words(
    r"(?:vi|me) (?:har|er|tilbyr|tilbyd|leverer|leverar|utvikler|hjelper)|vår[et]?|våre|vårt",
    r"kundene|kundane|selskapet|konsernet|hos oss|we (?:have|are|offer|provide|help|deliver|serve)",
    r"our|us",
)
_HISTORY = _words(r"(?:vi|me) har|we(?: have|['’]ve)|siden|since")
_YOU = _words(r"du|deg|din|ditt|dine|you|your|søkere?n?|kandidaten|candidates?|applicants?")
_TEACHING = _words(
    r"(?:vi|me) (?:kan )?(?:tilbyr|tilbyd|tilby)|tilbyr vi|opplæring|kurs|kurset|kursing|får du",
    r"(?:du )?(?:vil |får )?(?:lære|lærer)(?: deg)?|we (?:can )?offer|we provide|training in",
    r"you(?:['’]ll| will| can)? learn|we(?:['’]ll| will) teach|courses?",
)
_APPLYING = _words(
    r"søkna(?:d|ad)\w*|cv|cv-en|attester|applications?|apply|résumé|resume|cover letter"
)
_DEMANDING = _words(r"søker|søkjer|ser etter|looking for|du har|you have|krav|must|må|required")

_HEADINGS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    ("required", _words(r"(?:du|hva) bør (?:du )?ha(?:r)?|må du|du må")),
    ("preferred", _PREFERRED_HEADING),
    ("preferred", _PREFERRED),
    ("none", _words("språk|languages?")),
    (
        "other",
        _words(
            r"(?:vi|me|kva vi|hva vi)(?: kan)? tilby[rd]?|vi gir deg|tilbyr vi|tilbud|goder|om oss",
            r"om (?:selskapet|bedriften|kommunen|arbeidsgiver(?:en)?|avdelingen)|hvem er vi",
            r"hvorfor (?:oss|jobbe hos oss|velge)|kvifor oss|kontakt\w*|søknad\w*|slik søker du",
            r"hvordan søke|andre opplysninger|praktisk info\w*|lønn(?:s- og arbeidsvilkår)?",
            r"(?:what )?we offer|about (?:us|the company|the team)|benefits|who we are",
            r"why (?:us|join)|how to apply|contact|our values|what you(?:['’]ll| get)",
            r"by[rd]? på|vi lover|vilkår|betingelser|conditions|practical|in return|the deal|perks",
            r"(?:hiring )?process|du får|what it is like|good to know|what you can expect",
            r"(?:do not|don['’]t) expect|spør (?:vi )?ikk(?:j?e)|(?:vi|me) spør ikk(?:j?e)",
            r"hva får du|dette får du|kva får du|hos oss får du|bli kjent med oss",
        ),
    ),
    (
        "required",
        _words(
            r"kva(?:l|li)fikasjon\w*|kvalifikasjonskrav|krav|må-krav|krav til \w+|kompetanse\w*",
            r"(?:vi|me) (?:ser etter|søker|søkjer|leter etter|trenger|ønsker oss|krever|krev)",
            r"(?:hva |kva )?ser vi etter|du har|du må ha|du bør være|du er|er du|har du|du kan",
            r"hvem (?:er du|ser vi etter|leter vi etter|passer)|kven er du|om deg|profil(?:en)?",
            r"utdanning\w*|erfaring\w*|faglig|din bakgrunn|bakgrunn|dette (?:må du|trenger du)",
            r"deg som|personlige egenskap\w*|eigenskapar|egenskaper|hva (?:må|bør) du|vi håper du",
            r"requirements?|must[- ]haves?|qualifications?|what you bring|you have|you are",
            r"who (?:you are|are you)|about you|your (?:profile|background|skills|experience)",
            r"looking for|skills|experience|what we need|what we (?:expect|hope)|you bring",
            r"you (?:might|may|should|could|need to) (?:be|have|know)|essentials?",
            r"we (?:expect|ask|require)|we(?:['’]re| are) after",
        ),
    ),
    (
        "tasks",
        _words(
            r"(?:arbeids)?oppg(?:av|åv)\w*|ansvarsområde\w*|ansvar|om (?:stillingen|rollen|jobben)",
            r"stillingen|rollen|jobben|du skal|du vil|hva (?:skal|vil|kommer) du|kva skal du",
            r"responsibilities|(?:your |the |key )?(?:role|tasks|duties)|the job|you will",
            r"you['’]ll|what you(?:['’]ll| will) (?:do|be doing)|day to day",
            r"a typical (?:day|week)|hverdagen|(?:tech(?:nical)? )?stack|verktøy\w*",
            r"teknolog\w*|technolog\w+",
        ),
    ),
)


def section_named(heading: str) -> Section | None:
    """The section that a heading opens, None when its words are not known."""
    for section, words in _HEADINGS:
        if words.search(heading):
            return section
    return None


def is_about_applying(sentence: str) -> bool:
    """Whether the sentence speaks of the application, not of the work."""
    return bool(_APPLYING.search(sentence)) and not _DEMANDING.search(sentence)


def stance_of(clause: str, *, sentence: str, section: Section, is_item: bool) -> Stance:
    """How much a clause means what it names. is_item: the sentence is an item of a list."""
    if _HEDGED.search(clause):
        return "preferred"
    if _WAIVED.search(clause):
        return "preferred" if _PREFERRED.search(_WAIVED.sub("", clause)) else "waived"
    if _PREFERRED.search(clause):
        return "preferred"
    if section in ("none", "other", "tasks") and _TEACHING.search(sentence):
        return "ignored"
    is_hard = _HARD.search(clause) is not None
    if section == "preferred" and (is_item or not is_hard):
        return "preferred"
    if is_hard:
        return "required"
    return _default(sentence, section, is_item=is_item)


def _default(sentence: str, section: Section, *, is_item: bool) -> Stance:
    is_asking = _is_asking(sentence)
    if section == "required":
        is_demand = is_item or is_asking or len(sentence.split()) <= SHORT_WORDS
        return "required" if is_demand else "mentioned"
    if section == "tasks":
        return "mentioned"
    if section == "other":
        return "required" if is_asking and _YOU.search(sentence) else "ignored"
    if is_asking:
        return "required"
    is_in_use = _USING.search(sentence) and not _HISTORY.search(sentence)
    return "mentioned" if is_in_use else "ignored"


def _is_asking(sentence: str) -> bool:
    if not _ASKING.search(sentence):
        return False
    return not _ABOUT_US.search(sentence) or bool(_YOU.search(sentence))
