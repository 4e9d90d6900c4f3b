"""The one root of every deliberate error, so that each face can turn it into a sentence."""


class HandlepligtError(Exception):
    """Something went wrong in a way we foresaw.

    The exception's text is English and goes to the log and the command line: ids only, never a
    name, a CPR number or free text. `user_message` is Danish and is shown on the page; it says
    what is wrong and what to do.
    """

    user_message = "Noget gik galt. Prøv igen, og sig det til din leder, hvis det fortsætter."

    def __init__(self, text: str = "", *, user_message: str | None = None) -> None:
        super().__init__(text or type(self).__name__)
        # Rows to write after the failed transaction was rolled back: a refused look leaves its trace.
        self.leaves_behind: list[object] = []
        if user_message is not None:
            self.user_message = user_message


class NotFoundError(HandlepligtError):
    """It does not exist, or it is not for this person: the two look exactly alike (promise 4)."""

    user_message = "Det, du søger, findes ikke, eller du har ikke adgang til det."


class NotAllowedError(HandlepligtError):
    """The person sees the case but may not do this to it."""

    user_message = "Du har ikke ret til at gøre dette i sagen."


class ConflictError(HandlepligtError):
    """Somebody else was quicker, or the case is not in a state where this can be done."""

    user_message = "Sagen er ændret, siden du åbnede siden. Se den igen, og prøv så."


class InvalidInputError(HandlepligtError):
    """What was typed cannot be used. `problems` maps a field to a Danish sentence about it."""

    user_message = "Nogle af felterne skal rettes."

    def __init__(self, text: str = "", *, problems: dict[str, str] | None = None) -> None:
        super().__init__(text or f"invalid input in {sorted(problems or {})}")
        self.problems = dict(problems or {})
        if self.problems:
            self.user_message = " ".join(self.problems.values())


class RefusedByRuleError(HandlepligtError):
    """A gate of the protocol forbids the act. `rule` names it, `reference` where it comes from."""

    def __init__(self, rule: str, *, user_message: str, reference: str | None = None) -> None:
        super().__init__(f"refused by rule {rule}", user_message=user_message)
        self.rule = rule
        self.reference = reference


class ConfigurationError(HandlepligtError):
    """A setting is missing or unsafe; the start stops with this sentence."""

    user_message = "Systemet er ikke sat rigtigt op. Kontakt administratoren."
