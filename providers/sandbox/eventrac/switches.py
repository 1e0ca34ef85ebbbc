"""The ways in which the reference contradicts itself, each a switch; the defaults follow its endpoints' samples."""

from typing import Literal

import msgspec


class Switches(msgspec.Struct, kw_only=True):
    """``envelope``: nothing, jSend, or an object with the one key ``data``. ``error_word``: status word of an error.
    ``errors_as_200``: errors are told in the body only. ``bulk_path``: where many are added. ``flat_put``: an update
    need not be wrapped. ``empty_maps_as_lists``: an empty map comes as []. ``products_key``: "" leaves products out.
    ``return_reference``: add and update answers name the reference, as they did in 2020. ``partial_failure_status``: of
    a bulk add in which some failed. ``event_endpoint``: GET of one event is implemented.
    """

    envelope: Literal["bare", "jsend", "data"] = "bare"
    error_word: Literal["error", "fail"] = "error"
    errors_as_200: bool = False
    event_endpoint: bool = True
    bulk_path: Literal["races/participants", "participants", "both"] = "both"
    partial_failure_status: Literal[200, 422] = 200
    flat_put: bool = False
    put_needs_reference: bool = False
    return_reference: bool = False
    empty_maps_as_lists: bool = False
    products_key: Literal["products", "product", ""] = "products"
    success_status: Literal[200, 201] = 200
