"""Simple and published predictors that the skill estimator has to stand beside.

In: a Split. Out: P(success) of each row of its test side, (n_rows,).
Law: a prediction reads the same learner's earlier rows; parameters come from training learners.
Sources: Pelanek 2016 (Elo with K / (1 + b n)); Pavlik et al. 2009 (PFA, -s -sc -w -a);
Gervet et al. 2020 (Best-LR, -i -s -ic -sc -tc -w -a); Choffin et al. 2019 (DAS3H, -i -s -sc -w -a
-tw, without dummies of learners since none is seen before).
"""

from collections.abc import Callable, Sequence

import numpy as np
import skill_features as past
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit, logit
from skill_data import Log, Split
from sklearn.linear_model import LogisticRegression

__all__ = ["best_lr", "blend", "das3h", "elo", "mean_score", "pfa"]

Floats = NDArray[np.float64]
Block = Callable[[Log], sparse.csr_matrix]

SMOOTHING = 2.0  # answers that the training mean is worth
ELO_STEP, ELO_DECAY = 0.5, 0.05  # K and b: best log loss within the training learners of both sets
MAX_ITERATIONS = 1000  # as published
EDGE = 1e-9  # keeps a logit finite


def mean_score(split: Split) -> Floats:
    """The learner's mean score so far, smoothed towards that of the training learners."""
    counts = np.expm1(past.total_counts(split.test).toarray())
    overall = split.train.fraction.mean()
    return (counts[:, 1] + SMOOTHING * overall) / (counts[:, 0] + SMOOTHING)


def pfa(split: Split) -> Floats:
    """Performance factors analysis: skills with their counts of attempts and wins."""
    return _logistic(split, [past.skill_dummies, past.skill_counts])


def best_lr(split: Split) -> Floats:
    """Items, skills and counts of attempts and wins on item, skill and everything."""
    blocks = [past.item_dummies, past.skill_dummies]
    return _logistic(split, [*blocks, past.item_counts, past.skill_counts, past.total_counts])


def das3h(split: Split) -> Floats:
    """Items, skills and counts on skills within time windows; the log must have times."""
    return _logistic(split, [past.item_dummies, past.skill_dummies, past.windowed_skill_counts])


def blend(predictions: Sequence[Floats]) -> Floats:
    """Mean of the logits of several predictions."""
    return expit(np.mean([logit(np.clip(p, EDGE, 1 - EDGE)) for p in predictions], axis=0))


def _logistic(split: Split, blocks: Sequence[Block]) -> Floats:
    train, test = (
        sparse.hstack([block(log) for block in blocks], format="csr")
        for log in (split.train, split.test)
    )
    model = LogisticRegression(solver="lbfgs", C=1.0, max_iter=MAX_ITERATIONS)
    fraction = split.train.fraction
    # A fraction is a success of that weight and a failure of the rest.
    both = sparse.vstack([train[fraction > 0], train[fraction < 1]], format="csr")
    solved = np.repeat([1, 0], [(fraction > 0).sum(), (fraction < 1).sum()])
    weight = np.concatenate([fraction[fraction > 0], 1 - fraction[fraction < 1]])
    model.fit(both, solved, sample_weight=weight)
    return model.predict_proba(test)[:, 1]


def elo(split: Split) -> Floats:
    """Ratings of learner, learner's skills and items; items stand still on the test side."""
    start = float(logit(np.clip(split.train.fraction.mean(), 0.01, 0.99)))
    easiness, n_answers = [start] * len(split.train.q), [0] * len(split.train.q)
    _rate(split.train, easiness, n_answers, learns_items=True)
    return _rate(split.test, easiness, n_answers, learns_items=False)


def _rate(log: Log, easiness: list[float], n_answers: list[int], *, learns_items: bool) -> Floats:
    """Play the log through, one row after the other."""
    skills_of = [np.flatnonzero(row).tolist() for row in log.q]
    rating: dict[tuple[int, int], float] = {}
    games: dict[tuple[int, int], int] = {}
    predicted = np.empty(len(log.item))
    rows = zip(log.learner.tolist(), log.item.tolist(), log.fraction.tolist(), strict=True)
    for place, (learner, item, fraction) in enumerate(rows):
        players = [(learner, -1), *((learner, skill) for skill in skills_of[item])]
        share = 1 / max(len(players) - 1, 1)
        ability = rating.get(players[0], 0.0) + share * sum(rating.get(p, 0.0) for p in players[1:])
        chance = predicted[place] = 1 / (1 + np.exp(-ability - easiness[item]))
        for player in players:
            n = games.get(player, 0)
            rating[player] = rating.get(player, 0.0) + _step(n) * (fraction - chance)
            games[player] = n + 1
        if learns_items:
            easiness[item] += _step(n_answers[item]) * (fraction - chance)
            n_answers[item] += 1
    return predicted


def _step(n_games: int) -> float:
    return ELO_STEP / (1 + ELO_DECAY * n_games)
