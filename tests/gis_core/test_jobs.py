import csv
import io
import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from gis_core import jobs
from gis_core.models import Job, Organisation, User
from gis_core.models.jobs import JobStatus
from tests import factories

HTMX = {"HX-Request": "true"}


@jobs.background
def count_houses(job, houses=3):
    job.progress(0, houses, "counting")
    for number in range(houses):
        job.progress(number + 1)
    return {"columns": ["name", "grade"], "rows": [["=2+5", "1"], ["빈집", "2"]], "facts": [["houses", str(houses)]]}


@jobs.background
def refuse(job):
    job.finish({"columns": ["row"], "rows": [["3"]]})
    raise jobs.JobError("row 3 has no area")


@jobs.background
def break_down(job):
    raise ZeroDivisionError("a secret of the code")


@jobs.background
def break_the_transaction(job):
    User.objects.create(username="twice")
    User.objects.create(username="twice")


@jobs.background
def invalid(job):
    raise ValidationError(["first", "second"])


@jobs.background
def stop_when_asked(job):
    Organisation.objects.create(name="halfway", kind="civic")
    jobs.cancel(job.job)
    job.progress(1, 2)
    raise AssertionError("it went on")


@jobs.background
def speak(job):
    job.progress(1, 1, _("Done"))
    return {"facts": [["language", translation.get_language()]]}


def client_of(user) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def start(work, user, **kwargs) -> Job:
    job = jobs.start(work, user, "Counting", **kwargs)
    job.refresh_from_db()
    return job


def test_a_job_is_done_and_keeps_its_report(planner):
    job = start(count_houses, planner, houses=5)
    assert (job.status, job.done, job.total, job.percent) == (JobStatus.DONE, 5, 5, 100)
    assert job.report["facts"] == [["houses", "5"]]
    assert job.finished_at >= job.started_at
    page = client_of(planner).get(reverse("job", args=[job.pk])).content.decode()
    assert "Counting" in page
    assert "빈집" in page
    assert "hx-trigger" not in page


def test_a_job_that_cannot_be_done_says_why_and_keeps_what_it_found(planner):
    job = start(refuse, planner)
    assert (job.status, job.error) == (JobStatus.FAILED, "row 3 has no area")
    assert job.report["rows"] == [["3"]]


def test_an_unexpected_failure_shows_no_code_to_people_and_all_to_the_log(planner, caplog):
    job = start(break_down, planner)
    assert job.status == JobStatus.FAILED
    assert "secret" not in job.error
    assert str(job.pk)[:8] in job.error
    assert "a secret of the code" in caplog.text


def test_a_failure_of_the_database_is_recorded_too(planner):
    job = start(break_the_transaction, planner)
    assert job.status == JobStatus.FAILED
    assert "constraint" not in job.error
    assert not User.objects.filter(username="twice").exists()


def test_several_reasons_are_all_shown(planner):
    assert start(invalid, planner).error == "first\nsecond"


def test_a_cancelled_job_keeps_nothing(planner):
    job = start(stop_when_asked, planner)
    assert job.status == JobStatus.CANCELLED
    assert not Organisation.objects.filter(name="halfway").exists()


def test_a_job_speaks_the_language_of_who_started_it(planner):
    for language in ("ko", "en"):
        with translation.override(language):
            job = start(speak, planner)
        assert job.report["facts"] == [["language", language]]


def test_changes_a_job_makes_carry_the_name_of_who_started_it(planner):
    with jobs.run(queued(planner).pk):
        made = Organisation.objects.create(name="made by a job", kind="civic")
    event = made.events.select_related("pgh_context").get()
    assert event.pgh_context.metadata["user"] == planner.pk


def queued(user) -> Job:
    return Job.objects.create(kind="t", title="t", created_by=user)


