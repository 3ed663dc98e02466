"""What the window's workers write down about a change to a new key. Qt-free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latchlight.core.rotation import Rotation

if TYPE_CHECKING:
    from latchlight.services import Services


def keep(services: Services, old: str, rotation: Rotation | None) -> None:
    """How far the change of this stored key is; None: there is none, or it is not to be kept."""
    if rotation is None:
        services.store().forget_rotation(old)
    else:
        services.store().keep_rotation(rotation)
