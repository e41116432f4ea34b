"""Compare two nbgrader gradebooks cell by cell; ids and the time of grading aside."""

import sqlite3
from pathlib import Path

ROWS = """
select sa.student_id, a.name, n.name, bc.name,
       g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
from grade g
join submitted_notebook sn on g.notebook_id = sn.id
join submitted_assignment sa on sn.assignment_id = sa.id
join assignment a on sa.assignment_id = a.id
join base_cell bc on g.cell_id = bc.id
join notebook n on bc.notebook_id = n.id
"""
NOTEBOOKS = """
select sa.student_id, a.name, n.name, sn.flagged, sn.late_submission_penalty, sa.timestamp
from submitted_notebook sn
join submitted_assignment sa on sn.assignment_id = sa.id
join assignment a on sa.assignment_id = a.id
join notebook n on sn.notebook_id = n.id
"""
COMMENTS = """
select sa.student_id, a.name, n.name, bc.name, c.auto_comment, c.manual_comment
from comment c
join submitted_notebook sn on c.notebook_id = sn.id
join submitted_assignment sa on sn.assignment_id = sa.id
join assignment a on sa.assignment_id = a.id
join base_cell bc on c.cell_id = bc.id
join notebook n on bc.notebook_id = n.id
"""
MAXIMA = """
select a.name, n.name, bc.name, gc.max_score, gc.cell_type
from grade_cells gc join base_cell bc on gc.id = bc.id
join notebook n on bc.notebook_id = n.id join assignment a on n.assignment_id = a.id
"""


def all_rows(gradebook: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every score, penalty, comment and maximum of a gradebook, sorted."""
    queries = {"grades": ROWS, "notebooks": NOTEBOOKS, "comments": COMMENTS, "maxima": MAXIMA}
    connection = sqlite3.connect(gradebook)
    try:
        return {
            name: sorted(connection.execute(query).fetchall(), key=repr)
            for name, query in queries.items()
        }
    finally:
        connection.close()
