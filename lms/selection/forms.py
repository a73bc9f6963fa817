"""Forms of a selection: the rules, who must and must not be selected, a value, a file of values, a motivation's score."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wtforms import DecimalField, Field, FileField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import InputRequired, Optional, StopValidation

from lms.core import countries
from lms.core.domain import Sector
from lms.core.forms import NEEDED, FileForm, Form, line, paragraphs, whole
from lms.core.names import plain
from lms.selection import rules
from lms.selection.values import AVERAGE, MOTIVATION, Criterion, Range, Rules, Source

OUT_OF_DATE = "This page is out of date"
OUTRUN = "Somebody else has changed the rules since you opened this page. Compare, then save again what is to hold."
PLACES = 3
LARGEST = Decimal(10) ** 9
REQUIRED = {"required": True}
WHOLE = "Please give a whole number."
DECIMAL = f"Please give a number with at most {PLACES} places."


def _readable(words: str) -> Any:
    def check(_form: object, field: Field) -> None:
        if field.process_errors:
            field.errors = []
            raise StopValidation(words)

    return check


def _bounded(_form: object, field: Field) -> None:
    number = field.data
    if number is not None and (not number.is_finite() or abs(number) > LARGEST or -number.as_tuple().exponent > PLACES):
        raise StopValidation(DECIMAL)


def count(label: str, *, required: bool = True, hint: str = "") -> IntegerField:
    """Make a field for a number of persons."""
    return IntegerField(label, [InputRequired(NEEDED) if required else Optional(), _readable(WHOLE)], description=hint)


def number(label: str, *, required: bool = True, hint: str = "") -> DecimalField:
    """Make a field for a decimal number."""
    needed = InputRequired(NEEDED) if required else Optional()
    return DecimalField(label, [needed, _readable(DECIMAL), _bounded], places=None, description=hint)


class RulesForm(Form):
    """By what and within which quotas candidates are selected."""

    before = HiddenField(OUT_OF_DATE)
    seats = count("Seats")
    reserves = count("Reserves", hint="They move up when somebody selected does not come.")
    seed = line("Seed of the draw", most=100, hint="Ties are drawn by it. Publish it before the run; anybody can then repeat the draw.")
    weight_average = number("Weight of the final average", hint="From 0 to 100 points.")
    weight_motivation = number("Weight of the motivation", hint="Scored blind from 0 to 10, the mean of its assessors.")
    assessors = count("Assessors of each motivation")
    new_label = line("A further criterion", most=60, required=False, hint="Such as Experience. Its values come by a file or one by one.")
    new_most = number("Its highest value", required=False)
    new_weight = number("Its weight", required=False)
    each_country_low = count("Minimum from each country", hint="As far as the country has candidates.")
    each_country_high = count("Maximum from each country", required=False, hint="Empty means no maximum.")
    women = count("Women, at least % of the seats")
    institution = count("Most from one institution", required=False, hint="Empty means no maximum.")
    version = 0
    codes: tuple[str, ...] = ()
    further: tuple[Criterion, ...] = ()

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.before.errors else super().status

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that the page is of the rules that hold, then the fields, then what they say together."""
        sound = super().validate(extra_validators)
        if whole(self.before.data) != self.version:
            self.before.errors, self.before.data = [OUTRUN], str(self.version)  # who has read that may send the same again
            return False
        if sound:
            for name, words in [*self._new_faults(), *rules.faults(self.wanted())]:
                self[name].errors = [*self[name].errors, words]
        return sound and not self.errors

    def _new_faults(self) -> Iterable[tuple[str, str]]:
        if (self.new_most.data or self.new_weight.data) and not self.new_label.data:
            yield "new_label", "Please say what this criterion is."
        if self.new_label.data and self._key() in {AVERAGE.key, MOTIVATION.key, *(criterion.key for criterion in self.further)}:
            yield "new_label", "There is such a criterion already."
        if self.new_label.data and not plain(self.new_label.data):
            yield "new_label", "Please use letters."
        if self.new_label.data and not 0 < (self.new_most.data or Decimal(100)) <= LARGEST / 1000:
            yield "new_most", "Please give a number above 0, at most 1,000,000."
        if self.new_label.data and len(self.further) + 2 >= rules.MOST_CRITERIA:
            yield "new_label", f"There can be {rules.MOST_CRITERIA} criteria."

    @property
    def has_own_countries(self) -> bool:
        """Whether there is a country with a rule of its own."""
        return any(self[f"country_{code}_{end}"].data is not None for code in self.codes for end in ("low", "high"))

    def _key(self) -> str:
        return re.sub(r"\W+", "_", plain(self.new_label.data or ""))[:40]

    def _criteria(self) -> tuple[Criterion, ...]:
        weigh = {"weight_average": AVERAGE, "weight_motivation": MOTIVATION, **{f"weight_{c.key}": c for c in self.further}}
        found = [Criterion(c.key, c.label, c.source, self[name].data, c.most) for name, c in weigh.items()]
        if self.new_label.data and not [*self._new_faults()]:
            most, weight = self.new_most.data or Decimal(100), self.new_weight.data or Decimal()
            found.append(Criterion(self._key(), self.new_label.data, Source.NUMBER, weight, most))
        return tuple(found)

    def wanted(self) -> Rules:
        """Give the rules that a form without faults says."""
        own = {code: (self[f"country_{code}_low"].data, self[f"country_{code}_high"].data) for code in self.codes}
        return Rules(
            seats=self.seats.data or 0,
            reserves=self.reserves.data or 0,
            seed=self.seed.data or "",
            criteria=self._criteria(),
            assessors=self.assessors.data or 0,
            each_country=Range(self.each_country_low.data or 0, self.each_country_high.data),
            countries={code: Range(low or 0, high) for code, (low, high) in own.items() if low is not None or high is not None},
            women=self.women.data or 0,
            sectors={sector.value: percent for sector in Sector if (percent := self[_sector(sector)].data)},
            institution=self.institution.data,
        )


