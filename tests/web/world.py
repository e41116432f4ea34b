"""A small invented programme in a real database: a course, a cohort, their work, mentors, jobs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from skillmap.matching import plan_pairings
from skillmap.model import (
    AssignmentId,
    Attempt,
    Attestation,
    Course,
    Dispute,
    GradedAttempt,
    Item,
    Learner,
    LearnerId,
    Level,
    Mentor,
    MentorId,
    Module,
    Opening,
    OpeningId,
    Person,
    PersonId,
    Requirement,
    Response,
    Role,
    Skill,
    SkillId,
    Spoken,
    Statement,
    Track,
    Witness,
    item_id,
)
from skillmap.profiles import build_profiles
from skillmap.store import (
    Database,
    Session,
    attestations,
    disputes,
    open_database,
    openings,
    pairings,
    people,
    profiles,
    responses,
    statements,
)
from skillmap.workflows.programme import Programme
from tests.grading.builders import make_cell, make_notebook

# A picture of one pixel.
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
    "kJggg=="
)
NOW = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
SKILLS = {
    "conditions": ("Conditions", "Betingelser"),
    "dataframes": ("Data frames", "Datarammer"),
    "functions": ("Functions", "Funksjoner"),
    "grouping": ("Grouping and summaries", "Gruppering og oppsummering"),
    "joins": ("Joining tables", "Slå sammen tabeller"),
    "loops": ("Loops", "Løkker"),
    "plots": ("Charts", "Diagrammer"),
    "sql": ("SQL queries", "SQL-spørringer"),
    "testing": ("Testing", "Testing"),
}
MODULES = {
    "py1": ("Decide and repeat", "Velge og gjenta", ("conditions", "loops")),
    "py2": ("Write functions", "Skrive funksjoner", ("functions", "loops", "testing")),
    "pd1": ("First tables", "De første tabellene", ("dataframes", "grouping", "plots")),
    "pd2": ("Join two tables", "Slå sammen to tabeller", ("joins", "dataframes", "grouping")),
}
TITLES = (
    ("Sum what is even", "Summer partallene"),
    ("Count the words", "Tell ordene"),
    ("Find the first gap", "Finn det første hullet"),
    ("Sort by two keys", "Sorter etter to nøkler"),
    ("Explain your choice", "Forklar valget ditt"),
)
COHORT = (
    ("amina", "Amina Warsame", 0.85),
    ("daniel", "Daniel Tesfay", 0.4),
    ("farid", "فرید احمدی", 0.6),
    ("ingrid", "Ingrid Solbakk", 0.95),
    ("oksana", "Оксана Бондар", 0.7),
    ("selam", "ሰላም በየነ", 0.3),
    ("yusuf", "Yusuf", 0.15),
)
LEVELS = (
    ("beginner", "beginner", "nybegynner", 0.5),
    ("working", "working", "selvgående", 0.7),
    ("independent", "independent", "selvstendig", 0.85),
)


def make_course() -> Course:
    items = [
        make_item(assignment, number, SkillId(skill))
        for assignment, (_, _, skills) in MODULES.items()
        for number, skill in enumerate((*skills, *skills)[:5])
    ]
    return Course(
        skills={
            SkillId(id): Skill(id=SkillId(id), labels={"en": en, "nb": nb})
            for id, (en, nb) in SKILLS.items()
        },
        levels=tuple(Level(id=i, labels={"en": en, "nb": nb}, cut=c) for i, en, nb, c in LEVELS),
        tracks=(Track(id="data", titles={"en": "Data"}, modules=_modules()),),
        items={item.id: item for item in items},
    )


def _modules() -> tuple[Module, ...]:
    return tuple(
        Module(id=id, titles={"en": en, "nb": nb}, assignment=AssignmentId(id), minutes=90)
        for id, (en, nb, _) in MODULES.items()
    )


def make_item(assignment: str, number: int, skill: SkillId, **overrides: Any) -> Item:
    en, nb = TITLES[number]
    values: dict[str, Any] = {
        "id": item_id(assignment, "tasks", f"t{number}"),
        "assignment": AssignmentId(assignment),
        "notebook": "tasks",
        "grade_id": f"t{number}",
        "exercise": f"e{number}",
        "max_points": 2.0,
        "kind": "manual" if number == 4 else "auto",
        "skills": {skill: 1.0},
        "difficulty": 1 + number,
        "minutes": 10 + 5 * number,
        "titles": {"en": f"{en} ({assignment})", "nb": f"{nb} ({assignment})"},
    }
    return Item(**values | overrides)


def make_learner(id: str = "amina", **overrides: Any) -> Learner:
    values: dict[str, Any] = {
        "id": LearnerId(PersonId(id)),
        "name": id.title(),
        "spoken": (Spoken(language="nb", level="B1"), Spoken(language="en", level="B2")),
        "slots": ("mon-18", "thu-18"),
        "goals": (SkillId("joins"), SkillId("sql")),
        "topics": "I want to show my table project, and ask how a first interview goes.",
        "municipality": "Oslo",
        "shares_with_mentor": True,
    }
    return Learner(**values | overrides)


def make_mentor(id: str, name: str, **overrides: Any) -> Mentor:
    values: dict[str, Any] = {
        "id": MentorId(PersonId(id)),
        "name": name,
        "organisation": "Fjordbanken",
        "capacity": 2,
        "spoken": (Spoken(language="nb", level="C2"), Spoken(language="en", level="C1")),
        "slots": ("mon-18", "thu-18", "tue-17"),
        "teaches": (SkillId("joins"), SkillId("grouping")),
        "page_language": "nb",
    }
    return Mentor(**values | overrides)


def make_person(id: str, name: str, role: Role, language: str = "en") -> Person:
    return Person(id=PersonId(id), name=name, role=role, page_language=language)


def make_opening(number: int, skills: tuple[str, ...], **overrides: Any) -> Opening:
    values: dict[str, Any] = {
        "id": OpeningId(f"o{number}"),
        "title": f"Data analyst {number}",
        "employer": "Nordlys Energi AS",
        "municipality": "Bergen",
        "text": "We look for an analyst.",
        "apply_url": f"https://jobs.example.no/{number}",
        "source": "invented",
        "published": NOW - timedelta(days=3),
        "expires": NOW + timedelta(days=20),
        "deadline": "Snarest" if number % 2 else "",
        "requirements": (
            *(
                Requirement(kind="skill", ref=s, is_required=i < 3, words=s)
                for i, s in enumerate(skills)
            ),
            Requirement(kind="language", ref="nb", level="B1", is_required=True, words="norsk"),
        ),
    }
    return Opening(**values | overrides)


def make_openings() -> list[Opening]:
    return [
        make_opening(1, ("dataframes", "joins", "sql")),
        make_opening(2, ("loops", "functions", "testing", "sql"), title="Junior utvikler"),
        make_opening(3, ("grouping", "plots"), title="Rapportansvarlig", municipality="Tromsø"),
        make_opening(4, ("conditions", "loops"), title="Support engineer"),
        make_opening(5, ("sql",), title="Databasekonsulent"),
        make_opening(6, (), title="Analyst without demands", requirements=()),
    ]


def make_attempt(learner: str, assignment: str, number: int, **overrides: Any) -> GradedAttempt:
    day = NOW - timedelta(days=16 - 3 * list(MODULES).index(assignment) - number)
    attempt = Attempt(
        learner=LearnerId(PersonId(learner)),
        assignment=AssignmentId(assignment),
        number=number,
        submitted_at=day,
        sha256=f"{learner}{assignment}{number}",
    )
    graded_at = day + timedelta(minutes=2)
    values = {"graded_at": graded_at, "scoring": "nbgrader-0.9.6", "isolation": "none"}
    return GradedAttempt(attempt=attempt, **values | overrides)


def make_response(graded: GradedAttempt, item: Item, fraction: float) -> Response:
    attempt = graded.attempt
    return Response(
        learner=attempt.learner,
        item=item.id,
        attempt=attempt.number,
        fraction=fraction,
        points=2 * fraction,
        max_points=2.0,
        submitted_at=attempt.submitted_at,
        graded_at=graded.graded_at,
        is_manual=item.kind == "manual",
        is_late=False,
        scoring=graded.scoring,
        isolation=graded.isolation,
        sha256=attempt.sha256,
    )


def work_of(
    learner: str, strength: float, course: Course
) -> list[tuple[GradedAttempt, list[Response]]]:
    """Attempts at the first assignments; the stronger, the more; no chance is involved."""
    done = []
    for index, assignment in enumerate(list(MODULES)[: 1 + int(3.2 * strength + 0.8)]):
        items = [i for i in course.items.values() if i.assignment == assignment]
        for number in range(1, 4 if strength < 0.8 else 2):
            graded = make_attempt(learner, assignment, number)
            reach = strength + 0.12 * number - 0.08 * index
            rows = [
                make_response(graded, item, 1.0 if reach >= 0.18 * place else 0.0)
                for place, item in enumerate(items)
                if item.kind == "auto" or number > 1
            ]
            done.append((graded, rows))
    return done


def build_world(folder: Path) -> tuple[Database, Course]:
    """Fill a new database with the whole programme; two learners do not share."""
    database = open_database(f"sqlite:///{folder / 'skillmap.db'}")
    course = make_course()
    with database.begin() as session:
        add_people(session)
        for id, _, strength in COHORT:
            for graded, rows in work_of(id, strength, course):
                responses.record_attempt(session, graded)
                responses.append(session, rows)
        broken = "Cell 4 has a name that Python does not know: `totl`. Did you mean `total`?"
        failed = make_attempt("selam", "py1", 4, problem=broken)
        responses.record_attempt(session, failed)
        openings.save(session, make_openings(), NOW)
        learners = people.learners(session)
        built = build_profiles(responses.current(session), course, [one.id for one in learners])
        for profile in built.values():
            profiles.save(session, profile, NOW)
        plan = plan_pairings(
            learners=learners,
            mentors=people.mentors(session),
            profiles=built,
            exclusions=[],
            running=[],
            course=course,
        )
        pairings.save_draft(session, plan, NOW)
    return database, course


def add_people(session: Session) -> None:
    people.save_person(session, make_person("siri", "Siri Holm", "instructor"))
    people.save_person(session, make_person("bjorn", "Bjørn Vik", "coordinator", "nb"))
    people.save_person(session, make_person("tone", "Tone Lie", "contributor"))
    people.save_person(session, make_person("nils", "Nils Dahl", "referrer", "nb"))
    people.save_person(session, make_person("vera", "Vera Moe", "host"))
    people.save_mentor(session, make_mentor("kari", "Kari Nordmann"))
    people.save_mentor(session, make_mentor("ola", "Ola Berg", slots=("tue-17",)))
    people.save_mentor(session, make_mentor("mei", "Mei Lin", page_language="en", capacity=1))
    for id, name, _ in COHORT:
        learner = make_learner(id, name=name, page_language="nb" if id == "ingrid" else "en")
        people.save_learner(session, learner)
        people.set_sharing(session, learner.id, id not in ("yusuf", "daniel"), NOW)


def make_work(root: Path, *, outputs: Sequence[dict[str, Any]]) -> Programme:
    """A course folder that holds nothing but amina's graded py1, with a check t0 that failed."""
    answer = make_cell(
        "def double(x):  # Dobler x\n    return x", grade_id="double", kind="solution"
    )
    answer["outputs"] = list(outputs)
    check = make_cell("assert double(3) == 6, 'double(3) is 6'", grade_id="t0")
    error = {"ename": "AssertionError", "evalue": "double(3) is 6", "traceback": ["AssertionError"]}
    check["outputs"] = [{"output_type": "error", **error}]
    graded = root / "autograded" / "amina" / "py1"
    graded.mkdir(parents=True)
    (graded / "tasks.ipynb").write_text(make_notebook(answer, check), encoding="utf-8")
    (root / "source").mkdir()
    return Programme(root)


