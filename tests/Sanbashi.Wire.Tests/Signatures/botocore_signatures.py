#!/usr/bin/env python3
"""Signatures made by botocore (Debian: python3-boto3), the reference for ours.

  botocore_signatures.py             prints test vectors as JSON, signed at a fixed time
  botocore_signatures.py --send URL  signs each case now and sends it there with botocore's own HTTP client;
                                     prints "<status> <name>" for each
"""
import base64
import datetime
import json
import sys

import botocore.auth
import botocore.httpsession
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5)
KEY = ("AKIDROOT", "root-secret", None)
TOKEN = ("ASIATEMP", "temporary-secret", "the/session+token==")
ODD = ("AKID.odd_1", "s/e+c r=e%t\u00e9", None)
FORM = "application/x-www-form-urlencoded; charset=utf-8"

CASES = []


def case(name, path="/", method="GET", headers=(), body=b"", params=None, key=KEY, service="apprunner", region="ap-northeast-1",
         form="header", expires=60, host="http://localhost:4600", data=None, unsigned=False):
    CASES.append(dict(locals()))


# Paths
for i, path in enumerate(["/", "/a/b", "/a/b/", "/a//b", "//", "/./a", "/a/./b", "/a/../b", "/a/b/..", "/../..", "/a%20b", "/a%2Fb", "/a%252Fb",
                          "/%E3%81%82/%C3%A9", "/~user/-_.", "/a+b", "/a:b@c", "/a;b=c,d", "/a!$&'()*x", "/%7Euser", "/a%2fb", "/a/%2E%2E/b", "/100%25"]):
    case(f"path {i} {path}", path)
# Queries that are part of the URL: signed as they stand
for i, query in enumerate(["a=1&b=2", "b=2&a=1", "a=2&a=1&a=10", "a", "a=", "a&b", "a=b=c", "a=%20", "a=%2B", "a=b%2Fc", "A=1&a=2&B=3",
                           "a-=1&a=2", "a=%E3%81%82&%C3%A9=1", "x=*~-_.", "a=/b", "a=%2f", "a=b:c,d", "a1=1&a=2&a.b=3"]):
    case(f"query {i} {query}", "/?" + query)
# Parameters given apart: signed encoded, sent in the encoding of forms
for i, params in enumerate([{"a": "b c"}, {"a": "b+c"}, {"a": "b/c?d=e&f"}, {"\u3042": "\u00e9\u2615"}, {"b": "2", "a": "1", "B": "x"},
                            {"a~b": "*'()!", "a-b": "~"}, {"empty": ""}, {"percent": "100%25"}]):
    case(f"params {i}", "/things", params=params)
# Methods, bodies
for method in ["POST", "PUT", "DELETE", "PATCH"]:
    case(f"method {method}", "/m", method, body=b'{"a": 1}')
