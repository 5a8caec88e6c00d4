"""Buttons by which data and evidence are taken out."""

from bot.callbacks.packing import as_button


@as_button("rp")
class ShowReports:
    """What can be taken out of a cohort."""

    cohort: int


@as_button("rp-pack")
class EvidencePack:
    """The PDF."""

    cohort: int


@as_button("rp-data")
class TakeOut:
    """Rows as a file: answers, answers-xapi, progress or deliveries."""

    cohort: int
    what: str