def test_a_job_cancelled_while_it_waits_never_begins(planner):
    job = queued(planner)
    client_of(planner).post(reverse("job-cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    with pytest.raises(jobs.JobCancelled), jobs.run(job.pk):
        raise AssertionError("it began")


def test_the_page_asks_again_while_the_job_runs_and_stops_asking_when_it_is_over(planner):
    job = queued(planner)
    client, address = client_of(planner), reverse("job", args=[job.pk])
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING,
        done=30,
        total=120,
        message="row 30",
        started_at=timezone.now(),
        seen_at=timezone.now(),
    )
    part = client.get(address, headers=HTMX).content.decode()
    assert 'value="25"' in part
    assert "row 30" in part
    assert "delay:1s" in part
    assert "<html" not in part
    Job.objects.filter(pk=job.pk).update(status=JobStatus.DONE)
    assert "hx-trigger" not in client.get(address, headers=HTMX).content.decode()


def test_only_the_owner_and_administrators_see_a_job(planner, officer, administrator):
    job = start(count_houses, planner)
    for name in ("job", "job-report"):
        address = reverse(name, args=[job.pk])
        assert client_of(officer).get(address).status_code == 404
        assert client_of(administrator).get(address, headers=HTMX).status_code == 200
        assert Client().get(address).status_code == 302
    assert client_of(officer).post(reverse("job-cancel", args=[job.pk])).status_code == 404


def test_the_report_opens_in_a_spreadsheet_without_running_anything(planner):
    job = start(count_houses, planner)
    response = client_of(planner).get(reverse("job-report", args=[job.pk]))
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]))) == [["name", "grade"], ["'=2+5", "1"], ["빈집", "2"]]


def test_a_job_whose_worker_died_is_said_to_have_failed(planner):
    job = queued(planner)
    long_ago = timezone.now() - timedelta(minutes=10)
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, started_at=long_ago, seen_at=long_ago)
    page = client_of(planner).get(reverse("job", args=[job.pk])).content.decode()
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert "server stopped" in page


def test_a_job_that_lives_is_left_alone(planner):
    job = queued(planner)
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, seen_at=timezone.now() - timedelta(seconds=50))
    job.refresh_from_db()
    assert jobs.settle(job).status == JobStatus.RUNNING


def test_a_job_that_nobody_takes_up_says_that_the_worker_is_missing(planner):
    job = queued(planner)
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    assert "worker does not seem to run" in client_of(planner).get(reverse("job", args=[job.pk])).content.decode()
    other = queued(planner)
    Job.objects.filter(pk=other.pk).update(status=JobStatus.RUNNING, seen_at=timezone.now())
    assert "worker does not seem to run" not in client_of(planner).get(reverse("job", args=[job.pk])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_progress_shows_while_a_long_transaction_is_open():
    job = queued(factories.make_user("planner"))
    seen, go_on = [], threading.Event()

    def work() -> None:
        try:
            with jobs.run(job.pk) as handle, transaction.atomic():
                Organisation.objects.create(name="not yet", kind="civic")
                handle.progress(40, 100, "row 40")
                assert go_on.wait(10)
                handle.progress(100)
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    for _attempt in range(100):
        row = Job.objects.get(pk=job.pk)
        if row.done:
            seen.append((row.status, row.percent, row.message, Organisation.objects.filter(name="not yet").exists()))
            break
        time.sleep(0.05)
    go_on.set()
    worker.join()
    assert seen == [(JobStatus.RUNNING, 40, "row 40", False)]
    job.refresh_from_db()
    assert (job.status, job.done) == (JobStatus.DONE, 100)
    assert Organisation.objects.filter(name="not yet").exists()


@pytest.mark.django_db(transaction=True)
def test_cancelling_stops_a_long_transaction_and_undoes_it():
    job = queued(factories.make_user("planner"))

    def work() -> None:
        try:
            with jobs.run(job.pk) as handle, transaction.atomic():
                Organisation.objects.create(name="undone", kind="civic")
                for number in range(400):
                    handle.progress(number, 400)
                    time.sleep(0.02)
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.3)
    jobs.cancel(Job.objects.get(pk=job.pk))
    worker.join(timeout=10)
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    assert job.done < 400
    assert not Organisation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_step_that_takes_long_without_a_word_still_counts_as_alive(monkeypatch):
    monkeypatch.setattr(Job, "HEARTBEAT", timedelta(seconds=0.2))
    job = queued(factories.make_user("planner"))
    with jobs.run(job.pk):
        began = Job.objects.get(pk=job.pk).seen_at
        time.sleep(1.5)
        assert Job.objects.get(pk=job.pk).seen_at > began


@pytest.mark.django_db(transaction=True)
def test_a_job_is_taken_up_by_the_worker_only_when_what_it_needs_is_committed(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    planner = factories.make_user("planner")
    with transaction.atomic():
        jobs.start(count_houses, planner, "undone")
        transaction.set_rollback(True)
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)
    job = jobs.start(count_houses, planner, "kept", houses=7)
    assert job.status == JobStatus.QUEUED
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)
    job.refresh_from_db()
    assert (job.status, job.done) == (JobStatus.DONE, 7)
