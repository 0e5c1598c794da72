"""How scripts with boto3 ask a gateway, and what they expect of it."""

import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

MOCK = {"application/json": '{"statusCode": 200}'}


def client_of(endpoint, service="apigateway", region="us-east-1", key="test", secret="test", **config):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 1}, **config),
    )


def fails(code, call, **arguments):
    """The message of an error that has to come."""
    try:
        answer = call(**arguments)
    except ClientError as error:
        told = error.response["Error"]
        assert told["Code"] == code, f"{told} instead of {code}"
        return told["Message"]
    raise AssertionError(f"{code} did not come, but {answer}")


def equal(given, wanted):
    assert given == wanted, f"{given!r} instead of {wanted!r}"


def told(answer):
    """An answer without what is said of the call."""
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def patch(*operations):
    keys = ("op", "path", "value", "from")
    return [{key: part for key, part in zip(keys, one) if part is not None} for one in operations]


class Gateway:
    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.client = client_of(endpoint)

    def get(self, api, stage, path, headers=None, verb="GET", body=None, host=None):
        url = f"{self.endpoint}/_aws/execute-api/{api}/{stage}{path}" if host is None else self.endpoint + path
        headers = dict(headers or {}, **({"Host": host} if host else {}))
        request = urllib.request.Request(url, data=body, headers=headers, method=verb)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def mock(self, api, resource, verb="GET", text="hello", **more):
        """A method that answers by itself."""
        method = {"restApiId": api, "resourceId": resource, "httpMethod": verb}
        self.client.put_method(**method, **{"authorizationType": "NONE", **more})
        self.client.put_integration(**method, type="MOCK", requestTemplates=MOCK)
        self.client.put_method_response(**method, statusCode="200", responseModels={"application/json": "Empty"})
        self.client.put_integration_response(**method, statusCode="200", responseTemplates={"application/json": text})
        return method

    def api(self, name, text="hello", **more):
        made = self.client.create_rest_api(name=name, **more)
        self.mock(made["id"], made["rootResourceId"], text=text)
        return made["id"], made["rootResourceId"]
