"""Sign-in form."""

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """allauth's form; the login name is never looked up as typed, see backends.LoginName."""
