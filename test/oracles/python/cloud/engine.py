"""MiniStack, with the gaps closed that a deployment of Verified meets, on loopback at GATEWAY_PORT.

Each says what AWS does and MiniStack 1.5.33 does not. Denied calls are logged as `DENIED action principal`.
"""

import asyncio
import contextvars
import json
import logging
import os
import signal
import string
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ministack.app as server
import ministack.core.iam_evaluator as iam
import ministack.services.cloudformation.engine as templates
import ministack.services.cloudformation.provisioners as provisioners
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.core import responses
from ministack.services import lambda_svc, s3, sts

Properties = dict[str, Any]


def accept_metric_math() -> None:
    """Alarms may have Metrics: the record is made of the first one; nothing here rings alarms."""
    record: Callable[[str, Properties], Any] = provisioners._cw_metric_alarm_record

    def with_metrics(name: str, props: Properties) -> Any:
        metrics = props.get("Metrics") or []
        first = next((one["MetricStat"] for one in metrics if "MetricStat" in one), None)
        if first is None:
            return record(name, props)
        rest = {key: value for key, value in props.items() if key not in ("Metrics", "ThresholdMetricId")}
        metric = first["Metric"]
        same = {"MetricName": metric["MetricName"], "Namespace": metric["Namespace"]}
        return record(name, rest | same | {"Period": first["Period"], "Statistic": first["Stat"]})

    provisioners._cw_metric_alarm_record = with_metrics


def accept_unknown_types() -> None:
    """Nothing reads these back: they do nothing."""
    handlers = provisioners._RESOURCE_HANDLERS
    for resource_type in ("AWS::Budgets::Budget", "AWS::Cognito::ManagedLoginBranding"):
        handlers.setdefault(resource_type, handlers["AWS::CDK::Metadata"])


def keep_bucket_tags() -> None:
    """Buckets have the tags of their template; CDK's function that empties a bucket asks for its own."""
    handler = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    create: Callable[..., tuple[str, Any]] = handler["create"]

    def with_tags(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Any]:
        name, attributes = create(logical_id, props, stack_name)
        s3._bucket_tags[name] = {tag["Key"]: tag["Value"] for tag in props.get("Tags") or []}
        return name, attributes

    handler["create"] = with_tags


def exclude_punctuation() -> None:
    """GenerateSecretString has ExcludePunctuation."""
    make: Callable[[Properties], str] = provisioners._sm_secret_string

    def without_punctuation(props: Properties) -> str:
        generate = props.get("GenerateSecretString") or {}
        if not generate.get("ExcludePunctuation"):
            return make(props)
        return make(props | {"GenerateSecretString": generate | {"ExcludeCharacters": string.punctuation}})

    provisioners._sm_secret_string = without_punctuation


def pass_cookies_on() -> None:
    """Events of payload format 2.0 have cookies beside the headers ("AWS Lambda proxy integrations for HTTP APIs")."""
    execute = lambda_svc._execute_function_with_config_scope

    def with_cookies(record: Any, event: Any, *rest: Any, **named: Any) -> Any:
        headers = event.get("headers", {}) if isinstance(event, dict) and event.get("version") == "2.0" else {}
        cookie = headers.pop("cookie", "")
        if cookie:
            event["cookies"] = cookie.split("; ")
        return execute(record, event, *rest, **named)

    lambda_svc._execute_function_with_config_scope = with_cookies


def read_outputs_of_other_regions() -> None:
    """Fn::GetStackOutput has a Region; MiniStack looks in the region of the stack that asks."""
    resolve: Callable[..., Any] = templates._resolve_refs

    def resolve_there(value: Any, *rest: Any) -> Any:
        output = value.get("Fn::GetStackOutput") if isinstance(value, dict) else None
        if not output or "Region" not in output:
            return resolve(value, *rest)
        with responses.request_scope(responses.get_account_id(), output["Region"]):
            return resolve(value, *rest)

    templates._resolve_refs = resolve_there


def call_loopback_secure() -> None:
    """Loopback has no TLS, and the buckets refuse what comes without it."""
    pin = iam.pin_request_origin
    server.pin_request_origin = lambda source_ip, _secure: pin(source_ip, True)


request_body: contextvars.ContextVar[bytes] = contextvars.ContextVar("request_body", default=b"")


def body_member(name: str) -> Any:
    """A member of the JSON body of the request that is decided; None for none."""
    try:
        return json.loads(request_body.get()).get(name)
    except (ValueError, AttributeError):
        return None


def remember_body() -> None:
    pin_body = server.pin_signed_body

    def pin_body_here(content: bytes) -> None:
        request_body.set(content)
        pin_body(content)

    server.pin_signed_body = pin_body_here


def know_encryption_context() -> None:
    """Condition key kms:EncryptionContext:KEY ("Condition keys for AWS KMS")."""
    resolve = iam._resolve_condition_key
    prefix = "kms:encryptioncontext:"

    def resolve_context(key: str, ctx: Any) -> Any:
        if not key.lower().startswith(prefix):
            return resolve(key, ctx)
        context = body_member("EncryptionContext") or {}
        return {name.lower(): value for name, value in context.items()}.get(key.lower()[len(prefix) :])

    iam._resolve_condition_key = resolve_context


def ask_for_each_parameter() -> None:
    """DeleteParameters is decided for each parameter that it names ("Actions defined by AWS Systems Manager")."""
    enforce = iam.enforce

    def enforce_each(key_id: str, action: str, service: str, region: str, *rest: Any, **named: Any) -> Any:
        names = body_member("Names") if action == "ssm:DeleteParameters" else None
        if not names:
            return enforce(key_id, action, service, region, *rest, **named)
        parameters = f"arn:aws:ssm:{region}:{responses.get_account_id()}:parameter"
        for name in names:
            arn = f"{parameters}/{name.removeprefix('/')}"
            denied = enforce(key_id, action, service, region, **(named | {"resource_arn": arn}))
            if denied:
                return denied
        return None

    iam.enforce = enforce_each


def log_denials() -> None:
    """Every denied call is a finding."""
    enforce = iam.enforce
    log = logging.getLogger("oracle")

    def enforce_aloud(access_key_id: str, iam_action: str, service: str, *rest: Any, **named: Any) -> Any:
        denied = enforce(access_key_id, iam_action, service, *rest, **named)
        if denied:
            log.error("DENIED %s %s", iam_action, getattr(denied, "principal_arn", denied))
        return denied

    iam.enforce = enforce_aloud


def share_sessions() -> None:
    """Temporary credentials are also known to the Rekognition beside this cloud, which verifies signatures."""
    register = sts.register_session
    file = Path(os.environ["ORACLE_SESSIONS"])

    def register_aloud(access_key_id: str, session: dict[str, Any]) -> Any:
        known = {"accessKeyId": access_key_id, "secretAccessKey": session["SecretAccessKey"]}
        with file.open("a") as lines:
            print(json.dumps(known | {"sessionToken": session["SessionToken"], "arn": session["Arn"]}), file=lines)
        return register(access_key_id, session)

    sts.register_session = register_aloud


def end_with_parent() -> None:
    """However the oracle ends, standard input does too, and then this and its functions."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


accept_metric_math()
accept_unknown_types()
keep_bucket_tags()
exclude_punctuation()
pass_cookies_on()
read_outputs_of_other_regions()
call_loopback_secure()
remember_body()
know_encryption_context()
ask_for_each_parameter()
log_denials()
share_sessions()
end_with_parent()

config = Config.from_mapping(bind=[f"127.0.0.1:{os.environ['GATEWAY_PORT']}"], keep_alive_timeout=75)
asyncio.run(serve(server.app, config))
