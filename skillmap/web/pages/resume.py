"""A learner's own copy of their CV, made when they press the button, and only then."""

import json

from starlette.responses import Response

from skillmap.model import LearnerId
from skillmap.store import access, people
from skillmap.store.access import AccessRecord
from skillmap.web.desk import Call
from skillmap.web.views.resume import make_resume
from skillmap.workflows.evidence import gather

__all__ = ["take"]


def take(call: Call) -> Response:
    """Send the CV as a file, with or without the name, and log it."""
    learner = people.learner(call.session, LearnerId(call.person.id))
    record = AccessRecord(
        who=learner.id,
        whom=learner.id,
        what="access.what.resume",
        why="access.why.own",
        at=call.now,
    )
    access.record(call.session, record)
    resume = make_resume(
        learner,
        gather(call.session, learner.id),
        call.desk.course,
        call.words,
        has_name=call.form.get("name") != "no",
    )
    text = json.dumps(resume, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    headers = {"Content-Disposition": 'attachment; filename="resume.json"'}
    return Response(text, media_type="application/json", headers=headers)
