"""Our own database: people, the response log, profiles, pairings, openings, accounts, views.

Open it with `open_database`, then call the functions of one module of this room within
`Database.begin()`: `people`, `responses`, `profiles`, `pairings`, `openings`, `accounts`, `access`,
`disputes`, `item_tests`, `attestations`, `statements`, `overrides`.
"""

from sqlalchemy.orm import Session

from skillmap.store.database import Database, open_database

__all__ = ["Database", "Session", "open_database"]
