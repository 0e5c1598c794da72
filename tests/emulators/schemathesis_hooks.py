"""What the gateway lets through fits the types of the service, and what fits the document passes the gateway."""

import os

import schemathesis

# What axum says to a body of another shape.
REFUSALS = (b"Failed to deserialize the JSON body", b"Failed to parse the request body as JSON")


@schemathesis.check
def agreement(context, response, case):
    answerer = "gateway" if "x-amzn-errortype" in response.headers else "service"
    mode = case.meta.generation.mode.value
    with open(os.environ["ANSWERS"], "a", encoding="utf-8") as answers:
        answers.write(f"{answerer} {response.status_code} {mode}\n")
    content = response.content or b""
    if answerer == "service" and any(refusal in content for refusal in REFUSALS):
        raise AssertionError(f"the gateway lets through what the service refuses: {response.text}")
    if answerer == "gateway" and mode == "positive" and b"Invalid request body" in content:
        raise AssertionError("the gateway refuses what fits the document")
