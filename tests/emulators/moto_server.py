"""A moto server on a free loopback port, with what stops it from serving an API Gateway deploy repaired.

Prints `listening on PORT` once it accepts connections.
"""

import functools
import inspect
import json
import re

from botocore.awsrequest import AWSRequest
from moto.apigateway.models import APIGatewayBackend
from moto.iam.access_control import IAMRequestBase
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

# What API Gateway calls the errors for which moto answers in the words of the query protocol.
# https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html
ERROR_TYPES = {
    "AccessDenied": "AccessDeniedException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}


def default_mock_arguments():
    """An integration of type mock needs neither uri nor httpMethod; moto calls for both."""
    original = APIGatewayBackend.put_integration
    for name in ("uri", "integration_method"):
        if inspect.signature(original).parameters[name].default is not inspect.Parameter.empty:
            raise SystemExit(f"moto no longer needs its put_integration repaired ({name})")

    @functools.wraps(original)
    def put_integration(self, *args, **kwargs):
        given = inspect.signature(original).bind_partial(self, *args, **kwargs).arguments
        for name in ("uri", "integration_method"):
            if name not in given:
                kwargs[name] = None
        return original(self, *args, **kwargs)

    APIGatewayBackend.put_integration = put_integration


def hash_the_body_that_was_sent():
    """moto signs its parsed parameters in place of an empty body, so that no GET verifies."""
    original = IAMRequestBase._create_aws_request

    @functools.wraps(original)
    def create_aws_request(self) -> AWSRequest:
        request = original(self)
        request.data = self._body or b""
        return request

    IAMRequestBase._create_aws_request = create_aws_request


def answer_in_json(application):
    """API Gateway speaks JSON; moto answers a refused signature in XML, which no SDK can read."""

    def wrapped(environ, start_response):
        scope = environ.get("HTTP_AUTHORIZATION", "")
        if "/apigateway/aws4_request" not in scope:
            return application(environ, start_response)
        answer = {}

        def keep(status, headers, exc_info=None):
            answer.update(status=status, headers=headers)

        chunks = application(environ, keep)
        body = b"".join(chunks)
        code = re.search(rb"<Code>(\w+)</Code>", body)
        if code and answer["status"].startswith("403"):
            name = code.group(1).decode()
            message = re.search(rb"<Message>(.*?)</Message>", body, re.S)
            text = message.group(1).decode().strip() if message else ""
            body = json.dumps({"message": text}).encode()
            answer["headers"] = [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(body))),
                ("x-amzn-ErrorType", ERROR_TYPES.get(name, name)),
            ]
        start_response(answer["status"], answer["headers"])
        return [body]

    return wrapped


def main():
    default_mock_arguments()
    hash_the_body_that_was_sent()
    application = answer_in_json(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
