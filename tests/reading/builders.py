"""A small catalogue and short ways to ask what an ad requires."""

from skillmap.model import Requirement, Skill, SkillId
from skillmap.reading import read_requirements

NAMES: dict[str, tuple[str, ...]] = {
    "python": ("Python", "Python-utvikler"),
    "java": ("Java",),
    "javascript": ("JavaScript", "Node.js"),
    "csharp": ("C#",),
    "cpp": ("C++",),
    "c": ("C",),
    "dotnet": (".NET", "ASP.NET", "C#/.NET"),
    "go": ("Go",),
    "sql": ("SQL", "SQL Server"),
    "docker": ("Docker",),
    "azure": ("Azure",),
    "devops": ("Azure DevOps",),
    "excel": ("Excel",),
    "powerbi": ("Power BI",),
    "react": ("React",),
    "git": ("Git",),
    "data.analysis": ("dataanalyse", "data analysis"),
    "debugging": ("feilsøking",),
}


def make_skills(names: dict[str, tuple[str, ...]] = NAMES) -> dict[SkillId, Skill]:
    return {
        SkillId(word): Skill(id=SkillId(word), labels={"en": first, "nb": first}, aliases=rest)
        for word, (first, *rest) in ((w, (n[0], *n[1:])) for w, n in names.items())
    }


SKILLS = make_skills()


def read(text: str) -> tuple[Requirement, ...]:
    return read_requirements(text, SKILLS)


def asked(text: str) -> dict[str, str]:
    """What is asked: "must" or "may" by skill or language, with its level."""
    return {
        one.ref: ("must" if one.is_required else "may") + (f" {one.level}" if one.level else "")
        for one in read(text)
    }
