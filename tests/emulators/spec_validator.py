"""Runs openapi-spec-validator over files and prints what it finds as one JSON array."""

import json
import sys

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from openapi_spec_validator.readers import read_from_filename


def findings(path):
    try:
        document, base_uri = read_from_filename(path)
        is_newer = str(document.get("openapi")).startswith("3.1")
        validator = OpenAPIV31SpecValidator if is_newer else OpenAPIV30SpecValidator
        for error in validator(document, base_uri=base_uri).iter_errors():
            yield type(error).__name__, error.message, list(error.absolute_path)
    # It raises on what its schema does not foresee, numbers as keys for one: that refuses a document too.
    except Exception as error:
        yield type(error).__name__, str(error), []


def main():
    found = [
        {"document": path, "rule": rule, "message": message, "path": [str(step) for step in steps]}
        for path in sys.argv[1:]
        for rule, message, steps in findings(path)
    ]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