def _sector(sector: Sector) -> str:
    return f"sector_{sector.value.replace(' ', '_')}"


def rules_form(codes: Iterable[str], stored: Rules | None, version: int, seed: str) -> RulesForm:
    """Make the form for the countries of an edition, filled in from the rules that hold, or with a proposal."""
    held = stored or Rules(seats=30, reserves=10, seed=seed, women=0)
    further = tuple(criterion for criterion in held.criteria if criterion.source == Source.NUMBER)
    fields: dict[str, Any] = {"version": version, "codes": tuple(codes), "further": further}
    for c in further:
        fields[f"weight_{c.key}"] = number(f"Weight of {c.label}", hint=f"Its values go from 0 to {c.most.normalize():f}.")
    for code in fields["codes"]:
        called = countries.name(code)
        fields[f"country_{code}_low"] = count(f"{called}: minimum", required=False)
        fields[f"country_{code}_high"] = count(f"{called}: maximum", required=False)
    for sector in Sector:
        fields[_sector(sector)] = count(f"{sector.value.capitalize()}, at least % of the seats", required=False)
    form: RulesForm = type("RulesOfEdition", (RulesForm,), fields)(data=_data(held, version))
    return form


def _data(held: Rules, version: int) -> dict[str, Any]:
    found: dict[str, Any] = {"before": str(version), "seats": held.seats, "reserves": held.reserves, "seed": held.seed}
    found |= {"assessors": held.assessors, "women": held.women, "institution": held.institution}
    found |= {"each_country_low": held.each_country.low, "each_country_high": held.each_country.high}
    weights = {f"weight_{c.key}": Decimal(f"{c.weight.normalize():f}") for c in held.criteria}
    found |= {"weight_average": 0, "weight_motivation": 0, **weights}
    for code, ends in held.countries.items():
        found |= {f"country_{code}_low": ends.low, f"country_{code}_high": ends.high}
    return found | {_sector(Sector(name)): percent for name, percent in held.sectors.items()}


class MarkForm(Form):
    """That somebody must or must not be selected, and why."""

    mark = RadioField(
        "In every run from now on",
        [InputRequired("Please choose one of these.")],
        choices=[SelectChoice("must", "must be selected"), SelectChoice("must-not", "must not be selected")],
    )
    reason = paragraphs("Reason", most=500, hint="It stands in the dossier of the selection.")


class ValueForm(Form):
    """A value of one candidate by one criterion."""

    criterion = SelectField("Criterion", render_kw=REQUIRED)
    value = number("Value")

    def offer(self, criteria: Iterable[Criterion]) -> None:
        """Offer these criteria."""
        self.criterion.choices = [SelectChoice(c.key, f"{c.label}, 0 to {c.most.normalize():f}") for c in criteria]


class ScoresForm(FileForm):
    """A file of values, for one criterion or for several."""

    criterion = SelectField("What is in it", default="", render_kw=REQUIRED)
    file = FileField("File", render_kw=REQUIRED)

    def offer(self, criteria: Iterable[Criterion]) -> None:
        """Offer all of these criteria together, and each alone."""
        alone = [SelectChoice(c.key, f"Only {c.label}, in a column Value") for c in criteria]
        self.criterion.choices = [SelectChoice("", "A column for each criterion, named as it is"), *alone] if alone else []


class AssessForm(Form):
    """What somebody thinks of a motivation."""

    score = RadioField(
        "Score",
        [InputRequired("Please choose a number.")],
        choices=[SelectChoice(str(points), str(points)) for points in range(11)],
    )
