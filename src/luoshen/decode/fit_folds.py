"""Which works are held back together: folds alike in their labels that never part what belongs together."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np

from luoshen.decode.fit_examples import Examples
from luoshen.decode.fitted import Kind
from luoshen.works.work import work_id


def together(examples: Examples) -> np.ndarray:
    """A number for each row: the same for works of one group, and for one text in two rows."""
    from scipy.sparse import coo_matrix  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

    count = len(examples.texts)
    joined = [[work_id(text) for text in examples.texts], *([examples.groups] if examples.groups else [])]
    pairs = []
    for names in joined:
        first: dict[str, int] = {}
        pairs += [(row, first.setdefault(name, row)) for row, name in enumerate(names)]
    left, right = np.array(pairs).T
    graph = coo_matrix((np.ones(len(left)), (left, right)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1])


def folds(
    kind: Kind, targets: np.ndarray, groups: np.ndarray, count: int, seed: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """At most ``count`` pairs (training rows, test rows), alike in their ``targets``; a group is on one side.

    There are fewer pairs if there are fewer groups; every row is tested once.
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold  # type: ignore[import-untyped]

    of_groups = len(np.unique(groups))
    count = min(count, of_groups)
    strata = _strata(kind, targets)
    few = np.bincount(strata) < count
    strata = np.where(few[strata], len(few), strata)
    if np.bincount(strata).max() < count:
        strata = np.zeros_like(strata)
    splitter = (StratifiedKFold if of_groups == len(groups) else StratifiedGroupKFold)(
        count, shuffle=True, random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of strata with few works, which is all right
        for train, test in splitter.split(strata, strata, groups):
            if len(test):
                yield train, test


def _strata(kind: Kind, targets: np.ndarray) -> np.ndarray:
    if kind == "labels":  # the rarest label of each work
        return np.asarray(np.where(targets, targets.sum(axis=0), len(targets) + 1).argmin(axis=1))
    if kind == "number":  # its fifth
        return np.asarray(np.searchsorted(np.quantile(targets, (0.2, 0.4, 0.6, 0.8)), targets))
    return targets
