"""What domains have done once a day: commands that ``manage.py maintain`` calls. A domain registers its own when its
app is ready; each must do no harm when it is called twice."""

_commands: list[str] = []


def register(*commands: str) -> None:
    _commands.extend(commands)


def commands() -> tuple[str, ...]:
    return tuple(_commands)
