"""Plays the scenes of the files that $SCENES names, in GIMP's own Python, and writes down how each went."""

import importlib
import json
import os
import sys
import traceback
from pathlib import Path

folder = Path(os.environ["FOLDER"])
sys.path[:0] = [str(folder), str(Path.home() / ".config" / "GIMP" / "3.0" / "plug-ins" / "resshift")]
for name in os.environ["SCENES"].split():
    told = {}
    for title, scene in list(vars(importlib.import_module(f"gimp_{name}")).items()):
        if title.startswith("scene_"):
            try:
                scene()
                told[title] = "well"
            except BaseException:
                told[title] = traceback.format_exc()
            (folder / f"{name}.json").write_text(json.dumps(told), "utf-8")
