"""Sends every operation that boto3 knows what its model rules out, and prints where the answer is none that says so.

    python control_inputs.py ENDPOINT

Of each member that a call may bring, wherever in its body: a value of another type, a text that is none of its texts, and
nothing where something is required. How many were sent is printed last.
"""

import http.client
import json
import sys
import urllib.parse

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

# What of the model is not here.
ABSENT = {"jwtConfiguration"}
OTHER = {"string": 7, "boolean": "yes", "integer": "many", "long": "many", "double": "much", "list": {"a": "b"}, "map": ["a"], "structure": "x"}


def wire(member, name):
    return member.serialization.get("name", name)


def body_members(shape):
    return {name: member for name, member in shape.members.items() if not member.serialization.get("location")}


def fitting(shape):
    """A value of a shape, with what has to be there."""
    if shape.type_name == "structure":
        return {wire(shape.members[name], name): fitting(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "string":
        return shape.enum[0] if getattr(shape, "enum", None) else "text"
    return {"boolean": True, "integer": 1, "long": 1, "double": 1.0, "list": [], "map": {}, "blob": ""}[shape.type_name]


def mistakes(shape):
    """Values of a shape with one mistake: the error that has to come, and a word of its message."""
    kind = shape.type_name
    if kind in OTHER:
        yield OTHER[kind], "SerializationException", ""
    if kind == "string" and getattr(shape, "enum", None):
        yield "WRONG", "ValidationException", "enum value set: ["
    if kind == "string" and shape.metadata.get("pattern"):
        yield "wrong", "ValidationException", "regular expression pattern: "
    if kind == "list":
        for value, error, word in mistakes(shape.member):
            yield [value], error, word
    if kind == "map":
        for value, error, word in mistakes(shape.value):
            yield {"key": value}, error, word
    if kind == "structure":
        for name, member in shape.members.items():
            if name in ABSENT:
                continue
            for value, error, word in mistakes(member):
                yield {**fitting(shape), wire(member, name): value}, error, word
        for name in shape.required_members:
            rest = fitting(shape)
            del rest[wire(shape.members[name], name)]
            yield rest, "ValidationException", "must not be null"


class Sender:
    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.host = endpoint.removeprefix("http://")
        self.connection = http.client.HTTPConnection(self.host)
        self.credentials = Credentials("test", "test")

    def send(self, verb, target, body):
        request = AWSRequest(verb, self.endpoint + target, data=body, headers={"Host": self.host})
        SigV4Auth(self.credentials, "apigateway", "us-east-1").add_auth(request)
        self.connection.request(verb, target, body, dict(request.headers))
        answer = self.connection.getresponse()
        text = answer.read().decode()
        message = json.loads(text).get("message") if text and answer.status >= 400 else None
        return answer.status, answer.headers.get("x-amzn-ErrorType"), message


def main():
    sender = Sender(sys.argv[1])
    client = boto3.client("apigateway", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    service = client.meta.service_model
    sent = 0
    for name in service.operation_names:
        operation = service.operation_model(name)
        shape, verb = operation.input_shape, operation.http["method"]
        path, _, fixed = operation.http["requestUri"].partition("?")
        uri = {wire(member, key): member for key, member in shape.members.items() if member.serialization.get("location") == "uri"}
        asked = {wire(member, key): member for key, member in shape.members.items() if member.serialization.get("location") == "querystring"}
        required = [wire(shape.members[key], key) for key in shape.required_members if wire(shape.members[key], key) in asked]
        good = {key: fitting(member) for key, member in uri.items()}
        query = {key: fitting(asked[key]) if asked[key].type_name == "string" else "text" for key in required}
        inner = body_members(shape)
        payload = shape.serialization.get("payload")
        fit = {wire(member, key): fitting(member) for key, member in inner.items() if key in shape.required_members} if not payload else None
        cases = []
        for key, member in () if payload else inner.items():
            if key in ABSENT:
                continue
            cases += [(good, query, {**fit, wire(member, key): value}, error, word) for value, error, word in mistakes(member)]
            if key in shape.required_members:
                rest = {one: value for one, value in fit.items() if one != wire(member, key)}
                cases.append((good, query, rest, "ValidationException", f".{wire(member, key)}' failed to satisfy constraint: Member must not be null"))
        for key, member in uri.items():
            cases += [({**good, key: value}, query, fit, error, word) for value, error, word in mistakes(member) if isinstance(value, str)]
        for key, member in asked.items():
            if member.type_name == "string":
                cases += [(good, {**query, key: value}, fit, error, word) for value, error, word in mistakes(member) if isinstance(value, str)]
            if key in required:
                cases.append((good, {one: value for one, value in query.items() if one != key}, fit, "ValidationException", "must not be null"))
        for places, asks, body, error, word in cases:
            filled = path
            for key, value in places.items():
                filled = filled.replace("{" + key + "}", urllib.parse.quote(str(value), safe=""))
            target = filled + ("?" if asks or fixed else "") + "&".join(filter(None, [fixed, urllib.parse.urlencode(sorted(asks.items()))]))
            given = sender.send(verb, target, b"" if body is None else json.dumps(body).encode())
            sent += 1
            if given[:2] != (400, error) or word not in (given[2] or ""):
                print(f"{name} {target} {json.dumps(body)}: {given} and not {error} {word}")
    print(sent)


if __name__ == "__main__":
    main()
