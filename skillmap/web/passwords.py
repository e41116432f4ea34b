"""Passwords: hashed with Argon2id, checked in the same time whether the person exists or not.

In: a password as typed. Out: an encoded hash (with its salt and costs), or yes/no.
Law: a hash is never compared by us, and a missing hash costs as much time as a wrong password.
"""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from skillmap.errors import AccessError

__all__ = ["MIN_PASSWORD_LENGTH", "hash_password", "is_password"]

MIN_PASSWORD_LENGTH = 10  # NIST SP 800-63B asks for 8 or more; length counts, rules do not
MAX_PASSWORD_LENGTH = 1024  # longer input would only buy an attacker our processor time

_HASHER = PasswordHasher()  # argon2-cffi's default: RFC 9106, low-memory profile


def hash_password(password: str) -> str:
    """Return the Argon2id hash of `password`; raises AccessError when it is too short or long."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise AccessError(
            f"This password has {len(password)} characters. "
            f"Choose one of {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters."
        )
    return _HASHER.hash(password)


def is_password(password: str, stored_hash: str | None) -> bool:
    """Tell whether `password` belongs to `stored_hash`; without a hash it takes as long."""
    if len(password) > MAX_PASSWORD_LENGTH:
        return False
    nobody = _nobody()  # made before it is needed, or its first use would take longer
    try:
        return _HASHER.verify(stored_hash or nobody, password) and stored_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _HASHER.hash("no person has this password")
