"""Holds every answer of a control plane against the model of the service that boto3 has: the shape of what is told, and
which errors an operation has.

`watch(client)` gives the list that what is wrong is put into, call by call, in the order of the calls.
"""

import datetime
import json
import re

# What a service says of a request whatever the operation: these stand in no model.
COMMON = {"ValidationException", "SerializationException", "MissingAuthenticationTokenException", "AccessDeniedException"}
COMMON |= {"UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignatureException"}
# What has to be told whenever the thing is; the model requires nothing of answers.
ALWAYS = {
    "RestApi": {"id", "name", "createdDate", "apiKeySource", "endpointConfiguration", "disableExecuteApiEndpoint", "rootResourceId"},
    "Resource": {"id", "path"},
    "Method": {"httpMethod", "authorizationType", "apiKeyRequired"},
    "Integration": {"type", "passthroughBehavior", "timeoutInMillis", "cacheNamespace", "cacheKeyParameters"},
    "IntegrationResponse": {"statusCode"},
    "MethodResponse": {"statusCode"},
    "Deployment": {"id", "createdDate"},
    "Stage": {"stageName", "deploymentId", "createdDate", "lastUpdatedDate", "cacheClusterEnabled", "cacheClusterStatus", "methodSettings", "tracingEnabled"},
    "Authorizer": {"id", "name", "type"},
    "Model": {"id", "name", "contentType"},
    "RequestValidator": {"id", "name", "validateRequestBody", "validateRequestParameters"},
    "GatewayResponse": {"responseType", "responseParameters", "responseTemplates", "defaultResponse"},
    "ApiKey": {"id", "enabled", "createdDate", "lastUpdatedDate", "stageKeys"},
    "UsagePlan": {"id", "name", "apiStages"},
    "UsagePlanKey": {"id", "type"},
    "DomainName": {"domainName", "domainNameArn", "domainNameStatus", "endpointConfiguration", "securityPolicy"},
    "BasePathMapping": {"basePath", "restApiId"},
    "VpcLink": {"id", "name", "status", "targetArns"},
    "DocumentationPart": {"id", "location", "properties"},
    "DocumentationVersion": {"version", "createdDate"},
    "ClientCertificate": {"clientCertificateId", "pemEncodedCertificate", "createdDate", "expirationDate"},
    "DomainNameAccessAssociation": {"domainNameAccessAssociationArn", "domainNameArn", "accessAssociationSource", "accessAssociationSourceType"},
    "Account": {"throttleSettings", "features", "apiKeyVersion"},
    "TestInvokeMethodResponse": {"status", "body", "headers", "multiValueHeaders", "log", "latency"},
    "TestInvokeAuthorizerResponse": {"clientStatus", "log", "latency"},
}


def wrong(place, shape, value):
    """What of a value is not as its shape says."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{place} is no structure: {value!r}"]
        names = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        found = [f"{place}.{key} is unknown to {shape.name}" for key in value if key not in names]
        # A list of resources names their methods, and says no more of them unless it is asked to.
        found += [f"{place}.{key} is missing" for key in ALWAYS.get(shape.name, ()) if value and key not in value]
        for key, (_, member) in names.items():
            if key in value:
                found += wrong(f"{place}.{key}", member, value[key])
        return found
    if kind == "list":
        if not isinstance(value, list):
            return [f"{place} is no list: {value!r}"]
        return [one for at, item in enumerate(value) for one in wrong(f"{place}.{at}", shape.member, item)]
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{place} is no map: {value!r}"]
        return [one for key, item in value.items() for one in wrong(f"{place}.{key}", shape.value, item)]
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": is_number and value == int(value),
        "long": is_number and value == int(value),
        "double": is_number,
        "timestamp": is_number and datetime.datetime.fromtimestamp(value).year > 2000,
        "blob": True,
    }
    if not fits[kind]:
        return [f"{place} is no {kind}: {value!r}"]
    if getattr(shape, "enum", None) and value not in shape.enum:
        return [f"{place} is none of {shape.name}: {value!r}"]
    pattern = shape.metadata.get("pattern")
    if pattern and not re.search(pattern, value):
        return [f"{place} is not like {pattern}: {value!r}"]
    return []


def judge(model, status, headers, body):
    """What is wrong with an answer to an operation."""
    found = [] if headers.get("x-amzn-RequestId") else ["it has no request id"]
    error = headers.get("x-amzn-ErrorType")
    if status >= 300:
        known = {shape.name for shape in model.error_shapes} | COMMON
        if error not in known:
            found.append(f"{error} is no error of it")
        modelled = {shape.name: shape.metadata["error"]["httpStatusCode"] for shape in model.error_shapes}
        if status != modelled.get(error, status):
            found.append(f"{error} comes with {status}")
        try:
            text = json.loads(body)["message"]
            found += [] if isinstance(text, str) and text else ["the message is empty"]
        except (ValueError, KeyError, TypeError):
            found.append(f"an error without a message: {body[:200]!r}")
        return found
    wanted = model.http.get("responseCode", 200)
    if status != wanted:
        found.append(f"the status is {status} and not {wanted}")
    if error:
        found.append(f"{error} comes with {status}")
    shape = model.output_shape
    if shape is None:
        return found + ([f"a body: {body[:200]!r}"] if body.strip() not in (b"", b"{}") else [])
    payload = shape.serialization.get("payload")
    if payload or model.has_streaming_output:
        return found
    try:
        told = json.loads(body)
    except ValueError:
        return found + [f"the body is no JSON: {body[:200]!r}"]
    inner = {name: member for name, member in shape.members.items() if member.serialization.get("location")}
    return found + [one for one in wrong(shape.name, shape, told) if not any(f".{name} " in one for name in inner)]


def watch(client):
    found = []

    def see(http_response, model, **_):
        headers, status = http_response.headers, http_response.status_code
        body = b"" if model.has_streaming_output and status < 300 else http_response.content
        found.extend(f"{model.name}: {one}" for one in judge(model, status, headers, body))

    client.meta.events.register("after-call.apigateway", see)
    return found
