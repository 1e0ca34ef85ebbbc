from organiser_portal.events.models.action import EventAction
from organiser_portal.events.models.event import Event, EventListing
from organiser_portal.events.models.race import Listing, Race
from organiser_portal.events.models.sold import Product, Question, Sku, TicketType

__all__ = ["Event", "EventAction", "EventListing", "Listing", "Product", "Question", "Race", "Sku", "TicketType"]
