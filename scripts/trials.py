"""Runs under conditions of their own, and what they come to: for scripts that compare.

A condition is a dictionary. Of every island of the run:
    operators   {name: weight}, or names that keep their weights
    pool, temperature, uniform, inspirations, likeness, tried     of `selection`
    novelty, reach
    instructions   path of a list, as `evolve distill -o` writes it, or the texts themselves
    instructions-last   True = not behind the rules but right before what is asked for
Of the run:
    topology, migration-interval, retest, bandit, ...    any key of its file, as text; None = without it
    one-island   True = all seed programs on one island
    cells        of the suite's `scoring`
"""

import os
import pathlib
import re
import shutil
import statistics

ROOT = pathlib.Path(__file__).resolve().parents[1]
CONTENT = pathlib.Path(os.environ.get("EVOLVE_ROOT", str(ROOT)))
OWN = ["novelty", "reach"]
LISTS = ["instructions", "instructions-last"]
SELECTION = ["pool", "temperature", "uniform", "inspirations", "likeness", "tried"]
OF_ISLANDS = [*SELECTION, *OWN, *LISTS, "operators", "one-island", "cells"]


def island(text, condition):
    """The island's file under the condition."""
    head, block, rest = re.match(r"(.*\noperators:\n)((?:  [^\n]*\n)+)(.*)", text, re.S).groups()
    shares = dict(re.findall(r"^  ([a-z-]+): ([0-9.]+)", block, re.M))
    wanted = condition.get("operators")
    if isinstance(wanted, dict):
        shares = wanted
    elif wanted:
        shares = {name: shares[name] for name in wanted if name in shares}
    text = head + "".join(f"  {name}: {share}\n" for name, share in shares.items()) + rest
    for key in SELECTION:
        if key in condition:
            text = re.sub(rf"^  {key}: .*\n", "", text, flags=re.M)
            text = re.sub(r"^selection:\n", f"selection:\n  {key}: {condition[key]}\n", text, flags=re.M)
    for key in [*OWN, "instructions"]:
        if key in condition:
            text = re.sub(rf"^{key}: .*\n", "", text, flags=re.M) + f"\n{key}: {condition[key]}\n"
    return text


def run(text, settings):
    """The run's file with these settings; None = without the key."""
    for key, value in settings.items():
        text = re.sub(rf"^{key}:.*\n", "", text, flags=re.M)
        if value is not None:
            text += f"\n{key}: {value}\n"
    return text


def listed(instructions):
    """The list's file."""
    if isinstance(instructions, pathlib.Path):
        return instructions.read_text()
    return "instructions:\n" + "".join(f'  - text: "{text}"\n' for text in instructions)


def last(prompt):
    """The prompt with what earlier runs teach before its last paragraph."""
    slot = "\n{{instructions}}\n"
    if slot not in prompt:
        return prompt
    before, question = prompt.replace(slot, "\n\n").rsplit("\n\n", 1)
    return before + slot + question


def content(folder, condition, base, settings):
    """A copy of the content under `folder`, in which the run `trial` is the run `base` under the condition."""
    for name in ["Islands", "Fitness", "Runs", "scripts"]:
        shutil.copytree(CONTENT / name, folder / name)
    islands = sorted(path.parent for path in (folder / "Islands").glob("*/island.yaml"))
    for path in islands:
        file, own = path / "island.yaml", dict(condition)
        if "instructions" in own:
            (path / "instructions.yaml").write_text(listed(own["instructions"]))
            own["instructions"] = "instructions.yaml"
        file.write_text(island(file.read_text(), own))
    if condition.get("instructions-last"):
        for file in (folder / "Islands/prompts").glob("*.md"):
            file.write_text(last(file.read_text()))
    settings = {**settings, **{key: value for key, value in condition.items() if key not in OF_ISLANDS}}
    if condition.get("one-island"):
        for path in islands[1:]:
            for seed in (path / "seeds").iterdir():
                shutil.copy(seed, islands[0] / "seeds")
        settings["islands"] = f"[{islands[0].name}]"
    if "cells" in condition:
        for file in (folder / "Fitness").glob("*/suite.yaml"):
            file.write_text(re.sub(r"^(scoring: \{.*)\}", rf"\1, cells: {condition['cells']}}}", file.read_text(), flags=re.M))
    (folder / "Runs/trial.yaml").write_text(run((folder / f"Runs/{base}.yaml").read_text(), settings))


def student(freedom):
    """The 97.5 % quantile of Student's t (Abramowitz and Stegun 1964, 26.7.5)."""
    x = 1.959964
    return (x + (x**3 + x) / (4 * freedom) + (5 * x**5 + 16 * x**3 + 3 * x) / (96 * freedom**2)
            + (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / (384 * freedom**3))


def estimate(values):
    """Mean and 95 % interval over independent trials; None for fewer than three."""
    if len(values) < 3:
        return None
    mean, half = statistics.mean(values), student(len(values) - 1) * statistics.stdev(values) / len(values) ** 0.5
    return [round(mean, 3), round(mean - half, 3), round(mean + half, 3)]


def shown(values):
    return "{:+.2f} [{:+.2f}, {:+.2f}]".format(*values) if values else "–"
