"""The tables, and how one version of them becomes the next."""

from __future__ import annotations

APPLICATION_ID = 0x4C41_544C
"""In the file's header: "LATL". Tells our file from any other SQLite file."""

_FIRST = """
CREATE TABLE profiles (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    skeleton TEXT NOT NULL UNIQUE,
    entry TEXT NOT NULL UNIQUE,
    exchange TEXT NOT NULL,
    host TEXT NOT NULL,
    kind TEXT NOT NULL,
    hint TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    purpose TEXT NOT NULL,
    setup TEXT NOT NULL,
    addresses TEXT NOT NULL,
    added_at TEXT NOT NULL
);
CREATE INDEX profiles_by_fingerprint ON profiles (fingerprint);
CREATE TABLE acceptances (
    profile INTEGER NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reason TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (profile, rule)
);
CREATE TABLE reports (
    id INTEGER PRIMARY KEY,
    profile INTEGER NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    light TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX reports_by_profile ON reports (profile, id);
CREATE TABLE sightings (
    id INTEGER PRIMARY KEY,
    family INTEGER NOT NULL,
    address TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL
);
CREATE INDEX sightings_by_family ON sightings (family, id);
CREATE TABLE bans (host TEXT PRIMARY KEY, until TEXT NOT NULL);
CREATE TABLE contacts (
    host TEXT NOT NULL,
    path TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    PRIMARY KEY (host, path)
);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_SECOND = "ALTER TABLE acceptances ADD COLUMN basis TEXT NOT NULL DEFAULT ''"
"""Rows from before accept nothing: nobody wrote down what exactly was accepted."""

_THIRD = """
CREATE TABLE rotations (
    old TEXT PRIMARY KEY REFERENCES profiles (entry) ON DELETE CASCADE ON UPDATE CASCADE,
    new TEXT REFERENCES profiles (entry) ON DELETE CASCADE ON UPDATE CASCADE,
    begun TEXT NOT NULL,
    worked TEXT,
    fit TEXT,
    switched TEXT,
    deleted TEXT,
    answered_at TEXT,
    answered_host TEXT,
    answered_from TEXT,
    ended_at TEXT,
    ended_by TEXT,
    ended_said TEXT
);
CREATE INDEX rotations_by_new ON rotations (new);
"""
"""Changes to a new key: gone with either of the two."""

_FOURTH = """
CREATE TABLE accepted_from (
    owner TEXT NOT NULL,
    address TEXT NOT NULL,
    last TEXT NOT NULL,
    PRIMARY KEY (owner, address)
);
CREATE TABLE lock_tests (owner TEXT PRIMARY KEY, body TEXT NOT NULL);
"""

STEPS: tuple[str, ...] = (_FIRST, _SECOND, _THIRD, _FOURTH)
"""Step n turns version n into version n + 1; released steps are never changed."""

VERSION = len(STEPS)
