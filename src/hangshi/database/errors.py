"""What this room refuses with."""


class NoServer(RuntimeError):
    """No database can be had; the message is a sentence for the person who installs, in Chinese."""


class RoleTaken(NoServer):
    """A role of our name exists on the server, and its password is not in our file: another installation's."""
