"""The sound lessons of a broken folder as a course of their own, so that one check tells of their lints too."""

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Mapping as Files

from lessons import strict_yaml
from lessons.course import SLUG
from lessons.parsing import COURSE_FILE, MODULE_FILE, SIMULATIONS, Parsed, parse

_COURSE = "id: {folder}\ntitle: {folder}\nlanguage: {language}\nmodules: [{names}]\n"
_MODULE = "id: {folder}\ntitle: {folder}\nlessons: [{names}]\n"


def sound_parts(files: Files[str, bytes], broken: Collection[str]) -> Parsed | None:
    """What can be read of a folder without the files named `broken`; None when that is no lesson.

    Its ids and titles of course and modules are made up; its lessons, with their places, are as written.
    """
    lessons: defaultdict[str, list[str]] = defaultdict(list)
    for file in files:
        folder, _, name = file.rpartition("/")
        stem, _, ending = name.rpartition(".")
        if (
            file not in broken
            and folder != SIMULATIONS
            and name != MODULE_FILE
            and ending == "yaml"
            and SLUG.fullmatch(folder)
            and SLUG.fullmatch(stem)
        ):
            lessons[folder].append(stem)
    if not lessons:
        return None
    language = _language(files.get(COURSE_FILE, b""))
    made = {COURSE_FILE: _COURSE.format(folder="sound", language=language, names=", ".join(lessons)).encode()}
    for folder, stems in lessons.items():
        made[f"{folder}/{MODULE_FILE}"] = _MODULE.format(folder=folder, names=", ".join(stems)).encode()
        made |= {file: files[file] for stem in stems for file in [f"{folder}/{stem}.yaml"]}
    parsed = parse(made)
    return parsed if parsed.course else None


def _language(data: bytes) -> str:
    """What course.yaml says, where it can be read."""
    tree, _ = strict_yaml.load(data, COURSE_FILE)
    found = tree.text("language") if isinstance(tree, strict_yaml.Mapping) else None
    return found.text if found and SLUG.fullmatch(found.text) else "en"
