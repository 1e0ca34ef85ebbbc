from organiser_portal.connections.models.attempt import Attempt, AttemptState
from organiser_portal.connections.models.connection import Connection, Standing
from organiser_portal.connections.models.key_turn import KeyTurn
from organiser_portal.connections.models.outbound import IS_DENIED, MENDABLE, UNDER_WAY, OutboundChange, PushState
from organiser_portal.connections.models.payload import PayloadBundle, PayloadDictionary, RejectedRecord, SourcePayload
from organiser_portal.connections.models.surprise import ContractSurprise, ContractSurpriseQuerySet
from organiser_portal.connections.models.sync_state import SyncState
from organiser_portal.connections.models.synced import SyncedModel

__all__ = [
    "IS_DENIED",
    "MENDABLE",
    "UNDER_WAY",
    "Attempt",
    "AttemptState",
    "Connection",
    "ContractSurprise",
    "ContractSurpriseQuerySet",
    "KeyTurn",
    "OutboundChange",
    "PayloadBundle",
    "PayloadDictionary",
    "PushState",
    "RejectedRecord",
    "SourcePayload",
    "Standing",
    "SyncState",
    "SyncedModel",
]
