import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.content import load_people
from skillmap.errors import ContentError
from skillmap.model import Person, Spoken
from tests.content.builders import write

PEOPLE = """
[[learners]]
id = "learner-01"
name = "Øyunn Ž. Ní Bhriain"
spoken = { en = "B2", nb = "A2" }
slots = ["mon-18", "tue-08"]
goals = ["py.data"]
topics = "Loops"
municipality = "OSLO"
shares_with_mentor = true
page_language = "nb"
[[mentors]]
id = "mentor-01"
name = "李 Invented"
organisation = "Made-up AS"
capacity = 2
spoken = { en = "C1" }
slots = ["mon-18"]
teaches = ["py.data"]
[[staff]]
id = "coordinator"
name = "Invented Coordinator"
role = "coordinator"
[[exclusions]]
learner = "learner-01"
mentor = "mentor-01"
why = "Siblings"
"""
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


def load(folder: Path, text: str):
    return load_people(write(folder / "people.toml", text), skills={"py.data"})


def test_people_are_read_as_written(tmp_path: Path) -> None:
    people = load(tmp_path, PEOPLE)

    learner, mentor = people.learners[0], people.mentors[0]
    assert learner.name == "Øyunn Ž. Ní Bhriain"
    assert learner.spoken == (
        Spoken(language="en", level="B2"),
        Spoken(language="nb", level="A2"),
    )
    assert (learner.slots, learner.goals) == (("mon-18", "tue-08"), ("py.data",))
    assert (learner.shares_with_mentor, learner.page_language) == (True, "nb")
    assert (mentor.capacity, mentor.teaches, mentor.page_language) == (2, ("py.data",), "nb")
    assert people.staff == (
        Person(id=people.staff[0].id, name="Invented Coordinator", role="coordinator"),
    )
    assert [(e.learner, e.mentor, e.why) for e in people.exclusions] == [
        ("learner-01", "mentor-01", "Siblings")
    ]


def test_a_learner_shares_nothing_unless_it_is_said(tmp_path: Path) -> None:
    people = load(tmp_path, '[[learners]]\nid = "a"\nname = "A"\n')

    assert people.learners[0].shares_with_mentor is False


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "learner-01"', 'id = "learner+01"', "'learner+01' is no id"),
        ('id = "learner-01"', 'id = "*"', "'*' is no id"),
        ('id = "learner-01"', 'id = "../x"', "'../x' is no id"),
        ('id = "learner-01"', 'id = "-x"', "'-x' is no id"),
        ('id = "learner-01"', 'id = "x\\n"', "is no id"),
        ('id = "coordinator"', 'id = "mentor-01"', "person 'mentor-01': this id stands 2 times"),
        ('slots = ["mon-18"]', 'slots = ["mon-24"]', "'mon-24' is no weekday and hour"),
        ('slots = ["mon-18"]', 'slots = ["man-18"]', "'man-18' is no weekday and hour"),
        ('nb = "A2"', 'nb = "fluent"', "spoken, nb: input should be 'A1', 'A2'"),
        ('nb = "A2"', 'norsk = "A2"', "'norsk' is no language code"),
        ('goals = ["py.data"]', 'goals = ["py.dat"]', "unknown skill 'py.dat' (Did you mean"),
        ('teaches = ["py.data"]', 'teaches = ["x"]', "mentor 'mentor-01', teaches: unknown skill"),
        ("capacity = 2", "capacity = -1", "capacity: input should be greater than or equal to 0"),
        ('role = "coordinator"', 'role = "boss"', "role: input should be 'instructor' or"),
        ('learner = "learner-01"', 'learner = "learner-1"', "unknown learner 'learner-1'"),
        ('mentor = "mentor-01"', 'mentor = "nobody"', "unknown mentor 'nobody'"),
        ('name = "李 Invented"', 'name = " "', "name: the text is empty"),
        ("shares_with_mentor = true", 'shares_with_mentor = "yes"', "should be a valid boolean"),
        ("municipality", "municpality", "Did you mean 'municipality'"),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ContentError, match=re.escape(message)):
        load(tmp_path, PEOPLE.replace(old, new))


def test_without_a_catalogue_no_skill_is_unknown(tmp_path: Path) -> None:
    file = write(tmp_path / "people.toml", PEOPLE.replace("py.data", "anything"))

    assert load_people(file).learners[0].goals == ("anything",)


@given(name=NAMES)
def test_every_name_comes_back_letter_by_letter(name: str) -> None:
    text = f'[[learners]]\nid = "a"\nname = {json.dumps(name, ensure_ascii=False)}\n'
    with TemporaryDirectory() as folder:
        people = load(Path(folder), text.replace("\x7f", "\\u007f"))

    assert people.learners[0].name == name
