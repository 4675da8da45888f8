"""What parliament and cloudsplaining say of IAM policies.

Standard input: a JSON list of {"kind": "identity" | "resource", "document": {...}} with concrete ARNs.
Standard output: a JSON list of the same length: for each policy a list of {"rule": str, "message": str}.
"""

import json
import sys
from pathlib import Path
from typing import Any

import parliament
from cloudsplaining.scan.policy_document import PolicyDocument

Said = dict[str, str]

# Titles of the community's auditors, as parliament's own command loads them.
parliament.override_config(Path(parliament.__file__).parent / "community_auditors" / "config_override.yaml")


def ask_parliament(document: dict[str, Any]) -> list[Said]:
    """Grammar, actions and condition keys that do not exist, resources that an action does not take."""
    # IAM takes numbers in conditions (s3:TlsVersion), parliament only their text.
    text = json.dumps(json.loads(json.dumps(document), parse_float=str, parse_int=str))
    policy = parliament.analyze_policy_string(text, include_community_auditors=True)
    found = [parliament.enhance_finding(finding) for finding in policy.findings]
    return [
        {"rule": f"parliament {one.issue}", "message": f"{one.title}: {one.detail or one.location}"} for one in found
    ]


def ask_cloudsplaining(document: dict[str, Any]) -> list[Said]:
    """What an action that is allowed on every resource is good for, whatever its condition says."""
    policy = PolicyDocument(document, flag_conditional_statements=True)
    risks = {
        "changes anything": policy.infrastructure_modification,
        "manages permissions": policy.permissions_management_without_constraints,
        "reads any data": policy.allows_data_exfiltration_actions,
        "returns credentials": policy.credentials_exposure,
        "whole service": policy.service_wildcard,
        "escalates": [one["type"] for one in policy.allows_privilege_escalation],
    }
    return [
        {"rule": f"cloudsplaining {risk}: {action}", "message": "on every resource"}
        for risk, actions in risks.items()
        for action in sorted(set(actions))
    ]


def ask(kind: str, document: dict[str, Any]) -> list[Said]:
    """Cloudsplaining knows policies of principals alone."""
    return ask_parliament(document) + (ask_cloudsplaining(document) if kind == "identity" else [])


json.dump([ask(**policy) for policy in json.load(sys.stdin)], sys.stdout)
