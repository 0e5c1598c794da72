"""LocalStack on a free loopback port, serving API Gateway alone.

Prints `listening on PORT` before it starts; LocalStack itself prints `Ready.` when it serves.
"""

import os
import runpy
import socket
import sys


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    port = free_port()
    print(f"listening on {port}", flush=True)
    # LocalStack reads its settings from the environment when it is imported. It keeps its files in
    # the working directory, which the keeper made for it, and not beside its code or in the home.
    os.environ.update(
        GATEWAY_LISTEN=f"127.0.0.1:{port}",
        FILESYSTEM_ROOT=os.getcwd(),
        CONFIG_DIR=os.getcwd(),
        # Inside a container it would take itself for its own image, and its paths with it.
        OVERRIDE_IN_DOCKER="0",
        SERVICES="apigateway,sts",
        STRICT_SERVICE_LOADING="1",
        SKIP_SSL_CERT_DOWNLOAD="1",
        DISABLE_EVENTS="1",
        DNS_ADDRESS="0",
        PATH=os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")]),
    )
    runpy.run_module("localstack.runtime.main", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
