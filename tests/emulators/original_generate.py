"""Writes a document with ct-api-gateway-deployer, as its command does before it reaches AWS.

    original_generate.py ROUTES AWS_CONFIG OUTPUT
"""

import sys

from ct_api_gateway_deployer.src.aws.aws_api_gateway import AWSApiGateway
from ct_api_gateway_deployer.src.open_api_parser import OpenAPIParser

routes, aws, output = sys.argv[1:]
parser = OpenAPIParser(input_path=routes, output_path=output, api_gateway=AWSApiGateway(aws))
parser.parse()
parser.flush()