case("body utf-8", "/", "POST", [("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "AppRunner.CreateService")],
     '{"ServiceName": "r\u00e4ksm\u00f6rg\u00e5s \u2615"}'.encode())
case("body binary", "/", "PUT", [("Content-Type", "application/octet-stream")], bytes(range(256)))
case("body empty", "/", "POST", [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "Logs_20140328.DescribeLogGroups")])
case("body large", "/", "POST", body=b"x" * 5_000)
# Headers
case("header spaces", headers=[("My-Header", "  a   b  c  ")])
case("header tabs", headers=[("My-Header", "a\tb")])
case("header quoted spaces", headers=[("My-Header", '"a   b"')])
case("header empty", headers=[("My-Header", "")])
case("header repeated", headers=[("My-Header", "b"), ("My-Header", "a"), ("My-Header", "a")])
case("header case and order", headers=[("zoo", "1"), ("ABC", "2"), ("Abd", "3"), ("x-amz-foo", "4")])
case("header comma", headers=[("My-Header", "a,b , c")])
case("header utf-8", headers=[("My-Header", "caf\u00e9 \u3042")])
case("header date", headers=[("Date", "replaced")])
case("header not signed", headers=[("User-Agent", "me/1"), ("Expect", "100-continue")])
# Credentials, scopes, hosts
case("session token", method="POST", body=b"{}", key=TOKEN)
case("odd key", method="POST", body=b"{}", key=ODD)
case("service logs", service="logs")
case("region local", region="local-1")
case("host default port", host="http://localhost")
case("host address", host="http://127.0.0.1:4600")
# Form bodies
case("form body", "/", "POST", [("Content-Type", FORM)], b"Action=GetCallerIdentity&Version=2011-06-15", service="sts")
# Payload not signed
case("unsigned payload", "/builds", "POST", [("Content-Type", "application/x-tar")], b"tar", host="https://localhost:4600", unsigned=True)
case("unsigned payload token", "/builds", "POST", [], b"tar", host="https://localhost:4600", unsigned=True, key=TOKEN)
# Presigned
case("presigned", "/exec/1", form="query")
case("presigned query", "/exec?b=2&a=%20x&c", form="query", expires=604800)
case("presigned token", "/exec", form="query", key=TOKEN)
case("presigned odd key", "/a%20b/c", form="query", key=ODD)
case("presigned header", "/", headers=[("x-k8s-aws-id", "cluster")], form="query")
case("presigned form", "/", "GET", data={"Action": "GetCallerIdentity", "Version": "2011-06-15"}, service="sts", form="query")
case("presigned put", "/upload", "PUT", form="query")


class Clock:
    """Stands in for the datetime module inside botocore."""

    def __init__(self, now):
        fixed = now

        class Fixed(datetime.datetime):
            @classmethod
            def utcnow(cls):
                return fixed

        self.datetime = Fixed
        self.timedelta = datetime.timedelta


def sign(c, host, now):
    botocore.auth.datetime = Clock(now)
    request = AWSRequest(method=c["method"], url=host + c["path"], data=c["data"] if c["data"] is not None else c["body"], params=c["params"])
    for name, value in c["headers"]:
        request.headers.add_header(name, value)
    request.context["payload_signing_enabled"] = not c["unsigned"]
    credentials = Credentials(*c["key"])
    if c["form"] == "query":
        botocore.auth.SigV4QueryAuth(credentials, c["service"], c["region"], c["expires"]).add_auth(request)
    else:
        botocore.auth.SigV4Auth(credentials, c["service"], c["region"]).add_auth(request)
    return request


def vectors():
    for c in CASES:
        request = sign(c, c["host"], NOW)
        prepared = request.prepare()
        headers = [[name, value] for name, value in request.headers.items()]
        if not any(name.lower() == "host" for name, _ in headers):
            headers.append(["Host", botocore.auth._host_from_url(c["host"])])
        body = prepared.body or b""
        yield {
            "name": c["name"], "now": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), "accessKeyId": c["key"][0], "secretAccessKey": c["key"][1],
            "sessionToken": c["key"][2], "service": c["service"], "region": c["region"], "method": c["method"], "url": prepared.url,
            "headers": headers, "body": base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode(),
        }


def send(target):
    session = botocore.httpsession.URLLib3Session()
    for c in CASES:
        if c["host"].startswith("https") or c["name"] in ("header repeated", "header utf-8"):
            continue  # needs TLS; the HTTP client joins repeated headers, and sends others than UTF-8
        if "%2f" in c["path"] or ";" in c["path"]:
            continue  # the HTTP client sends another spelling than the one that was signed
        response = session.send(sign(c, target, datetime.datetime.utcnow()).prepare())
        print(response.status_code, c["name"], response.text if response.status_code != 200 else "")


if len(sys.argv) == 3 and sys.argv[1] == "--send":
    send(sys.argv[2].rstrip("/"))
else:
    print("[\n" + ",\n".join(json.dumps(vector) for vector in vectors()) + "\n]")
