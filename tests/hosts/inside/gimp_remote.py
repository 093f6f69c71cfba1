"""Executes in GIMP's own Python what a test asks for, until GIMP ends."""

import json
import os
import time
import traceback
from pathlib import Path

folder = Path(os.environ["FOLDER"])
question, part, names = folder / "question.py", folder / "answer.part", dict(globals())
while True:
    if question.exists():
        code = question.read_text("utf-8")
        question.unlink()
        try:
            names["answer"] = None
            exec(code, names)
            told = {"answer": names["answer"]}
        except BaseException:
            told = {"problem": traceback.format_exc()}
        part.write_text(json.dumps(told), "utf-8")
        part.rename(folder / "answer.json")
    time.sleep(0.02)
