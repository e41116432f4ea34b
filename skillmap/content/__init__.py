"""What instructors write, read and judged: curriculum, assessments, people, settings."""

from skillmap.content.answers import ExerciseAnswers, WrongAnswer, read_answers
from skillmap.content.check import check_course
from skillmap.content.course import load_course
from skillmap.content.notebooks import list_assignments
from skillmap.content.paths import ContentPaths, find_content, is_plain_course, shipped_content
from skillmap.content.people import People, load_people
from skillmap.content.problems import Problem
from skillmap.content.settings import Settings, read_settings
from skillmap.content.starter import copy_starter
from skillmap.content.translated_files import (
    has_texts,
    release_notebooks,
    require_language,
    translate_file,
)

__all__ = [
    "ContentPaths",
    "ExerciseAnswers",
    "People",
    "Problem",
    "Settings",
    "WrongAnswer",
    "check_course",
    "copy_starter",
    "find_content",
    "has_texts",
    "is_plain_course",
    "list_assignments",
    "load_course",
    "load_people",
    "read_answers",
    "read_settings",
    "release_notebooks",
    "require_language",
    "shipped_content",
    "translate_file",
]
