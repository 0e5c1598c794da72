"""Calls every operation of API Gateway that boto3 knows, and prints the names of those that a gateway does not offer.

    python control_offers.py ENDPOINT
"""

import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def value(shape):
    """Anything of a shape."""
    if shape.type_name == "structure":
        return {name: value(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "string":
        return shape.enum[0] if getattr(shape, "enum", None) else "none"
    known = {"boolean": False, "integer": 1, "long": 1, "double": 1.0, "list": [], "map": {}, "blob": b"none"}
    return known[shape.type_name]


def main():
    client = boto3.client(
        "apigateway",
        endpoint_url=sys.argv[1],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 1}),
    )
    # A stage for the operations that look for one first.
    api = client.create_rest_api(name="none")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    client.put_integration(**method, type="MOCK")
    client.create_deployment(restApiId=api["id"], stageName="dev")
    for name, operation in sorted(client.meta.method_to_api_mapping.items(), key=lambda pair: pair[1]):
        shape = client.meta.service_model.operation_model(operation).input_shape
        arguments = value(shape) if shape else {}
        if operation == "GetSdk":
            arguments = {"restApiId": api["id"], "stageName": "dev", "sdkType": "java"}
        try:
            getattr(client, name)(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotOfferedHere":
                print(operation)


if __name__ == "__main__":
    main()
