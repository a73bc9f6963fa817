"""What the mails about invitations say."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from lms.core.mail import Message, compose
from lms.invitations.values import GatheringInfo


def day(value: date) -> str:
    """Write a date as mails do."""
    return f"{value:%A} {value.day} {value:%B %Y}"


def moment(value: datetime, zone: str) -> str:
    """Write a moment in the named zone, and name it."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local)}, {local:%H:%M} ({zone})"


def days(gathering: GatheringInfo) -> str:
    """Write from when to when the workshop is."""
    first, last = day(gathering.starts_on), day(gathering.ends_on)
    return first if first == last else f"{first} to {last}"


def invited(name: str, gathering: GatheringInfo, answer_by: str, words: str, links: tuple[str, str]) -> Message:
    """Invite somebody, with the last moment to answer, and links to the page and to the calendar entry."""
    url, calendar = links
    text = [
        f"you are invited to {gathering.title}, {days(gathering)}, in {gathering.place}.",
        *[part for part in words.split("\n\n") if part.strip()],
        f"Please accept or decline by {answer_by}. If you can't come, say so as soon as you know: somebody else gets your seat.",
        f"For your calendar: {calendar}",
    ]
    return compose(f"You are invited: {gathering.title}", f"Dear {name},", text, ("Answer the invitation", url))


def changed(name: str, gathering: GatheringInfo, request: str, url: str) -> Message:
    """Tell somebody who is invited, or comes, where and when the workshop is now, and what they are asked for."""
    text = [
        f"something has changed: {gathering.title} is now on {days(gathering)}, in {gathering.place}.",
        *([request] if request else []),
        "Please put it into your calendar anew; the page has an entry. If you can't come then, say so on the same page.",
    ]
    return compose(f"Changed: {gathering.title}", f"Dear {name},", text, ("See the invitation", url))


def unconfirmed(name: str, gathering: GatheringInfo, confirm_by: str, url: str) -> Message:
    """Remind somebody who has not confirmed yet to come on the days to which a workshop was moved."""
    text = [
        f"{gathering.title} was moved to {days(gathering)}, in {gathering.place}, and you have not confirmed yet that you come then.",
        f"Please do so by {confirm_by}. If you can't come, say so on the same page: somebody else gets your seat.",
    ]
    return compose(f"Please confirm: {gathering.title}", f"Dear {name},", text, ("Confirm", url))


def reminded(name: str, gathering: GatheringInfo, answer_by: str, url: str) -> Message:
    """Remind somebody who has not answered yet."""
    text = [
        f"you are invited to {gathering.title}, {days(gathering)}, in {gathering.place}, and have not answered yet.",
        f"Please accept or decline by {answer_by}. After that, your seat goes to somebody else.",
    ]
    return compose(f"Please answer: {gathering.title}", f"Dear {name},", text, ("Answer the invitation", url))


def accepted(name: str, gathering: GatheringInfo, freeze: str, url: str) -> Message:
    """Thank somebody who comes, and ask for what the journey needs before a day; as soon as possible if none is named."""
    text = [
        f"we look forward to seeing you at {gathering.title}, {days(gathering)}, in {gathering.place}.",
        f"Please tell us {f'before {freeze}' if freeze else 'as soon as you can'} when you arrive and what you need.",
        "Only administrators can read it, and it is deleted after the workshop.",
    ]
    return compose(f"You are coming: {gathering.title}", f"Dear {name},", text, ("Give my travel details", url))


def declined(name: str, gathering: GatheringInfo, url: str) -> Message:
    """Tell somebody that the answer has arrived."""
    text = [f"thank you for telling us that you don't come to {gathering.title}. Your seat goes to somebody else."]
    return compose(f"You declined: {gathering.title}", f"Dear {name},", text, ("See my answer", url))


def expired(name: str, gathering: GatheringInfo, answer_by: str, url: str) -> Message:
    """Tell somebody that the last moment to answer is over."""
    text = [
        f"we asked you to answer the invitation to {gathering.title} by {answer_by}, and have not heard from you.",
        "Your seat goes to somebody else. If you still want to come, please write to the course team.",
    ]
    return compose(f"Your invitation has run out: {gathering.title}", f"Dear {name},", text, ("See the invitation", url))


def asked_again(name: str, gathering: GatheringInfo, url: str) -> Message:
    """Ask somebody shortly before the journey whether it still holds."""
    text = [
        f"{gathering.title} begins on {day(gathering.starts_on)} in {gathering.place}. Please confirm once more that you come.",
        "If you can't come any more, say so on the same page.",
    ]
    return compose(f"Do you still come? {gathering.title}", f"Dear {name},", text, ("Confirm", url))


def travel_decided(name: str, gathering: GatheringInfo, words: str, url: str, *, granted: bool) -> Message:
    """Tell somebody what became of a change of travel."""
    said = "is made as you asked" if granted else "can't be made"
    text = [f"the change of your journey to {gathering.title} {said}.", *[part for part in words.split("\n\n") if part.strip()]]
    return compose(f"Your journey to {gathering.title}", f"Dear {name},", text, ("See my travel details", url))
