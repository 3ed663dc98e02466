"""The report for machines: schema `latchlight.report/1`. `null` always means "not told"."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from latchlight.core.diagnosis import Diagnosis
from latchlight.core.egress import AddressAnswer, EgressReport
from latchlight.core.facts import Fact, KeyFacts, Known, Permission
from latchlight.core.findings import Evidence, Finding, KeyReport, Report
from latchlight.core.sentences import Sentence

SCHEMA = "latchlight.report/1"


def as_json(report: Report) -> str:
    """One line of JSON."""
    return json.dumps(report_object(report))


def key_for_history(key: KeyReport) -> str:
    """One key alone, with what `core/past_reports.py` needs to compare and to say it again later."""
    made = _key(key)
    for line, finding in zip(made["findings"], key.findings, strict=True):
        line |= {"basis": finding.basis, "title_made_of": _made_of(finding.title)}
    return json.dumps(made, ensure_ascii=False)


def _made_of(text: str) -> Any:
    """Template and values of a sentence, those of its values included; any other text as it is."""
    if not isinstance(text, Sentence):
        return str(text)
    values = {name: _made_of(value) for name, value in text.values.items()}
    return {"template": text.template, "values": values}


def report_object(report: Report) -> dict[str, Any]:
    """The whole report as plain objects."""
    return {
        "schema": SCHEMA,
        "app_version": report.app_version,
        "facts_date": report.facts_date,
        "started_at": stamp(report.started_at),
        "finished_at": stamp(report.finished_at),
        "light": report.light.value,
        "egress": egress_object(report.egress),
        "keys": [_key(key) for key in report.keys],
    }


def egress_object(egress: EgressReport) -> dict[str, Any]:
    """Addresses and what each service said."""
    return {
        "ipv4": str(egress.ipv4) if egress.ipv4 is not None else None,
        "ipv6": str(egress.ipv6) if egress.ipv6 is not None else None,
        "certainty": egress.worst_certainty.value,
        "sources": [_source(answer) for answer in egress.answers],
    }


def stamp(moment: datetime) -> str:
    """UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _source(answer: AddressAnswer) -> dict[str, Any]:
    return {
        "name": answer.name,
        "family": answer.family,
        "address": str(answer.address) if answer.address is not None else None,
        "error": answer.error,
    }


def _key(key: KeyReport) -> dict[str, Any]:
    return {
        "label": key.label,
        "exchange": key.exchange,
        "host": key.host,
        "key_hint": key.hint,
        "purpose": key.intent.purpose.value,
        "setup": key.intent.setup.value,
        "light": key.light.value,
        "diagnosis": _diagnosis(key.diagnosis) if key.diagnosis is not None else None,
        "facts": _facts(key.facts),
        "findings": [_finding(finding) for finding in key.findings],
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "code": diagnosis.code.value,
        "http_status": diagnosis.http_status,
        "exchange_code": diagnosis.exchange_code,
        "seen_address": diagnosis.seen_address,
        "causes": [
            {
                "code": cause.code.value,
                "likelihood": cause.likelihood.value,
                "next_step": str(cause.next_step),
            }
            for cause in diagnosis.causes
        ],
    }


def _facts(facts: KeyFacts) -> dict[str, Any]:
    unknown = _told(facts.unknown_rights)
    whitelist = _told(facts.whitelist)
    return {
        "permissions": {p.value: _told(facts.permission(p)) for p in Permission},
        "unknown_permissions": None if unknown is None else list(unknown),
        "whitelist_on": _told(facts.whitelist_on),
        "whitelist": None if whitelist is None else [str(network) for network in whitelist],
        "whitelist_readable": facts.whitelist_readable.value,
        "created_at": _moment(_told(facts.created_at)),
        "expires_at": _moment(_told(facts.expires_at)),
        "key_type": facts.kind.value if facts.kind is not None else None,
        "is_sub_account": _told(facts.is_sub_account),
    }


def _told(fact: Fact[Any]) -> Any:
    return fact.value if isinstance(fact, Known) else None


def _moment(moment: datetime | None) -> str | None:
    return stamp(moment) if moment is not None else None


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "light": finding.light.value,
        "sureness": finding.sureness.value,
        "reason": finding.reason,
        "title": str(finding.title),
        "detail": str(finding.detail),
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
        "fix": finding.fix.as_text() if finding.fix is not None else None,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "probe": evidence.probe,
        "host": evidence.host,
        "at": stamp(evidence.at),
        "said": evidence.said,
    }
