"""What Alembic runs: all migrations, on the connection and in the transaction of `migrate.py`."""

from alembic import context

from skillmap.store.migrations import VERSION_TABLE
from skillmap.store.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()
