"""Sends a body as `http.client` and `urllib` do, completely before it reads the answer, and prints the answer as JSON."""

import http.client
import json
import sys
import urllib.error
import urllib.request

port, size, route, how = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
TYPE = {"Content-Type": "application/json"}
PIECE = b" " * 65536


def by_http_client(chunked: bool, headers: dict[str, str]) -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = iter([PIECE] * (size // len(PIECE))) if chunked else b" " * size
    connection.request("POST", route, body, TYPE | headers, encode_chunked=chunked)
    answer = connection.getresponse()
    return answer.status, answer.getheader("content-type"), answer.read()


def by_urllib() -> tuple[int, str | None, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{route}", b" " * size, TYPE)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["content-type"], answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers["content-type"], answer.read()


chunked_header = {"Transfer-Encoding": "chunked"}
ways = {
    "http.client": lambda: by_http_client(False, {}),
    "http.client, closing": lambda: by_http_client(False, {"Connection": "close"}),
    "http.client, chunked": lambda: by_http_client(True, chunked_header),
    "urllib": by_urllib,
}
status, content_type, body = ways[how]()
print(json.dumps({"status": status, "type": content_type, "body": json.loads(body)}))
