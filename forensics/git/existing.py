"""Which objects are there, readable or not."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from forensics.git.loose_ids import list_loose
from forensics.git.packindex import DamagedPack, read_pack_index
from forensics.git.packs import list_indexes
from forensics.git.plan import ObjectPlan
from forensics.git.seen import contains, distinct

__all__ = ["existing", "split_ids"]


def existing(made: ObjectPlan, ids: NDArray[np.bytes_]) -> set[bytes]:
    """Those of `ids` that a pack or a loose file is there for, readable or not."""
    repository, kind = made.repository, f"S{made.repository.hash_bytes}"
    folders = (repository.objects, *repository.alternates)
    lists = [pack.names for pack in made.opened]
    opened = {pack.path.with_suffix(".idx") for pack in made.opened}
    for index in (index for objects in folders for index in list_indexes(objects)):
        if index not in opened:
            with suppress(DamagedPack):
                lists.append(read_pack_index(index, repository.hash_bytes).names)
    lists += [np.array(list_loose(objects, repository.hash_bytes).ids, kind) for objects in folders]
    found: set[bytes] = set()
    for names in lists:
        held = ids[contains(distinct(names), ids)].tobytes()
        found.update(split_ids(held, repository.hash_bytes))
    return found


def split_ids(ids: bytes, length: int) -> list[bytes]:
    """Ids that stand one after another. NumPy would strip the zero bytes at their ends."""
    return [ids[at : at + length] for at in range(0, len(ids), length)]
