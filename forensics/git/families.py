"""Delta families: which objects of a pack to build in which order, cut into tasks to share.

Every object is inflated once, while its delta base is at hand. A family too large for one task
is cut at subtrees; whoever takes such a subtree derives its base anew through the chain.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forensics.git.packheaders import PackHeaders

__all__ = ["Families", "plan_families"]

_OBJECT_COST = 4096
"""Bytes whose handling costs as much as the fixed work for one object."""
_WORTH_A_DETOUR = 4
"""A subtree is cut off only if it costs this many times what deriving its base anew costs."""


class Families(NamedTuple):
    """Which objects stand on which, and which of them start a task. Objects are numbered as in
    `PackHeaders`."""

    children: NDArray[np.int64]
    """Objects that stand on others and lead to wanted ones, grouped by base, deepest first."""
    first_child: NDArray[np.int64]
    """Shape (n + 1,): the children of i are `children[first_child[i]:first_child[i + 1]]`."""
    starts_task: NDArray[np.bool_]
    """Where a walk from below stops, because another task starts here."""
    tasks: tuple[NDArray[np.int64], ...]
    """The objects that each task starts from."""
    weights: tuple[int, ...]
    """What each task costs, in bytes to handle."""


def plan_families(headers: PackHeaders, wanted: NDArray[np.bool_], task_weight: int) -> Families:
    """Plan how to build every wanted object once.

    Args:
        headers: of the pack.
        wanted: shape (n,); which objects are to be read. Objects with a fault never are.
        task_weight: about how many bytes a task should handle.
    """
    count = len(wanted)
    sound = headers.fault == 0
    leads = wanted & sound
    # A version is about as large as the whole object that its chain starts from.
    cost = np.minimum(headers.size[headers.root], 1 << 40) + _OBJECT_COST
    total = np.where(leads, cost, 0)
    height = np.zeros(count, np.int64)
    cut = np.zeros(count, np.bool_)
    by_depth = np.argsort(headers.depth, kind="stable")
    levels = np.searchsorted(
        headers.depth[by_depth], np.arange(int(headers.depth.max(initial=0)) + 2)
    )
    for depth in range(len(levels) - 2, 0, -1):
        level = by_depth[levels[depth] : levels[depth + 1]]
        level = level[leads[level]]
        if not len(level):
            continue
        below = headers.base[level]
        newly = np.sort(below[~leads[below]])
        newly = newly[np.diff(newly, prepend=-1) > 0]  # np.unique takes 10 ms to load what it needs
        leads[newly] = True
        total[newly] += cost[newly]
        cut[level] = total[level] >= np.maximum(task_weight, _WORTH_A_DETOUR * depth * cost[level])
        np.add.at(total, below, np.where(cut[level], 0, total[level]))
        np.maximum.at(height, below, height[level] + 1)

    kids = np.nonzero(leads & (headers.base >= 0))[0]
    kids = kids[np.lexsort((-height[kids], headers.base[kids]))]
    first_child = np.searchsorted(headers.base[kids], np.arange(count + 1))
    roots = np.nonzero(leads & (headers.base < 0))[0]
    cut[roots[total[roots] >= task_weight]] = True
    small = roots[~cut[roots]]
    large = np.nonzero(cut)[0]
    starts_task = cut.copy()
    starts_task[small] = True
    tasks = [large[at : at + 1] for at in range(len(large))]
    weights = total[large].tolist()
    if len(small):
        share = np.cumsum(total[small]) // max(task_weight, 1)
        edges = np.nonzero(np.diff(share))[0] + 1
        for group in np.split(small, edges):
            tasks.append(group)
            weights.append(int(total[group].sum()))
    return Families(kids, first_child, starts_task, tuple(tasks), tuple(weights))
