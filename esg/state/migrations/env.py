"""Alembic's entry: migrate on the connection that `esg.state.migrate` holds, inside its transaction."""

from alembic import context

from esg.state.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
