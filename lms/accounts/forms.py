"""Forms about accounts."""

from __future__ import annotations

from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from wtforms import Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import DataRequired, ValidationError

from certificates import AwardError, check_recipient
from lms.core import countries
from lms.core.domain import Gender, Sector
from lms.core.forms import Form, email, line, secret

GENDERS = [
    SelectChoice(Gender.WOMAN.value, "Woman"),
    SelectChoice(Gender.MAN.value, "Man"),
    SelectChoice(Gender.OTHER.value, "Another description"),
    SelectChoice(Gender.UNDISCLOSED.value, "I prefer not to say"),
]
CHOOSE = SelectChoice("", "Choose")
CHOOSE_ONE = "Please choose one."
SECTORS = [CHOOSE, *(SelectChoice(sector.value, sector.value.capitalize()) for sector in Sector)]
COUNTRIES = [CHOOSE, *(SelectChoice(*pair) for pair in countries.choices(countries.ALL))]
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
PASSWORD_HINT = "At least 10 characters; a few words in a row are easy to remember."  # noqa: S105 - not a password


def an_address(_form: object, field: Field) -> None:
    """Refuse what can't be an e-mail address."""
    try:
        validate_email(field.data or "", check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(str(error)) from error


def printable(_form: object, field: Field) -> None:
    """Refuse a name that a certificate can't show."""
    try:
        check_recipient(field.data or "")
    except AwardError as error:
        message = f"{error.message[:1].upper()}{error.message[1:]}."
        raise ValidationError(message) from error


def a_zone(hint: str) -> SelectField:
    """Make a field for a time zone."""
    return SelectField("Time zone", choices=[SelectChoice("UTC"), *(SelectChoice(zone) for zone in ZONES)], description=hint)


class SignUp(Form):
    """Sign-up to an edition."""

    email = email("E-mail address")
    password = secret("Password", hint=PASSWORD_HINT)
    name = line("Your name", most=100, hint="As others in the course will see it.")
    printed_name = line("Name on the certificate", most=200, hint="In any script, exactly as it is to be printed.")
    gender = RadioField("Gender", choices=GENDERS, default=Gender.UNDISCLOSED.value, description="For statistics only.")
    country = SelectField("Country", [DataRequired(CHOOSE_ONE)])
    sector = SelectField("Sector", [DataRequired(CHOOSE_ONE)], choices=SECTORS)
    institution = line("Institution or company", most=200)

    def offer(self, codes: tuple[str, ...]) -> None:
        """Offer these countries, or all of them if there are none."""
        self.country.choices = [CHOOSE, *(SelectChoice(*pair) for pair in countries.choices(codes or countries.ALL))]

    def validate_email(self, field: Field) -> None:
        """Refuse what can't be an e-mail address."""
        an_address(self, field)

    def validate_printed_name(self, field: Field) -> None:
        """Refuse a name that a certificate can't show."""
        printable(self, field)


class FirstAdministrator(Form):
    """The first administrator's account."""

    email = email("E-mail address")
    password = secret("Password", hint=PASSWORD_HINT)
    name = line("Your name", most=100)
    country = SelectField("Country", [DataRequired(CHOOSE_ONE)], choices=COUNTRIES)
    zone = a_zone("Dates are shown to you in this zone, and it is proposed for the editions that you make.")

    def validate_email(self, field: Field) -> None:
        """Refuse what can't be an e-mail address."""
        an_address(self, field)


class SignIn(Form):
    """Sign-in."""

    email = email("E-mail address")
    password = secret("Password")


class AskReset(Form):
    """Ask for a new password or a new confirmation link."""

    email = email("E-mail address")


class NewPassword(Form):
    """Set a new password."""

    password = secret("New password", hint=PASSWORD_HINT)


class Profile(Form):
    """What a person says of themselves."""

    name = line("Your name", most=100, hint="As others in the course see it.")
    printed_name = line("Name on the certificate", most=200, hint="In any script, exactly as it is to be printed.")
    institution = line("Institution or company", most=200)
    zone = a_zone("Dates and deadlines are shown in this zone.")

    def validate_printed_name(self, field: Field) -> None:
        """Refuse a name that a certificate can't show."""
        printable(self, field)


class PrintedName(Form):
    """The name that certificates print."""

    printed_name = line("Name on the certificate", most=200, hint="In any script, exactly as it is to be printed.")

    def validate_printed_name(self, field: Field) -> None:
        """Refuse a name that a certificate can't show."""
        printable(self, field)


class ConfirmName(Form):
    """The button under a name as it was shown."""

    shown = HiddenField()


class ChangePassword(Form):
    """Change the password."""

    current = secret("Current password")
    password = secret("New password", hint=PASSWORD_HINT)


class ChangeAddress(Form):
    """Ask for another address."""

    email = email("New e-mail address", hint="You get a link there: the address changes when you follow it.")
    password = secret("Password", hint="The one you sign in with.")

    def validate_email(self, field: Field) -> None:
        """Refuse what can't be an e-mail address."""
        an_address(self, field)


def _code(label: str, hint: str) -> StringField:
    return line(label, most=40, hint=hint)


class FirstCode(Form):
    """The first code of an app."""

    code = _code("Code from the app", "Six digits; they change every half minute.")


class Code(Form):
    """The second step of signing in."""

    code = _code("Code", "Six digits from your app, or one of your recovery codes.")


class MakeCodes(Form):
    """Make recovery codes anew."""

    password = secret("Password")


class SwitchOff(Form):
    """Do without the second factor."""

    password = secret("Password")
    code = _code("Code", "Six digits from your app, or one of your recovery codes.")
