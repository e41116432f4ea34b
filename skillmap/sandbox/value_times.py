"""How dates, times and time zones cross: as the numbers they are made of, a zone by its key."""

import datetime
import re
from typing import Any
from zoneinfo import ZoneInfo

from skillmap.sandbox.value_codec import Reader, Refusal, Writer, decodes, encodes

__all__ = ["read_zone"]

ZONE = re.compile(r"[A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,3}")
ZONE_COST = 200  # a zone may be a file to read


def read_zone(payload: Any, reader: Reader) -> datetime.tzinfo | None:
    """Return a decoded time zone, or None."""
    zone: datetime.tzinfo | None = reader.read(payload)
    reader.exact(zone, type(None), datetime.timezone, ZoneInfo)
    return zone


def _ints(payload: list[Any], reader: Reader) -> list[int]:
    return [reader.exact(part, int) for part in payload]


@encodes(datetime.date)
def _write_date(value: datetime.date, writer: Writer) -> Any:
    return {"date": [value.year, value.month, value.day]}


@decodes("date")
def _read_date(payload: Any, reader: Reader) -> datetime.date:
    return datetime.date(*_ints(reader.parts(payload, 3), reader))


def _clock(value: datetime.time | datetime.datetime, writer: Writer) -> list[Any]:
    zone = writer.write(value.tzinfo)
    return [value.hour, value.minute, value.second, value.microsecond, value.fold, zone]


@encodes(datetime.time)
def _write_time(value: datetime.time, writer: Writer) -> Any:
    return {"time": _clock(value, writer)}


@decodes("time")
def _read_time(payload: Any, reader: Reader) -> datetime.time:
    *numbers, zone = reader.parts(payload, 6)
    *clock, fold = _ints(numbers, reader)
    hour, minute, second, microsecond = clock
    return datetime.time(
        hour, minute, second, microsecond, tzinfo=read_zone(zone, reader), fold=fold
    )


@encodes(datetime.datetime)
def _write_datetime(value: datetime.datetime, writer: Writer) -> Any:
    return {"datetime": [value.year, value.month, value.day, *_clock(value, writer)]}


@decodes("datetime")
def _read_datetime(payload: Any, reader: Reader) -> datetime.datetime:
    *numbers, zone = reader.parts(payload, 9)
    *fields, fold = _ints(numbers, reader)
    return datetime.datetime(*fields, tzinfo=read_zone(zone, reader), fold=fold)  # type: ignore[arg-type,misc] # seven ints, counted above


@encodes(datetime.timedelta)
def _write_timedelta(value: datetime.timedelta, writer: Writer) -> Any:
    return {"timedelta": [value.days, value.seconds, value.microseconds]}


@decodes("timedelta")
def _read_timedelta(payload: Any, reader: Reader) -> datetime.timedelta:
    return datetime.timedelta(*_ints(reader.parts(payload, 3), reader))


@encodes(datetime.timezone)
def _write_timezone(value: datetime.timezone, writer: Writer) -> Any:
    offset, *names = value.__getinitargs__()  # type: ignore[attr-defined] # tzname() invents names
    return {"timezone": [_write_timedelta(offset, writer), *writer.write_items(names)]}


@decodes("timezone")
def _read_timezone(payload: Any, reader: Reader) -> datetime.timezone:
    offset, *names = reader.read_items(payload)
    return datetime.timezone(reader.exact(offset, datetime.timedelta), *names)


@encodes(ZoneInfo)
def _write_zone(value: ZoneInfo, writer: Writer) -> Any:
    if type(value.key) is not str or not ZONE.fullmatch(value.key):
        raise Refusal("is a ZoneInfo without a key")
    return {"ZoneInfo": value.key}


@decodes("ZoneInfo")
def _read_zoneinfo(payload: Any, reader: Reader) -> ZoneInfo:
    reader.spend(ZONE_COST)
    is_key = ZONE.fullmatch(reader.exact(payload, str)) is not None
    reader.demand(is_key, "a time zone without a proper key")
    try:
        return ZoneInfo(payload)
    except OSError as error:
        raise ValueError("no time zone") from error
