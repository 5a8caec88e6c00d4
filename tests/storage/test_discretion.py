"""An error of the database is logged whole, so it may hold nobody's words or names."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from storage.schema import person
from storage.store import Store, Tx


async def test_an_error_does_not_quote_what_was_to_be_stored(store: Store) -> None:
    async def change(tx: Tx) -> None:
        await tx.run(insert(person).values(learner_id=77, telegram_id=501, name="Asha Rahman"))
        await tx.run(insert(person).values(learner_id=77, telegram_id=501, name="Asha Rahman"))

    with pytest.raises(IntegrityError) as raised:
        await store.change(change)
    assert "Asha" not in str(raised.value)
