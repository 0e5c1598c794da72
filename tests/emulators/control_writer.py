"""Writes to a control plane as fast as it answers, or tells what is there.

    python control_writer.py ENDPOINT write        prints the API's id, and then each resource whose making was answered
    python control_writer.py ENDPOINT read API     prints the resources that there are
"""

import sys

import boto3
from botocore.config import Config


def main():
    endpoint, task, *api = sys.argv[1:]
    client = boto3.client(
        "apigateway",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}),
    )
    if task == "read":
        for page in client.get_paginator("get_resources").paginate(restApiId=api[0]):
            for resource in page["items"]:
                print(resource["path"], flush=True)
        return
    made = client.create_rest_api(name="written")
    print(made["id"], flush=True)
    number = 0
    while True:
        try:
            client.create_resource(restApiId=made["id"], parentId=made["rootResourceId"], pathPart=f"r{number}")
        except Exception:  # the gateway is gone
            return
        print(f"/r{number}", flush=True)
        number += 1


if __name__ == "__main__":
    main()
