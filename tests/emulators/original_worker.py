"""Asks ct-api-gateway-deployer for documents: one JSON object a line in, one a line out.

    in   {"routes": TEXT, "aws": TEXT, "written": BOOL}
    out  {"document": {...}}  or  {"exception": NAME, "message": TEXT}

With `written` the document is what the package writes to disk, read again; without, it is the same
one before it is written, which is many times faster. Nothing here reaches AWS.
"""

import json
import os
import sys
import tempfile

from ct_api_gateway_deployer.src.aws.aws_loader import AWSLoader
from ct_api_gateway_deployer.src.open_api_parser import OpenAPIParser
from ruamel.yaml import YAML


def plain(value):
    """The value as JSON has it: strings as keys (`200` becomes `"200"`), no subclasses of str."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    return value


def document(request, folder):
    paths = {name: os.path.join(folder, f"{name}.json") for name in ("routes", "aws")}
    for name, path in paths.items():
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(request[name])
    output = os.path.join(folder, "document.yml")
    parser = OpenAPIParser(
        input_path=paths["routes"], output_path=output, api_gateway=AWSLoader(paths["aws"])
    )
    parser.parse()
    if not request["written"]:
        return plain(parser.get_configuration())
    parser.flush()
    with open(output, encoding="utf-8") as file:
        return plain(YAML(typ="safe", pure=True).load(file))


def main():
    # The package prints to standard output, which belongs to the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    with tempfile.TemporaryDirectory(prefix="bluegate-original-") as folder:
        for line in sys.stdin:
            try:
                answer = {"document": document(json.loads(line), folder)}
            except Exception as error:
                answer = {"exception": type(error).__name__, "message": str(error)}
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
