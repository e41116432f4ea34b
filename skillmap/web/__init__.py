"""The pages: server-rendered, for learner, mentor, instructor and coordinator."""

from skillmap.web.app import add_link, create_app, set_password
from skillmap.web.passwords import hash_password

__all__ = ["add_link", "create_app", "hash_password", "set_password"]
