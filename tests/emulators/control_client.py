"""Runs scripts of control plane calls with boto3, and prints what came of each step as a line of JSON.

    python control_client.py ENDPOINT SCRIPT...

A script is a list of steps. A step has

    call    the method of the client, such as create_resource
    with    its arguments; a text `$name` is what an earlier step kept, and `${name}` is filled in within texts
    keep    what later steps need: names, and the members that they are of, `a.b.0.c`
    gives   the answer without its metadata, member by member; `<any>` is anything, `<id>` letters and digits, `<moment>`
            a moment, `<absent>` a member that must not be there; members that are not named do not matter, unless
            `exactly` is true
    fails   the error's code, and its message if that is the same everywhere
    status  the status, where it is not 2xx or that of the error
"""

import datetime
import json
import re
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def filled(value, kept):
    if isinstance(value, str):
        if value.startswith("$") and value[1:] in kept:
            return kept[value[1:]]
        return re.sub(r"\$\{(\w+)\}", lambda found: str(kept.get(found[1], found[0])), value)
    if isinstance(value, list):
        return [filled(item, kept) for item in value]
    if isinstance(value, dict):
        return {filled(key, kept): filled(item, kept) for key, item in value.items()}
    return value


def picked(answer, path):
    for part in path.split("."):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


def differences(place, wanted, given, exactly):
    if wanted == "<any>":
        return []
    if wanted == "<id>":
        return [] if isinstance(given, str) and re.fullmatch(r"[a-z0-9]+", given) else [f"{place} is {given!r}"]
    if wanted == "<moment>":
        return [] if isinstance(given, datetime.datetime) else [f"{place} is {given!r}"]
    if isinstance(wanted, dict) and isinstance(given, dict):
        found = []
        for key, value in wanted.items():
            if value == "<absent>":
                found += [f"{place}.{key} is there"] if key in given else []
            elif key not in given:
                found.append(f"{place}.{key} is missing")
            else:
                found += differences(f"{place}.{key}", value, given[key], exactly)
        if exactly:
            found += [f"{place}.{key} is there" for key in given if key not in wanted]
        return found
    if isinstance(wanted, list) and isinstance(given, list):
        if len(wanted) != len(given):
            return [f"{place} has {len(given)} entries"]
        pairs = enumerate(zip(wanted, given))
        return [one for at, (one, other) in pairs for one in differences(f"{place}.{at}", one, other, exactly)]
    return [] if wanted == given else [f"{place} is {given!r}"]


def read(value):
    """Streams as texts, or as the values of JSON that they are."""
    if hasattr(value, "read"):
        text = value.read().decode()
        try:
            return json.loads(text)
        except ValueError:
            return text
    return value


def run(client, step, kept):
    arguments = filled(step.get("with", {}), kept)
    if isinstance(arguments.get("body"), (dict, list)):
        arguments["body"] = json.dumps(arguments["body"])
    fails = filled(step.get("fails"), kept)
    try:
        answer = getattr(client, step["call"])(**arguments)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if not fails:
            return [f"fails with {code}: {message}"]
        found = [] if code == fails[0] else [f"the error is {code}"]
        if len(fails) > 1 and message != fails[1]:
            found.append(f"the message is {message!r}")
        if "status" in step and status != step["status"]:
            found.append(f"the status is {status}")
        return found
    if fails:
        return [f"does not fail with {fails[0]}"]
    metadata = answer.pop("ResponseMetadata")
    answer = {key: read(value) for key, value in answer.items()}
    found = []
    if not metadata.get("RequestId"):
        found.append("the answer has no request id")
    if "status" in step and metadata["HTTPStatusCode"] != step["status"]:
        found.append(f"the status is {metadata['HTTPStatusCode']}")
    if "gives" in step:
        found += differences("answer", filled(step["gives"], kept), answer, step.get("exactly", False))
    for name, path in step.get("keep", {}).items():
        try:
            kept[name] = picked(answer, path)
        except (KeyError, IndexError, TypeError):
            kept[name] = "absent"
            found.append(f"{path} is missing")
    return found


def named(line, kept):
    """What is other in every run has the name that it is kept by."""
    for name, value in kept.items():
        if isinstance(value, str) and len(value) > 5:
            line = line.replace(value, f"${name}")
    return line


def main():
    endpoint, *scripts = sys.argv[1:]
    client = boto3.client(
        "apigateway",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 1}, parameter_validation=False),
    )
    for path in scripts:
        with open(path, encoding="utf-8") as file:
            script = json.load(file)
        kept = {}
        for at, step in enumerate(script):
            try:
                found = run(client, step, kept)
            except Exception as error:  # an answer that boto3 cannot read is a difference too
                found = [f"{type(error).__name__}: {error}"]
            found = [named(line, kept) for line in found]
            print(json.dumps({"step": at, "call": step["call"], "found": found}), flush=True)


if __name__ == "__main__":
    main()
