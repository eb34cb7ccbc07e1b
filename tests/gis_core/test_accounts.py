"""Signing in and out, the language, the profile, API tokens."""

from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from gis_core.middleware import client_address
from gis_core.models import Role, User
from tests.factories import PASSWORD, Territory, make_user
from tests.gis_core.pages_support import signed_in, text

pytestmark = pytest.mark.django_db


def sign_in(client: Client, username: str, password: str, **more: Any) -> Any:
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def test_a_stranger_is_asked_to_sign_in_and_then_gets_the_page_they_wanted(manager: User) -> None:
    client = Client()
    asked = client.get("/profile/")
    assert asked.status_code == 302
    assert asked["Location"] == "/sign-in/?next=/profile/"
    answer = sign_in(client, "manager", PASSWORD, next="/profile/")
    assert answer["Location"] == "/profile/"


def test_signing_in_never_leads_to_another_site(manager: User) -> None:
    answer = sign_in(Client(), "manager", PASSWORD, next="https://elsewhere.example/")
    assert answer["Location"] == "/"


def test_a_wrong_password_is_told_in_words(manager: User) -> None:
    answer = sign_in(signed_in(None), "manager", "wrong")
    assert answer.status_code == 200
    assert "correct" in text(answer)
    assert not answer.wsgi_request.user.is_authenticated


def test_after_repeated_failures_signing_in_is_closed_and_the_page_says_for_how_long(manager: User) -> None:
    client = signed_in(None)
    for _attempt in range(5):
        answer = sign_in(client, "manager", "wrong")
    assert answer.status_code == 429
    assert "15 minutes" in text(answer)
    assert sign_in(client, "manager", PASSWORD).status_code == 429


def test_another_person_at_the_same_desk_can_still_sign_in(manager: User, officer: User) -> None:
    client = Client()
    for _attempt in range(5):
        sign_in(client, "manager", "wrong")
    assert sign_in(client, "officer", PASSWORD).status_code == 302


def test_signing_out_takes_a_post(manager: User) -> None:
    client = signed_in(manager)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/profile/").status_code == 302


def test_the_page_is_korean_until_english_is_chosen_and_stays_on_the_same_page(manager: User) -> None:
    client = Client()
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    assert b'<html lang="ko">' in client.get("/profile/").content
    answer = client.post("/language/", {"language": "en", "next": "/profile/?a=1"})
    assert answer["Location"] == "/profile/?a=1"
    assert b'<html lang="en">' in client.get("/profile/").content
    manager.refresh_from_db()
    assert manager.language == "en"


def test_changing_the_language_never_leads_to_another_site(manager: User) -> None:
    answer = signed_in(manager).post("/language/", {"language": "en", "next": "//elsewhere.example/"})
    assert answer["Location"] == "/"


def test_an_unknown_language_changes_nothing() -> None:
    answer = Client().post("/language/", {"language": "xx"})
    assert "django_language" not in answer.cookies


def test_signing_in_takes_up_the_language_of_the_account() -> None:
    make_user("kim", language="en")
    answer = sign_in(Client(), "kim", PASSWORD)
    assert answer.cookies["django_language"].value == "en"


def test_the_profile_says_which_roles_are_held_and_where(territory: Territory) -> None:
    user = make_user("lee", (Role.SURVEYOR, territory.unbong), (Role.VIEWER, None))
    told = text(signed_in(user).get("/profile/"))
    assert "Surveyor" in told
    assert territory.unbong.full_name in told
    assert "Everywhere" in told


def test_a_person_changes_their_name_and_nothing_else(manager: User) -> None:
    client = signed_in(manager)
    sent = {"profile-name": "이조사", "profile-email": "", "profile-language": "ko", "profile-is_superuser": "on"}
    assert client.post("/profile/", sent).status_code == 302
    manager.refresh_from_db()
    assert (manager.name, manager.is_superuser) == ("이조사", False)


def test_a_bad_e_mail_address_is_refused_at_its_field(manager: User) -> None:
    answer = signed_in(manager).post("/profile/", {"profile-email": "nonsense", "profile-language": "en"})
    assert answer.status_code == 422
    assert 'id="id_profile-email_error"' in answer.content.decode()


def test_after_a_new_password_the_session_goes_on_and_the_old_password_is_dead(manager: User) -> None:
    client = signed_in(manager)
    new = "another long pass phrase"
    sent = {"password-old_password": PASSWORD, "password-new_password1": new, "password-new_password2": new}
    assert client.post("/profile/password/", sent).status_code == 302
    assert client.get("/profile/").status_code == 200
    manager.refresh_from_db()
    assert manager.check_password(new)


def test_a_wrong_old_password_changes_nothing(manager: User) -> None:
    new = "another long pass phrase"
    sent = {"password-old_password": "wrong", "password-new_password1": new, "password-new_password2": new}
    assert signed_in(manager).post("/profile/password/", sent).status_code == 422
    manager.refresh_from_db()
    assert manager.check_password(PASSWORD)


def test_a_token_is_shown_once_works_on_the_api_and_can_be_revoked(manager: User) -> None:
    client = signed_in(manager)
    made = client.post("/profile/tokens/", {"token-lifetime": "30"})
    secret = made.context["new_token"]
    assert secret in made.content.decode()
    assert made["Cache-Control"].find("no-store") >= 0
    assert secret not in client.get("/profile/tokens/", follow=True).content.decode()
    api = Client(headers={"Authorization": f"Token {secret}"})
    assert api.get("/api/collections/vacant-houses/items").status_code == 200
    token = AuthToken.objects.get(user=manager)
    assert token.expiry is not None
    assert client.post(f"/profile/tokens/{token.digest}/revoke/").status_code == 302
    assert api.get("/api/collections/vacant-houses/items").status_code == 401


def test_nobody_revokes_a_token_of_somebody_else(manager: User, officer: User) -> None:
    token, _secret = AuthToken.objects.create(user=manager)
    assert signed_in(officer).post(f"/profile/tokens/{token.digest}/revoke/").status_code == 404
    assert AuthToken.objects.filter(user=manager).exists()


def test_demo_accounts_are_named_on_the_sign_in_page_only_where_they_exist() -> None:
    assert "Demo accounts" not in text(signed_in(None).get("/sign-in/"))
    make_user("planner", is_demo=True)
    assert "planner" in text(signed_in(None).get("/sign-in/"))


def test_an_administrator_makes_an_account_with_its_roles_on_one_page(
    administrator: User, territory: Territory
) -> None:
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    sent = {
        "username": "park", "name": "박재난", "usable_password": "true", "organisation": "",
        "password1": PASSWORD, "password2": PASSWORD,
        "role_grants-TOTAL_FORMS": "1", "role_grants-INITIAL_FORMS": "0",
        "role_grants-0-role": Role.DISASTER_OFFICER.value, "role_grants-0-area": territory.namwon.pk,
    }  # fmt: skip
    answer = signed_in(administrator).post("/admin/gis_core/user/add/", sent)
    assert answer.status_code == 302, answer.context["errors"]
    grant = User.objects.get(username="park").role_grants.get()
    assert (grant.role, grant.area) == (Role.DISASTER_OFFICER, territory.namwon)


def test_behind_our_proxy_a_caller_cannot_pretend_to_be_somebody_else(rf: Any, settings: Any) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "10.9.9.9, 192.0.2.7"}, REMOTE_ADDR="127.0.0.1")
    assert client_address(request) == "127.0.0.1"
    settings.PRODUCTION = True
    assert client_address(request) == "192.0.2.7"
