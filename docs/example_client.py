"""python example_client.py IN.ppm OUT.ppm: upscales 8-bit RGB pixels, while ResShift runs (see bridge.md)."""

import http.client
import json
import os
import pathlib
import sys
import urllib.parse

moved = os.environ.get("RESSHIFT_DATA")  # macOS and Windows keep it elsewhere: see bridge.md
folder = pathlib.Path(moved) if moved else pathlib.Path.home() / ".local/share/ResShift"
core = json.loads((folder / "connection.json").read_text("utf-8"))
with pathlib.Path(sys.argv[1]).open("rb") as file:
    assert file.readline() == b"P6\n"
    width, height, _, pixels = *map(int, file.readline().split()), file.readline(), file.read()
query = {"width": width, "height": height, "channels": 3, "sample": "u8", "model": "builtin", "scale": 4}
headers = {"Authorization": f"Bearer {core['token']}", "X-ResShift-Protocol": "1"}
connection = http.client.HTTPConnection("127.0.0.1", core["port"], timeout=10)
connection.request("POST", "/v1/upscale?" + urllib.parse.urlencode(query), pixels, headers)
response = connection.getresponse()
if response.status != 200:
    sys.exit(f"{response.status}: {response.read().decode()}")
while (event := json.loads(response.readline()))["event"] not in ("result", "failed"):
    print(event["event"], event.get("fraction", ""))  # closing the connection here would cancel the work
if event["event"] == "failed":
    sys.exit(f"{event['title']} {event['hint']}")
with pathlib.Path(sys.argv[2]).open("wb") as file:
    file.write(b"P6\n%d %d\n255\n" % (event["width"], event["height"]) + response.read(event["bytes"]))
print(f"{event['width']} x {event['height']} pixels in {event['seconds']:.1f} s on {event['device']}")
