"""Fits the relevance model on the calibration half of the questions: `python -m bench.calibration` prints the weights.

A passage with the evidence is a yes; every one of the first candidates for a question without an answer is a no. Other
passages found for a question with an answer are left out: they may help, too; and so are those that lack the kind of
thing that is asked for, which the judge does not look at. `SHARE` and `SURE` of the questions without an answer are to
stay below the two thresholds: nothing is worth reading, and nothing may be quoted unread. Both are set on this half.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.questions import Question, holds, load
from bench.shelf import COLLECTION, empty_desk, lay_out
from visavis.core.asked import asked
from visavis.engines.embedder import Embedder
from visavis.engines.registry import EngineContext, Registry
from visavis.knowledge.ranking import LEADERS
from visavis.knowledge.relevance import could_tell, features
from visavis.weights.store import WeightStore

SHARE: Final = 0.55
"""A model that reads what is found declines most of the rest, and what is not found nobody can read."""
SURE: Final = 0.95
"""What is quoted nobody declines any more. Among so few questions a share is easily off by 0.05: that much more than
the 0.90 that are to be declined."""
PENALTY: Final = 3.0
"""Of large weights: few questions must not be learnt by heart."""

Matrix = NDArray[np.float64]


async def _examples() -> list[tuple[Question, list[tuple[tuple[float, ...], bool]]]]:
    """For each question the features of the first candidates, and whether each holds the evidence."""
    embedder: Embedder = Registry().create("embedder", "e5", EngineContext(WeightStore(), threads=1))
    found = []
    async with empty_desk(embedder) as desk:
        names = await lay_out(desk)
        for question in load("calibration"):
            result = await desk.retriever.search(question.text, [COLLECTION])
            rows = [
                (
                    tuple(features(result.query, one)),
                    names[one.passage.document] == question.document and holds(one.passage.text, question),
                )
                for one in result.candidates[:LEADERS]
                if could_tell(one, asked(question.text))
            ]
            found.append((question, rows))
    await embedder.aclose()
    return found


def fit(values: Matrix, helps: Matrix) -> tuple[Matrix, float]:
    """Weights and constant of a logistic regression by Newton's method; both classes count the same."""
    middle, scale = values.mean(axis=0), values.std(axis=0) + 1e-9
    rows = np.column_stack([np.ones(len(values)), (values - middle) / scale])
    weigh = np.where(helps > 0, 0.5 / helps.mean(), 0.5 / (1 - helps.mean()))
    penalty = PENALTY * np.r_[1e-6, np.ones(values.shape[1])]
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        odds = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (weigh * (odds - helps)) + penalty * weights
        curve = (rows * (weigh * odds * (1 - odds))[:, None]).T @ rows + np.diag(penalty)
        weights -= np.linalg.solve(curve, slope)
    return weights[1:] / scale, float(weights[0] - (weights[1:] * middle / scale).sum())


def main() -> int:
    """Prints what goes into `knowledge/relevance.py`."""
    examples = asyncio.run(_examples())
    chosen = [row for question, rows in examples for row in rows if row[1] or not question.answerable]
    values = np.array([row[0] for row in chosen])
    weights, constant = fit(values, np.array([float(row[1]) for row in chosen]))
    best = [
        max((float(np.dot(weights, row[0])) + constant for row in rows), default=-np.inf)
        for question, rows in examples
        if not question.answerable
    ]
    least, sure = (float(np.quantile(best, share)) for share in (SHARE, SURE))
    numbers = ", ".join(f"{weight:.2f}" for weight in weights)
    print(f"Weights(features=({numbers}), constant={constant:.2f}, least={least:.2f}, sure={sure:.2f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