def ask_about(
    database: Database, learner: str = "amina", item: str = "py1/tasks/t0", text: str = "It works."
) -> Dispute:
    """Let a learner question the grade of one of their items."""
    with database.begin() as session:
        mine = responses.current(session, learner=LearnerId(PersonId(learner)))
        about = next(one for one in reversed(mine) if one.item == item)
        return disputes.raise_dispute(session, about, text, at=NOW)


def saw(database: Database, *, consents: bool = True, **overrides: Any) -> Attestation:
    """Keep what somebody from outside saw amina do, with her consent or without."""
    values: dict[str, Any] = {
        "learner": LearnerId(PersonId("amina")),
        "skill": SkillId("sql"),
        "witness": Witness(name="Zofia Nowak", role="team lead, Nordlys"),
        "words": "She wrote the query for our late orders, and explained it.",
        "level": "working",
        "seen_on": (NOW - timedelta(days=9)).date(),
        "recorded_at": NOW,
    }
    with database.begin() as session:
        kept = attestations.keep(session, Attestation(**values | overrides))
        return attestations.consent(session, kept.id, at=NOW) if consents else kept


def said(database: Database, **overrides: Any) -> Statement:
    """Keep what amina says of a skill."""
    values: dict[str, Any] = {
        "learner": LearnerId(PersonId("amina")),
        "skill": SkillId("testing"),
        "source": "work",
        "stated_at": NOW,
        "years": 5.0,
        "last_used": 2021,
        "level": "working",
        "text": "Test plans for a shop system.",
    }
    with database.begin() as session:
        return statements.keep(session, Statement(**values | overrides))


def publish_draft(database: Database) -> None:
    with database.begin() as session:
        pairings.publish(session, by=PersonId("bjorn"), at=NOW)
